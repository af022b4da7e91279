// The stream of events: numbered, alive, taken up again, bounded.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { Reader, ask } from './client.ts';
import { CANARIES, FakeDaemon, lockView } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
const readers: Reader[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-events-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
async function read(path = '/api/events', headers: Record<string, string> = {}): Promise<Reader> {
  const reader = new Reader(socket.path, path, headers);
  readers.push(reader);
  await reader.until(it => it.text.includes('retry:') || it.ended);
  return reader;
}

test('what locks, pairing and codes tell arrives in order, with numbers that do not repeat', async () => {
  const reader = await read();
  const view = lockView();
  daemon.tell({ kind: 'state', view });
  daemon.tell({ kind: 'renamed', view, from: 'old_name' });
  daemon.tellPairing({ kind: 'window', open: true, until: 5 });
  daemon.tellCode(view.id, 3);
  await reader.until(it => it.events.length === 4);
  expect(reader.events).toMatchObject([
    { kind: 'state', at: daemon.clock.now(), lock: { name: 'front_door', state: { bolt: 'locked' } } },
    { kind: 'renamed', from: 'old_name' },
    { kind: 'pairing', pairing: { kind: 'window', open: true } },
    { kind: 'codes', lock: { id: view.id, name: 'front_door' }, slot: 3 },
  ]);
  expect(new Set(reader.events.map(event => event.id)).size).toBe(4);
  expect(reader.text).toContain(`id: ${reader.events[0]?.id}\nevent: state\n`);
});

test('which credential opened the door is told by slot and person, never by its value', async () => {
  const reader = await read();
  const credential = { kind: 'code' as const, value: new Secret(CANARIES.pin) };
  const happening = {
    type: 'unlocked',
    source: 'keypad',
    ok: true,
    at: 1,
    slot: 3,
    person: 'Anna',
    credential,
  } as const;
  daemon.tell({ kind: 'happened', view: lockView(), happening });
  await reader.until(it => it.events.length === 1);
  expect(reader.events[0]).toMatchObject({ happening: { slot: 3, person: 'Anna' } });
  expect(reader.text).not.toContain('credential');
});

test('a lock that advertises without end is told once a minute, and at once when it changes', async () => {
  const reader = await read();
  const candidate = {
    address: 'c0:00:00:00:00:09',
    family: 'ttlock',
    model: 'S502',
    kind: 'deadbolt',
    rssi: -60,
    heardAt: 1,
  } as const;
  const advertise = (state: 'pairable' | 'taken') =>
    daemon.tellPairing({ kind: 'candidate', candidate: { ...candidate, state } });
  for (let i = 0; i < 100; i++) advertise('pairable');
  advertise('taken');
  await daemon.clock.advance(60_000);
  advertise('taken');
  daemon.tellPairing({ kind: 'window', open: false });
  await reader.until(it => it.text.includes('window'));
  const told = reader.events.map(event => event['pairing'] as { kind: string; candidate?: { state: string } });
  expect(told.map(it => it.candidate?.state ?? it.kind)).toEqual(['pairable', 'taken', 'taken', 'window']);
});

test('a silent stream says every 15 s that it lives', async () => {
  const reader = await read();
  await daemon.clock.advance(14_999);
  expect(reader.text).not.toContain('still here');
  await daemon.clock.advance(1);
  await reader.until(it => it.text.includes(': still here\n\n'));
});

test('a reader that comes back gets what it missed, once', async () => {
  const first = await read();
  daemon.tell({ kind: 'state', view: lockView() });
  await first.until(it => it.events.length === 1);
  first.close();
  daemon.tell({ kind: 'state', view: lockView({ name: 'missed_1' }) });
  daemon.tell({ kind: 'state', view: lockView({ name: 'missed_2' }) });
  const again = await read('/api/events', { 'last-event-id': first.events[0]?.id as string });
  daemon.tell({ kind: 'state', view: lockView({ name: 'live' }) });
  await again.until(it => it.events.length === 3);
  expect(again.events.map(event => (event['lock'] as { name: string }).name)).toEqual(['missed_1', 'missed_2', 'live']);
});

test('an id from before a restart brings nothing old, and says that everything is to be looked at anew', async () => {
  daemon.tell({ kind: 'state', view: lockView() });
  const reader = await read('/api/events', { 'last-event-id': 'deadbeef-1' });
  daemon.tell({ kind: 'state', view: lockView({ name: 'live' }) });
  await reader.until(it => it.text.includes('live'));
  expect(reader.events).toMatchObject([{}, { lock: { name: 'live' } }]);
  expect(reader.text).toMatch(/^retry: \d+\n\nevent: reset\ndata: \{\}\n\nid: /);
});

test('an id that is known, and a reader that is new, are told of no reset', async () => {
  const first = await read();
  daemon.tell({ kind: 'state', view: lockView() });
  await first.until(it => it.events.length === 1);
  const again = await read('/api/events', { 'last-event-id': first.events[0]?.id as string });
  daemon.tell({ kind: 'state', view: lockView({ name: 'live' }) });
  await again.until(it => it.text.includes('live'));
  expect(first.text + again.text).not.toContain('reset');
});

test('a reader may want one lock only', async () => {
  const reader = await read('/api/events?lock=mailbox');
  daemon.tell({ kind: 'state', view: lockView() });
  daemon.tellPairing({ kind: 'window', open: false });
  daemon.tell({ kind: 'state', view: lockView({ id: 'ffffffffffff', name: 'mailbox' }) });
  await reader.until(it => it.events.length > 0);
  expect(reader.events).toMatchObject([{ lock: { name: 'mailbox' } }]);
});

test('a reader that leaves leaves nothing behind', async () => {
  const reader = await read();
  const armed = daemon.clock.armed;
  reader.close();
  while (daemon.clock.armed === armed) await new Promise(resolve => setImmediate(resolve));
  expect(daemon.clock.armed).toBe(armed - 1);
});

test('the 33rd reader is refused, and the others go on', async () => {
  await Promise.all(Array.from({ length: 32 }, () => read()));
  const answer = await ask(socket.path, 'GET', '/api/events');
  expect(answer.body).toMatchObject({ status: 409, reason: 'readers' });
  daemon.tell({ kind: 'state', view: lockView() });
  await Promise.all(readers.map(reader => reader.until(it => it.events.length === 1)));
});
