// The API of the lock itself: settings, log, keys, cards and fingerprints.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { type Answer, ask, Reader } from './client.ts';
import { ABILITIES, FakeDaemon, lockView } from './fake-parts.ts';

const NUMBER = '3137429908';
const LOCK = '/api/locks/front_door';
let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-api-'));
  daemon = new FakeDaemon();
  daemon.locks = [lockView({ abilities: ABILITIES }), lockView({ id: 'ffffffffffff', name: 'mailbox', endpoint: 3 })];
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function api(method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(socket.path, method, path, body === undefined ? {} : { body });
}

describe('settings', () => {
  test('are listed with what they can be, and with values once the lock has said them', async () => {
    const before = (await api('GET', `${LOCK}/settings`)).body as { settings: object[] };
    expect(before.settings[1]).toEqual({ name: 'sound', label: 'Sound', kind: 'switch' });
    expect((await api('POST', `${LOCK}/settings/refresh`)).body).toMatchObject({
      settings: [{ name: 'auto_lock_seconds', value: 5 }, { name: 'sound', value: true }, {}, {}],
    });
    expect((await api('GET', `${LOCK}/settings/direction`)).body).toMatchObject({ kind: 'select', value: 'left' });
  });

  test('one is set, with the words that people type', async () => {
    expect((await api('PUT', `${LOCK}/settings/sound`, { value: 'off' })).body).toMatchObject({ value: false });
    expect(daemon.workbench.done).toMatchObject([{ what: 'write', name: 'sound', value: false }]);
  });

  test('several are set in order, or none when one of them cannot be', async () => {
    const values = { volume: 2, sound: false };
    expect((await api('PUT', `${LOCK}/settings`, { values })).status).toBe(200);
    expect(daemon.workbench.done.map(one => one['name'])).toEqual(['volume', 'sound']);
    const wrong = await api('PUT', `${LOCK}/settings`, { values: { sound: true, volume: 9 } });
    expect(wrong).toMatchObject({ status: 400, body: { reason: 'setting_value' } });
    expect(daemon.workbench.done).toHaveLength(2);
  });

  test('that a lock lacks are refused with those that it has', async () => {
    const answer = await api('PUT', `${LOCK}/settings/freeze`, { value: true });
    expect(answer).toMatchObject({ status: 422, body: { reason: 'no_setting' } });
    expect(answer.text).toContain('auto_lock_seconds');
    expect((await api('GET', '/api/locks/mailbox/settings')).body).toEqual({ settings: [] });
  });

  test("the lock's no comes back as it is", async () => {
    daemon.workbench.failure = new LockError('rejected', 'The lock kept the old value.', { reason: 'not_taken' });
    expect(await api('PUT', `${LOCK}/settings/sound`, { value: true })).toMatchObject({
      status: 409,
      body: { reason: 'not_taken' },
    });
  });

  test('are an event when they change', async () => {
    const reader = new Reader(socket.path, '/api/events?lock=front_door');
    await reader.until(it => it.text.includes('retry'));
    daemon.locks = [lockView({ id: '0123456789ab', abilities: ABILITIES })];
    await api('PUT', `${LOCK}/settings/volume`, { value: 3 });
    await reader.until(it => it.events.length > 0);
    expect(reader.events[0]).toMatchObject({ kind: 'settings', lock: { name: 'front_door' }, values: { volume: 3 } });
    reader.close();
  });
});

describe('one lock', () => {
  test('says what each session mode costs', async () => {
    expect((await api('GET', LOCK)).body).toMatchObject({
      name: 'front_door',
      costs: [{ mode: 'on_demand' }, { mode: 'held' }],
    });
  });
});

describe("the lock's log", () => {
  test('is read without what was typed', async () => {
    const credential = { kind: 'code', value: { reveal: () => '271828' } } as never;
    daemon.workbench.records = [
      { type: 'unlocked', source: 'keypad', ok: true, at: 5, record: 9, slot: 3, credential },
    ];
    const { body, text } = await api('GET', `${LOCK}/log?most=10`);
    expect(body).toEqual({ records: [{ type: 'unlocked', source: 'keypad', ok: true, at: 5, record: 9, slot: 3 }] });
    expect(text).not.toContain('credential');
    expect(daemon.workbench.done).toMatchObject([{ what: 'log', most: 10 }]);
  });
});

