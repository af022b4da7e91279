// The other streams: what is nearby, and the log.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import type { Candidate } from '../../../src/flow/flow.ts';
import { Reader } from './client.ts';
import { FakeDaemon } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
const readers: Reader[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-streams-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function read(path: string): Reader {
  const reader = new Reader(socket.path, path);
  readers.push(reader);
  return reader;
}

const heard = (rssi: number): Candidate => ({
  address: 'c0:00:00:00:00:09',
  family: 'ttlock',
  model: 'S502',
  kind: 'deadbolt',
  rssi,
  heardAt: 1,
  state: 'pairable',
});
function advertise(rssi: number): void {
  daemon.candidates = [heard(rssi)];
  daemon.tellPairing({ kind: 'candidate', candidate: heard(rssi) });
}
const signals = (reader: Reader): (number | undefined)[] =>
  reader.events.map(event => (event['nearby'] as Candidate[])[0]?.rssi);

test('what is nearby comes at once', async () => {
  daemon.candidates = [heard(-60)];
  const reader = read('/api/nearby/stream');
  await reader.until(it => it.events.length === 1);
  expect(reader.events).toMatchObject([{ nearby: [{ rssi: -60 }], open: false }]);
});

test('a signal that wobbles is told once a second, with its newest value', async () => {
  const reader = read('/api/nearby/stream');
  await reader.until(it => it.events.length === 1);
  for (const rssi of [-70, -65, -60]) advertise(rssi);
  await daemon.clock.advance(1000);
  for (const rssi of [-50, -55]) advertise(rssi);
  await daemon.clock.advance(1000);
  await reader.until(it => it.events.length === 3);
  expect(signals(reader)).toEqual([undefined, -60, -55]);
});

test('what has not changed is not told again', async () => {
  const reader = read('/api/nearby/stream');
  await reader.until(it => it.events.length === 1);
  advertise(-60);
  await daemon.clock.advance(1000);
  advertise(-60);
  await daemon.clock.advance(1000);
  advertise(-59);
  await daemon.clock.advance(1000);
  await reader.until(it => it.text.includes('-59'));
  expect(signals(reader)).toEqual([undefined, -60, -59]);
});

test('who looks no more leaves no timer and no ear behind', async () => {
  const { ears } = daemon;
  const { armed } = daemon.clock;
  const reader = read('/api/nearby/stream');
  await reader.until(it => it.events.length === 1);
  advertise(-60);
  reader.close();
  while (daemon.ears > ears) await new Promise(resolve => setImmediate(resolve));
  expect(daemon.clock.armed).toBe(armed);
});

function log(level: number, msg: string, more: object = {}): void {
  const time = new Date(daemon.clock.now()).toISOString();
  daemon.system.ring.write(`${JSON.stringify({ level, time, ...more, msg })}\n`);
}

test('lines of the log come as they are written, from the level that was asked for', async () => {
  const reader = read('/api/logs/stream?level=warn');
  await reader.until(it => it.text.includes('retry'));
  log(30, 'nothing special');
  log(40, 'the broker is gone', { part: 'mqtt', err: { type: 'Error', message: 'refused', stack: 'at x' } });
  await reader.until(it => it.events.length === 1);
  expect(reader.events).toEqual([
    { number: 2, at: daemon.clock.now(), level: 'warn', part: 'mqtt', text: 'the broker is gone (err: refused)' },
  ]);
});

test('a line that nobody can read ends nothing', async () => {
  const reader = read('/api/logs/stream');
  await reader.until(it => it.text.includes('retry'));
  daemon.system.ring.write('half a li\n');
  log(30, 'good');
  await reader.until(it => it.events.length === 1);
  expect(reader.events).toMatchObject([{ number: 2, text: 'good' }]);
});
