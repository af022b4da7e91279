// The API over a real control socket: what is asked of the daemon, what comes back, and what never does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { type Answer, ask } from './client.ts';
import { CANARIES, FakeDaemon, lockView } from './fake-parts.ts';

const CLI = { via: 'cli', who: 'cli', role: 'owner' };
let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-api-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function api(method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(socket.path, method, path, body === undefined ? {} : { body });
}

describe('locks', () => {
  test('all are listed, one is found by name and by id', async () => {
    expect((await api('GET', '/api/locks')).body).toMatchObject({
      locks: [{ name: 'front_door' }, { name: 'mailbox' }],
    });
    expect((await api('GET', '/api/locks/mailbox')).body).toMatchObject({ id: 'ffffffffffff' });
    expect((await api('GET', '/api/locks/ffffffffffff')).body).toMatchObject({ name: 'mailbox' });
  });

  test("a command reaches the lock with 15 s, and the lock's yes comes back with the transaction", async () => {
    const before = daemon.clock.elapsed();
    const { status, body } = await api('POST', '/api/locks/front_door/command', {
      verb: 'unlock',
      transaction: { n: 1 },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ verb: 'unlock', tookMs: 812, transaction: { n: 1 } });
    expect(daemon.last('command')).toMatchObject({
      command: { lock: '0123456789ab', verb: 'unlock', asker: CLI, deadline: before + 15_000 },
    });
  });

  test('two commands never carry the same id', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await api('POST', '/api/locks/front_door/command', { verb: 'lock' })).body),
    );
    const [one, two] = ids as { command: string }[];
    expect(one?.command).not.toBe(two?.command);
  });

  test('a PIN reaches the gate as a Secret and comes back nowhere', async () => {
    const { text } = await api('POST', '/api/locks/front_door/command', { verb: 'unlock', pin: CANARIES.pin });
    const { command } = daemon.last('command') as unknown as { command: { pin: { reveal(): string } } };
    expect(command.pin.reveal()).toBe(CANARIES.pin);
    expect(text).not.toContain(CANARIES.pin);
  });

  test('refresh asks the lock and answers what is known then', async () => {
    expect((await api('POST', '/api/locks/front_door/refresh')).body).toMatchObject({ name: 'front_door' });
    expect(daemon.last('refresh')).toMatchObject({ lock: '0123456789ab', asker: CLI });
  });

  test('a change may rename, move and set options at once', async () => {
    const change = { name: 'back_door', unit: 'Flat 4', options: { session: 'held' } };
    expect((await api('PATCH', '/api/locks/front_door', change)).body).toMatchObject({
      name: 'back_door',
      unit: { name: 'Flat 4' },
      settings: { session: 'held', exposed: ['mqtt', 'matter'] },
    });
  });

  test('a refused name leaves unit and options as they were', async () => {
    daemon.fails = new LockError('invalid', 'That name is taken.');
    await api('PATCH', '/api/locks/front_door', { name: 'mailbox', unit: 'Flat 4' });
    expect(daemon.noted.map(it => it.what)).toEqual(['rename']);
  });

  test('force is handed on when a lock is removed', async () => {
    expect((await api('DELETE', '/api/locks/front_door', { force: true })).body).toEqual({
      removed: { id: '0123456789ab', name: 'front_door' },
    });
    expect(daemon.last('remove')).toMatchObject({ how: { force: true } });
  });
});

describe('pairing', () => {
  test('what is nearby is listed', async () => {
    expect((await api('GET', '/api/nearby')).body).toEqual({ nearby: [], open: false });
  });

  test('the window is opened', async () => {
    expect((await api('POST', '/api/permit_join', { seconds: 60 })).body).toMatchObject({ open: true });
  });

  test('pairing answers with the new lock', async () => {
    const { body } = await api('POST', '/api/pair', { address: 'C0:00:00:00:00:09', name: 'shed' });
    expect(body).toMatchObject({ name: 'new_lock' });
    expect(daemon.last('pair')).toMatchObject({ request: { address: 'c0:00:00:00:00:09', name: 'shed' }, asker: CLI });
  });

  test('unpairing takes two steps, and the second needs the token of the first', async () => {
    const plan = (await api('POST', '/api/locks/front_door/unpair', { remove: true })).body as {
      confirm_token: string;
    };
    expect(daemon.last('plan')).toMatchObject({ request: { lock: '0123456789ab', remove: true } });
    const confirm = (confirm_token: string) => api('POST', '/api/locks/front_door/unpair/confirm', { confirm_token });
    expect((await confirm('guess')).body).toMatchObject({ status: 403, reason: 'clearance_expired' });
    expect((await confirm(plan.confirm_token)).body).toMatchObject({ proven: true });
  });
});

