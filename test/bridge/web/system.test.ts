// What the daemon works with, asked over the API: log, radios, units, broker, audit, virtual locks, how a door stands.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { type Answer, ask } from './client.ts';
import { FakeDaemon, lockView } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-system-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
const get = (path: string): Promise<Answer> => ask(socket.path, 'GET', path);

function log(level: number, msg: string, part?: string): void {
  daemon.system.ring.write(JSON.stringify({ level, time: '2026-05-11T14:20:00.000Z', part, msg }));
}
const texts = ({ body }: Answer): string[] => (body as { lines: { text: string }[] }).lines.map(line => line.text);

test('the log is read newest first, in pages', async () => {
  for (const text of ['one', 'two', 'three', 'four']) log(30, text);
  const first = await get('/api/logs?most=2');
  expect(texts(first)).toEqual(['four', 'three']);
  const { number } = (first.body as { lines: { number: number }[] }).lines[1] ?? { number: 0 };
  expect(texts(await get(`/api/logs?most=2&before=${number}`))).toEqual(['two', 'one']);
});

test('the log is filtered by level and part', async () => {
  log(20, 'detail', 'lock');
  log(40, 'careful', 'lock');
  log(50, 'bad', 'mqtt');
  expect(texts(await get('/api/logs?level=warn'))).toEqual(['bad', 'careful']);
  expect(texts(await get('/api/logs?part=lock'))).toEqual(['careful', 'detail']);
  expect(texts(await get('/api/logs?part=lock&level=warn'))).toEqual(['careful']);
});

test('numbers of lines go on when old ones are dropped', async () => {
  for (let i = 1; i <= 1200; i++) log(30, `line ${i}`);
  expect((await get('/api/logs?most=1')).body).toMatchObject({ lines: [{ number: 1200, text: 'line 1200' }] });
});

test('units list their locks', async () => {
  daemon.locks = [
    lockView(),
    lockView({ id: 'aaaaaaaaaaaa', name: 'back_door' }),
    lockView({ id: 'ffffffffffff', name: 'mailbox', unit: { id: 'u0', name: 'Yard' } }),
  ];
  expect((await get('/api/units')).body).toEqual({
    units: [
      { id: 'u1', name: 'Flat 3', locks: ['0123456789ab', 'aaaaaaaaaaaa'] },
      { id: 'u0', name: 'Yard', locks: ['ffffffffffff'] },
    ],
  });
});

test('radios and broker are shown as they are', async () => {
  expect((await get('/api/radios')).body).toMatchObject({ radios: [{ id: 'hci0', ok: true, adverts: 100 }] });
  expect((await get('/api/mqtt')).body).toMatchObject({ connected: true, baseTopic: 'latchbridge' });
});

test('an audit that was changed says so', async () => {
  daemon.system.found = { ok: false, lines: 7, head: '7 abcd', text: 'Line 3 was changed.' };
  expect((await get('/api/audit/check')).body).toEqual(daemon.system.found);
});

test('virtual locks tell what a person can do at them', async () => {
  expect((await get('/api/demo/locks')).body).toMatchObject({
    locks: [{ name: 'front_door', acts: [{ act: 'press_key' }], looks: { bolt: 'locked' } }],
  });
});

test('who can open a door and the ways back to it are asked by name, and an unknown lock is refused', async () => {
  expect((await get('/api/locks/front_door/openers')).body).toMatchObject({ openers: [{ kind: 'our_key' }] });
  expect((await get('/api/locks/front_door/ways_back')).body).toMatchObject({ enough: false });
  expect((await get('/api/locks/nowhere/openers')).status).toBe(404);
});

test('settings say where they come from, and never a password', async () => {
  expect((await get('/api/config')).body).toEqual({
    settings: [
      { key: 'mqtt.password', value: '•••', from: 'latchbridge.yaml, line 3', changeable: true, kind: 'secret' },
    ],
  });
});

test('settings are changed by key, and taken back with null', async () => {
  const values = { log_level: 'debug', 'mqtt.url': null, radios: ['hci0'], 'matter.port': 5541 };
  const { body } = await ask(socket.path, 'PATCH', '/api/config', { body: { values } });
  expect(body).toEqual({ restart: true });
  expect(daemon.system.chosen).toEqual(new Map(Object.entries(values)));
});

test('a group in place of a value is refused', async () => {
  const { body } = await ask(socket.path, 'PATCH', '/api/config', { body: { values: { mqtt: { url: 'mqtt://h' } } } });
  expect(body).toMatchObject({ status: 400, code: 'invalid' });
  expect(daemon.system.chosen).toBeUndefined();
});
