// What Prometheus reads: true figures, names of locks, and nobody's name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { ask } from './client.ts';
import { FakeDaemon, lockView } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-metrics-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
const read = async (): Promise<string[]> => (await ask(socket.path, 'GET', '/metrics')).text.split('\n');
const FRONT = 'lock="0123456789ab",name="front_door"';

test('every line is one that Prometheus can read', async () => {
  const wrong = (await read()).filter(line => line !== '' && !line.startsWith('#') && !SAMPLE.test(line));
  expect(wrong).toEqual([]);
});
const SAMPLE = /^latchbridge_[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? (?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

test('every figure says what it is', async () => {
  const lines = await read();
  const named = new Set(lines.filter(line => line.startsWith('# HELP ')).map(line => line.split(' ')[2]));
  const samples = lines.filter(line => line.startsWith('latchbridge_')).map(line => /^\w+/.exec(line)?.[0] ?? '');
  expect(samples.filter(name => !named.has(name.replace(/_(?:bucket|sum|count)$/, '')) && !named.has(name))).toEqual(
    [],
  );
});

test('a lock is counted by id and name', async () => {
  expect(await read()).toEqual(
    expect.arrayContaining([
      `latchbridge_lock_reachable{${FRONT}} 1`,
      `latchbridge_lock_battery_percent{${FRONT}} 80`,
      `latchbridge_lock_rssi_dbm{${FRONT}} -61`,
      `latchbridge_lock_session_losses_total{${FRONT}} 1`,
    ]),
  );
});

test('what a lock did not say has no figure', async () => {
  const { battery: _battery, ...state } = lockView().state;
  daemon.locks = [lockView({ state })];
  expect((await read()).filter(line => line.startsWith('latchbridge_lock_battery'))).toEqual([]);
});

test('commands are counted by how they ended, and timed when they were done', async () => {
  const end = { lock: '0123456789ab', verb: 'unlock', via: 'mqtt' } as const;
  daemon.system.tally.note({ ...end, outcome: 'done', tookMs: 800 });
  daemon.system.tally.note({ ...end, outcome: 'done', tookMs: 2500 });
  daemon.system.tally.note({ ...end, outcome: 'timeout' });
  expect(await read()).toEqual(
    expect.arrayContaining([
      `latchbridge_commands_total{${FRONT},verb="unlock",via="mqtt",outcome="done"} 2`,
      `latchbridge_commands_total{${FRONT},verb="unlock",via="mqtt",outcome="timeout"} 1`,
      `latchbridge_command_seconds_bucket{${FRONT},verb="unlock",le="0.5"} 0`,
      `latchbridge_command_seconds_bucket{${FRONT},verb="unlock",le="1"} 1`,
      `latchbridge_command_seconds_bucket{${FRONT},verb="unlock",le="+Inf"} 2`,
      `latchbridge_command_seconds_sum{${FRONT},verb="unlock"} 3.3`,
    ]),
  );
});

test('reading twice counts nothing twice', async () => {
  const stable = (lines: string[]): string[] => lines.filter(line => !line.includes('cpu_seconds'));
  expect(stable(await read())).toEqual(stable(await read()));
});

test('nobody is named: codes of people leave no trace', async () => {
  const ada = { id: 'p', name: 'Ada Lovelace' };
  const code = { id: 'c1', lock: '0123456789ab', kind: 'code', slot: 3, state: 'on_lock', known: true } as const;
  daemon.codes.set(3, { ...code, person: ada });
  expect((await read()).join('\n')).not.toContain('Ada');
});

test('a process that is late or cannot write is not alive, and says so', async () => {
  daemon.system.pulse = { ...daemon.system.pulse, live: false };
  const { status, body } = await ask(socket.path, 'GET', '/health/live');
  expect({ status, body }).toEqual({ status: 503, body: { live: false } });
  expect(await read()).toContain('latchbridge_live 0');
});