describe('codes', () => {
  test('a code is set by slot, listed and cleared, and its digits never come back', async () => {
    const set = await api('PUT', '/api/locks/front_door/codes/3', { digits: CANARIES.pin, person: 'Anna' });
    expect(set.body).toMatchObject({ slot: 3, state: 'on_lock' });
    const { code } = daemon.last('set_code') as unknown as { code: { digits: { reveal(): string } } };
    expect(code.digits.reveal()).toBe(CANARIES.pin);
    const list = await api('GET', '/api/locks/front_door/codes');
    expect(list.body).toMatchObject({ capacity: 150, codes: [{ slot: 3 }] });
    const one = await api('GET', '/api/locks/front_door/codes/3');
    expect(one.body).toMatchObject({ slot: 3 });
    expect([set, list, one].map(it => it.text).join()).not.toContain(CANARIES.pin);
    expect((await api('DELETE', '/api/locks/front_door/codes/3')).body).toEqual({ cleared: 3 });
    expect((await api('GET', '/api/locks/front_door/codes/3')).status).toBe(404);
  });

  test('a known code is switched off and on without its digits', async () => {
    expect((await api('PUT', '/api/locks/front_door/codes/3', { enabled: false })).body).toMatchObject({
      state: 'disabled',
    });
    expect(daemon.last('set_enabled')).toMatchObject({ slot: 3, enabled: false });
  });

  test('dates without digits are refused instead of being dropped', async () => {
    expect((await api('PUT', '/api/locks/front_door/codes/3', { enabled: true, until: 5 })).status).toBe(400);
  });

  test('a refresh reads the lock', async () => {
    await api('POST', '/api/locks/front_door/codes/refresh');
    expect(daemon.last('reconcile')).toMatchObject({ lock: '0123456789ab' });
  });
});

describe('upkeep', () => {
  test.each(['/health', '/api/health'])('%s answers with all parts', async path => {
    expect((await api('GET', path)).body).toMatchObject({ ready: true, parts: [{ name: 'mqtt', ok: true }] });
  });

  test('a daemon that is not ready says 503, and is alive all the same', async () => {
    daemon.ready = false;
    expect((await api('GET', '/health/ready')).status).toBe(503);
    expect((await api('GET', '/health/live')).body).toEqual({ live: true });
  });

  test('the doctor speaks', async () => {
    expect((await api('GET', '/api/doctor')).body).toMatchObject({ checks: [{ name: 'adapter', verdict: 'bad' }] });
  });

  test('the audit is read by page, also for a lock that is gone', async () => {
    await api('GET', '/api/audit?lock=front_door&most=10&before=99');
    expect(daemon.last('audit')).toMatchObject({ query: { lock: '0123456789ab', most: 10, before: 99 } });
    await api('GET', '/api/audit?lock=abcdefabcdef');
    expect(daemon.last('audit')).toMatchObject({ query: { lock: 'abcdefabcdef', most: 50 } });
  });

  test('a backup is made', async () => {
    expect((await api('POST', '/api/backup')).body).toEqual({ path: '/d/backup.db', bytes: 4096 });
  });

  test('a hand acts on a virtual lock', async () => {
    daemon.handSays = { done: true };
    const { body } = await api('POST', '/api/demo/front_door/hand', { act: 'hold_reset', seconds: 5 });
    expect(body).toEqual({ result: { done: true } });
    expect(daemon.last('hand')).toMatchObject({ name: 'front_door', act: { act: 'hold_reset', seconds: 5 } });
  });
});

