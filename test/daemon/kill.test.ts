import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectAsync } from 'mqtt';
import { startBroker } from '../../src/demo/broker.ts';
import { Ears, type Program, bodyOf, run, startDemo } from './program.ts';

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
const KILLS = nightly ? 100 : 5;

let data: string;
let program: Program | undefined;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lb-kill-'));
});
afterEach(async () => {
  await program?.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

/** A fixed series, so that a failure can be had again. */
function moments(count: number): number[] {
  let state = 20261121;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return 20 + (state % 900);
  });
}

describe('kill -9', () => {
  it('in a row at random moments under load loses nothing: same lock, same key, no pairing', async () => {
    program = await startDemo(data);
    const id = program.ready.locks[0]?.id;
    for (const moment of moments(KILLS)) {
      const ears = await Ears.on(program.ready.mqtt, ['latchbridge/bridge/event']);
      const load = setInterval(() => {
        ears.client.publish(
          'latchbridge/front_door/set',
          Math.floor(performance.now() / 150) % 2 === 0 ? 'LOCK' : 'UNLOCK',
        );
      }, 120);
      await new Promise(resolve => setTimeout(resolve, moment));
      clearInterval(load);
      await program.kill('SIGKILL');
      await ears.close().catch(() => undefined);
      program = await startDemo(data);
      expect(program.ready.locks).toMatchObject([
        { id, name: 'front_door', lifecycle: 'managed' },
        { name: 'key_box' },
      ]);
      expect(program.tookMs).toBeLessThan(10_000);
    }
    const shown = await run(['show', 'front_door', '--json', '--data', data]);
    expect(bodyOf(shown.out)).toMatchObject({ generation: 1 });
    expect((await run(['lock', 'front_door', '--data', data])).code).toBe(0);
    const doctor = await run(['doctor', '--json', '--data', data]);
    expect(doctor.out).toContain('are unchanged');
  }, 600_000);
});

describe('an UNLOCK that the broker retained', () => {
  it('before a start opens nothing', async () => {
    program = await startDemo(data);
    const first = await Ears.on(program.ready.mqtt);
    await first.client.publishAsync('latchbridge/front_door/set', 'LOCK');
    await first.until('latchbridge/front_door', body => body['ha_state'] === 'LOCKED');
    await first.close();
    await program.kill('SIGKILL');
    // The demo's broker dies with it, so the trap is laid on one that stays.
    const broker = await startBroker(0);
    const trap = await connectAsync(broker.url, { protocolVersion: 4 });
    await trap.publishAsync('latchbridge/front_door/set', 'UNLOCK', { retain: true, qos: 1 });
    program = await startDemo(data, ['--mqtt-url', broker.url]);
    const ears = await Ears.on(broker.url);
    await ears.until('latchbridge/front_door', body => body['reachable'] === true && body['ha_state'] === 'LOCKED');
    await new Promise(resolve => setTimeout(resolve, 1500));
    const moved = ears.all.filter(heard => String(bodyOf(heard.text)['ha_state']).startsWith('UNLOCK'));
    expect(moved).toEqual([]);
    await ears.close();
    await trap.endAsync(true);
    await program.kill('SIGTERM');
    await broker.stop();
  }, 60_000);
});
