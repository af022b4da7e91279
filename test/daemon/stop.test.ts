import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { end, run, startDemo } from './program.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lb-stop-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const until = async (fits: () => boolean): Promise<void> => {
  while (!fits()) await new Promise(resolve => setTimeout(resolve, 20));
};

describe('SIGTERM', () => {
  it('ends a demo within 3 s that is still pairing its locks', async () => {
    const cast = Array.from({ length: 12 }, (_, n) => `ttlock:deadbolt:door_${n}`).join(',');
    const words = ['demo', '--json', '--data', data, '--mqtt-port', '0', '--http-port', '0', '--locks', cast];
    const child = spawn(process.execPath, [inject('main'), ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)));
    await until(() => existsSync(join(data, 'sim', 'door_3.json')) && existsSync(join(data, 'control.sock')));
    const began = performance.now();
    await end(child, 'SIGTERM');
    expect(performance.now() - began).toBeLessThan(3000);
    expect([child.exitCode, child.signalCode, said]).toEqual([0, null, '']);
    expect(existsSync(join(data, 'control.sock'))).toBe(false);
  });

  it('ends a demo within 3 s while somebody waits for a pairing', async () => {
    const demo = await startDemo(data);
    const pairing = run(['pair', 'key_box', '--data', data]);
    await new Promise(resolve => setTimeout(resolve, 1000));
    const began = performance.now();
    await demo.kill('SIGTERM');
    expect(performance.now() - began).toBeLessThan(3000);
    expect(demo.child.exitCode).toBe(0);
    expect((await pairing).code).toBe(1);
  });
});

describe('a demo in a folder of an earlier one', () => {
  it('starts although a lock was removed there by force', async () => {
    const first = await startDemo(data);
    const removed = await run(['remove', 'front_door', '--force', '--data', data]);
    expect(removed.code).toBe(0);
    await first.kill('SIGTERM');
    const again = await startDemo(data);
    expect(again.ready.locks.map(lock => lock.name)).toEqual(['key_box']);
    await again.kill('SIGTERM');
  });
});