describe('keys in a file', () => {
  const { passphrase } = CANARIES;

  test('what is exported opens with its passphrase and is taken in', async () => {
    const sealed = await api('POST', '/api/export', { passphrase });
    expect(sealed.text).not.toContain(CANARIES.key);
    const { status, body } = await api('POST', '/api/import', { document: sealed.body, passphrase });
    expect([status, body]).toEqual([
      200,
      { locks: [expect.objectContaining({ name: 'front_door', outcome: 'added' })] },
    ]);
    expect(daemon.last('unpack')).toMatchObject({ parcel: daemon.kept, asker: CLI });
  });

  test('two exports of the same keys are different', async () => {
    const exported = async () => ((await api('POST', '/api/export', { passphrase })).body as Sealed).box;
    expect(await exported()).not.toBe(await exported());
  });

  test('only the locks that were asked for are packed', async () => {
    await api('POST', '/api/export', { passphrase, locks: ['mailbox'] });
    expect(daemon.last('pack')).toMatchObject({ locks: ['ffffffffffff'] });
    expect((await api('POST', '/api/export', { passphrase, locks: ['nobody'] })).status).toBe(404);
  });

  test('a short passphrase is refused', async () => {
    expect((await api('POST', '/api/export', { passphrase: 'elevenchars' })).body).toMatchObject({
      reason: 'short_passphrase',
    });
  });

  test('a wrong passphrase imports nothing', async () => {
    const { body } = await api('POST', '/api/export', { passphrase });
    const answer = await api('POST', '/api/import', { document: body, passphrase: `${passphrase}!` });
    expect(answer.body).toMatchObject({ status: 400, reason: 'wrong_passphrase' });
    expect(daemon.last('unpack')).toBeUndefined();
  });

  test('without a passphrase it is asked for', async () => {
    const { body } = await api('POST', '/api/export', { passphrase });
    expect((await api('POST', '/api/import', { document: body })).body).toMatchObject({ reason: 'passphrase_needed' });
  });

  test.each([
    ['its date', (file: Sealed) => ({ ...file, made: '2020-01-01T00:00:00.000Z' })],
    [
      'a byte of the content',
      (file: Sealed) => ({ ...file, box: `${file.box[0] === 'A' ? 'B' : 'A'}${file.box.slice(1)}` }),
    ],
    ['the cost', (file: Sealed) => ({ ...file, kdf: { ...file.kdf, p: 1 } })],
  ])('a file with %s changed does not open', async (_what, change) => {
    const { body } = await api('POST', '/api/export', { passphrase });
    const answer = await api('POST', '/api/import', { document: change(body), passphrase });
    expect(answer.body).toMatchObject({ reason: 'wrong_passphrase' });
  });

  test.each([
    ['a cost that would eat all memory', (file: Sealed) => ({ ...file, kdf: { ...file.kdf, n: 2 ** 30 } })],
    ['an unknown version', (file: Sealed) => ({ ...file, version: 2 })],
    ['nothing in it', (file: Sealed) => ({ ...file, box: '' })],
  ])('a file with %s is refused before any work', async (_what, change) => {
    const { body } = await api('POST', '/api/export', { passphrase });
    expect((await api('POST', '/api/import', { document: change(body), passphrase })).body).toMatchObject({
      reason: 'damaged',
    });
  });

  test("another program's file goes to the drivers, and weak keys are told", async () => {
    const foreign = [{ address: 'C0:..', privateData: { aesKey: CANARIES.key } }];
    const { body, text } = await api('POST', '/api/import', { document: foreign });
    expect(body).toMatchObject({ locks: [{ name: 'front_door', weak: expect.any(String) as string }] });
    expect(daemon.last('adopt')).toMatchObject({ foreign });
    expect(text).not.toContain(CANARIES.key);
  });

  test('a file of hundreds of locks is taken', async () => {
    const foreign = Array.from({ length: 400 }, () => ({ operationLog: 'x'.repeat(1000) }));
    expect((await api('POST', '/api/import', { document: foreign })).status).toBe(200);
  });

  test('the recovery code is shown, and only the same one confirms it', async () => {
    const { code } = (await api('POST', '/api/recovery_code/show')).body as { code: string };
    expect((await api('POST', '/api/recovery_code/confirm', { code: 'WRONG' })).body).toMatchObject({
      reason: 'wrong_code',
    });
    expect((await api('POST', '/api/recovery_code/confirm', { code })).body).toEqual({ confirmed: true });
    expect((await api('POST', '/api/recovery_code/enter', { code })).body).toEqual({ opened: true });
  });
});

interface Sealed {
  box: string;
  kdf: object;
}

test('a lock with hostile names is only data', async () => {
  const name = '<script>alert(1)</script>\u202e';
  daemon.locks = [lockView({ facts: { model: name } })];
  const { headers, body } = await api('GET', '/api/locks');
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(body).toMatchObject({ locks: [{ facts: { model: name } }] });
});