describe('keys', () => {
  test('of apps are revoked', async () => {
    expect((await api('POST', `${LOCK}/keys/revoke`)).body).toEqual({ revoked: true });
  });

  test('the phone is let in for some minutes', async () => {
    expect((await api('POST', `${LOCK}/phone`, { minutes: 5 })).body).toEqual({ until: Date.UTC(2026, 4, 11, 14, 28) });
    expect((await api('POST', `${LOCK}/phone`, { minutes: 61 })).status).toBe(400);
  });

  test('the admin code is shown on purpose only, and set without being repeated', async () => {
    expect((await api('POST', `${LOCK}/admin_code/show`)).body).toEqual({ code: '8421973' });
    const { text } = await api('PUT', `${LOCK}/admin_code`, { code: '55512345' });
    expect(daemon.workbench.code).toBe('55512345');
    expect(text).not.toContain('55512345');
    expect((await api('GET', LOCK)).text).not.toContain('55512345');
  });

  test('a lock that tells no admin code says so', async () => {
    daemon.workbench.code = undefined;
    expect(await api('POST', `${LOCK}/admin_code/show`)).toMatchObject({
      status: 404,
      body: { reason: 'no_admin_code' },
    });
  });
});

describe.each(['card', 'finger'] as const)('a %s', kind => {
  const path = `${LOCK}/${kind}s`;

  test('is enrolled, changed, listed and removed', async () => {
    const weekly = [{ day: 1, startMinute: 480, endMinute: 1020 }];
    expect((await api('POST', `${path}/enrol`, { person: 'Ada' })).body).toMatchObject({ kind, slot: 1 });
    expect((await api('PUT', `${path}/1`, { from: 1000, until: 2000, weekly })).body).toMatchObject({ until: 2000 });
    expect(daemon.tokens.done.at(-1)).toMatchObject({ request: { from: 1000, until: 2000, weekly } });
    expect((await api('GET', path)).body).toMatchObject({ capacity: 3, [`${kind}s`]: [{ slot: 1 }] });
    expect((await api('GET', `${path}/1`)).body).toMatchObject({ slot: 1 });
    expect((await api('DELETE', `${path}/1`)).body).toEqual({ removed: 1 });
    expect((await api('GET', `${path}/1`)).status).toBe(404);
  });

  test('what the person is to do is an event', async () => {
    const reader = new Reader(socket.path, '/api/events?lock=front_door');
    await reader.until(it => it.text.includes('retry'));
    await api('POST', `${path}/enrol`, { slot: 2 });
    await reader.until(it => it.events.length === 3);
    expect(reader.events[0]).toMatchObject({ kind: 'enrol', enrol: { kind, slot: 2, say: 'present' } });
    reader.close();
  });

  test('is waited for no longer when its asker hangs up', async () => {
    let ended = false;
    const enrol = daemon.tokens.enrol.bind(daemon.tokens);
    const waiting = new Promise<void>(resolve => {
      daemon.tokens.enrol = (what, how, asker) => {
        how.signal.addEventListener('abort', () => (ended = true));
        resolve();
        return enrol(what, how, asker);
      };
    });
    daemon.tokens.person = () => new Promise(() => undefined);
    const asked = ask(socket.path, 'POST', `${path}/enrol`, { body: {} }).catch(() => undefined);
    await waiting;
    await socket.close();
    await asked;
    expect(ended).toBe(true);
    socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
  });

  test('has no place on a lock without a reader', async () => {
    const answer = await api('POST', `/api/locks/mailbox/${kind}s/enrol`, {});
    expect(answer).toMatchObject({ status: 422, body: { reason: `no_${kind}s` } });
  });
});

describe('a card of a known number', () => {
  test('is added to a slot or to a free one, and its number comes back nowhere', async () => {
    const one = await api('PUT', `${LOCK}/cards/2`, { number: NUMBER });
    const two = await api('POST', `${LOCK}/cards`, { number: `${NUMBER}1` });
    expect([one.body, two.body]).toMatchObject([{ slot: 2 }, { slot: 1 }]);
    expect(daemon.tokens.numbers).toEqual([NUMBER, `${NUMBER}1`]);
    expect(one.text + two.text + (await api('GET', `${LOCK}/cards`)).text).not.toContain(NUMBER);
  });

  test('is none of a finger', async () => {
    const answer = await api('PUT', `${LOCK}/fingers/2`, { number: NUMBER });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(NUMBER);
  });
});
