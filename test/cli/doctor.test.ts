// The doctor, with and without a running daemon.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { examine, radioChecks } from '../../src/cli/examine.ts';
import { loadConfig } from '../../src/config.ts';
import type { Check } from '../../src/lock/upkeep.ts';
import { useKit } from './kit.ts';

describe('with a running daemon', () => {
  const kit = useKit();

  test('the daemon says what it found, and a bad finding is exit code 1', async () => {
    expect(await kit.type('doctor --settings')).toBe(1);
    expect(kit.io.outs).toEqual([
      'Latchbridge is running.',
      'BAD   adapter  There is no adapter.',
      '               -> Plug one in.',
      'SETTING        VALUE  FROM',
      'mqtt.password  •••    LATCHBRIDGE_MQTT_PASSWORD',
    ]);
    expect(kit.start.probed).toBeUndefined();
  });

  test('for programs it is all JSON', async () => {
    await kit.type('doctor --json');
    expect(kit.printed()).toMatchObject({
      running: true,
      checks: [{ name: 'adapter' }],
      settings: [{ from: expect.any(String) as string }],
    });
  });
});

describe('without a daemon', () => {
  const kit = useKit({ running: false });
  let file: string;
  beforeEach(() => {
    for (const name of ['LATCHBRIDGE_DATA', 'LATCHBRIDGE_CONFIG', 'SUPERVISOR_TOKEN']) vi.stubEnv(name, undefined);
    file = join(kit.folder, 'my.yaml');
    writeFileSync(file, 'radios: [{device: hci1}]\nmqtt: {password: "hunter2"}');
    chmodSync(kit.folder, 0o700);
  });
  afterEach(() => void vi.unstubAllEnvs());
  const doctor = (...more: string[]) => kit.typeRaw('doctor', '--data', kit.folder, '--config', file, ...more);
  const checks = () => (kit.printed() as { checks: Check[] }).checks;

  test('it looks itself, tries the adapters of the settings and says how to start', async () => {
    expect(await doctor()).toBe(0);
    expect(kit.start.probed).toEqual(['hci1']);
    expect(kit.io.outs[0]).toMatch(/^Latchbridge is not running\. Start it with: .* run$/);
    expect(kit.io.outs.join('\n')).toContain('adapter        00:1a:7d:da:71:13 is ready.');
    expect(kit.io.outs.join('\n')).toContain(`${kit.folder} is ours alone.`);
  });

  test('an adapter that is missing is bad, with its fix', async () => {
    kit.start.radios = [{ code: 'absent', id: 'hci1', reason: 'There is no such adapter.', fix: 'Plug it in.' }];
    expect(await doctor('--json')).toBe(1);
    expect(checks()).toContainEqual({
      name: 'adapter',
      verdict: 'bad',
      text: 'hci1: There is no such adapter.',
      fix: 'Plug it in.',
    });
  });

  test('settings that cannot be used are a finding, and the rest is looked at all the same', async () => {
    writeFileSync(file, 'log_level: loud');
    expect(await doctor('--json')).toBe(1);
    expect(checks()[0]).toMatchObject({
      name: 'settings',
      verdict: 'bad',
      text: expect.stringContaining('line 1: log_level') as string,
    });
    expect(checks().map(check => check.name)).toContain('adapter');
  });

  test('what was set on the page is listed as that, and what no longer fits is a finding', async () => {
    const values = new Map<string, unknown>([
      ['time_zone', 'Europe/Berlin'],
      ['matter.port', 0],
    ]);
    kit.start.page = { values, damaged: [], sealed: [] };
    await doctor('--settings');
    expect(kit.io.outs.join('\n')).toMatch(/time_zone\s+Europe\/Berlin\s+page/);
    expect(kit.io.outs.join('\n')).toMatch(
      /mind\s+settings\s+What was set on the page does not count: matter\.port is 0/,
    );
  });

  test('where each setting comes from is listed, without secrets', async () => {
    await doctor('--settings');
    expect(kit.io.outs.join('\n')).toMatch(/mqtt\.password\s+•••\s+.*my\.yaml, line 2/);
    expect(kit.io.outs.join('\n')).toMatch(/data\s+\S+\s+--data/);
    expect(kit.io.all).not.toContain('hunter2');
  });
});

describe('what is looked at', () => {
  const kit = useKit({ running: false });
  let server: Server | undefined;
  afterEach(() => void server?.close());
  const look = async (options: { settings?: string; clock?: VirtualClock; broker?: object } = {}) => {
    writeFileSync(join(kit.folder, 'latchbridge.yaml'), options.settings ?? '');
    const config = loadConfig({ env: {}, folder: kit.folder, options: { data: kit.folder } });
    const { checks } = await examine(config, {
      radios: [],
      clock: options.clock ?? new VirtualClock(),
      ...(options.broker as { broker: { connected: boolean; text: string } } | undefined),
    });
    return (name: string): Check | undefined => checks.find(check => check.name === name);
  };

  test.each([
    ['not_built', ['native module bad']],
    ['wrong_node', ['native module bad']],
    ['no_permission', ['native module good', 'permission bad']],
    ['no_bluetooth', ['native module good', 'adapter bad']],
    ['off', ['native module good', 'adapter bad']],
    ['ready', ['native module good', 'permission good', 'adapter good']],
    ['simulated', ['adapter good']],
  ])('an adapter that answers %s', (code, found) => {
    const checks = radioChecks({ code, id: 'hci0', reason: 'Why.', fix: 'What to do.' });
    expect(checks.map(check => `${check.name} ${check.verdict}`)).toEqual(found);
  });

  test('no broker is a warning with its fix', async () => {
    expect((await look())('broker')).toMatchObject({
      verdict: 'warning',
      fix: expect.stringContaining('mqtt.url') as string,
    });
  });

  test('a broker that answers is good, one that does not is bad', async () => {
    const listening = createServer().listen(0, '127.0.0.1');
    server = listening;
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const settings = `mqtt: {url: "mqtt://127.0.0.1:${port}"}`;
    expect((await look({ settings }))('broker')).toMatchObject({
      verdict: 'good',
      text: expect.stringContaining(`${port}`) as string,
    });
    await new Promise(resolve => server?.close(resolve));
    expect((await look({ settings }))('broker')).toMatchObject({ verdict: 'bad' });
  });

  test("the daemon's own connection counts more than a try", async () => {
    const broker = { broker: { connected: false, text: 'The broker refuses our password.' } };
    expect((await look({ broker }))('broker')).toMatchObject({
      verdict: 'bad',
      text: 'The broker refuses our password.',
    });
  });

  test('a broker that lets everybody in is a warning', async () => {
    const broker = { broker: { connected: true, text: 'It asks for no password.', fix: 'Give it a login.' } };
    expect((await look({ broker }))('broker')).toMatchObject({ verdict: 'warning', fix: 'Give it a login.' });
  });

  test('a clock in 1970 is bad', async () => {
    expect((await look({ clock: new VirtualClock(0) }))('clock')).toMatchObject({ verdict: 'bad' });
  });

  test('a data folder that others can read is a warning with the command that mends it', async () => {
    chmodSync(kit.folder, 0o755);
    expect((await look())('data folder')).toMatchObject({ verdict: 'warning', fix: `chmod 700 ${kit.folder}` });
  });

  test('a second copy on the same disk is a warning', async () => {
    mkdirSync(join(kit.folder, 'second'));
    expect((await look())('second copy')).toMatchObject({ verdict: 'warning' });
    const check = (await look({ settings: 'backup: {second: ./second}' }))('second copy');
    expect(check).toMatchObject({ verdict: 'warning', text: expect.stringContaining('on the same disk') as string });
  });

  test('this disk and this Node are good', async () => {
    const found = await look();
    expect([found('disk')?.verdict, found('node')?.verdict]).toEqual(['good', 'good']);
  });
});
