// Accounts while several things happen at once, and what a change takes away from who may have come in wrongly.
import { beforeEach, expect, test } from 'vitest';
import type { Accounts } from '../../../src/access/login/accounts.ts';
import type { Logins } from '../../../src/access/login/logins.ts';
import { Secret } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Asker } from '../../../src/lock/lock.ts';
import type { Store } from '../../../src/store/store.ts';
import { memoryLogins } from '../../bridge/web/logins.ts';

const BY: Asker = { via: 'cli', who: 'cli', role: 'owner' };
const PASSWORD = new Secret('three green doors');
const OTHER = new Secret('four green doors');

let logins: Logins;
let accounts: Accounts;
let store: Store;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock();
  ({ logins, store } = memoryLogins(clock));
  ({ accounts } = logins);
  await accounts.add({ name: 'anna', role: 'owner', password: PASSWORD }, BY);
});
const reasonOf = (thrown: unknown): string => (thrown as { reason: string }).reason;
const enter = (name: string, password = PASSWORD, source = '192.168.1.5'): Promise<string> =>
  accounts.check(name, password, source).then(() => 'in', reasonOf);

test('two owners who are made managers at the same moment leave one owner', async () => {
  await accounts.add({ name: 'ben', role: 'owner', password: PASSWORD }, BY);
  const demote = (name: string) => accounts.change(name, { role: 'manager', password: OTHER }, { asker: BY });
  const done = await Promise.allSettled([demote('anna'), demote('ben')]);
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(accounts.hasOwner).toBe(true);
});

test('a login that is removed while its new password is made stays removed', async () => {
  await accounts.add({ name: 'ben', role: 'manager', password: PASSWORD }, BY);
  const change = accounts.change('ben', { password: OTHER }, { asker: BY });
  accounts.remove('ben', BY);
  await expect(change).rejects.toMatchObject({ reason: 'unknown_login' });
  expect(accounts.find('ben')).toBeUndefined();
});

test('an old password that is tried while another one is set lets nobody in', async () => {
  const change = accounts.change('anna', { password: OTHER }, { asker: BY });
  const late = enter('anna');
  await change;
  expect(await late).toBe('wrong_password');
});

test('a login that is removed while its password is looked at does not come in', async () => {
  await accounts.add({ name: 'ben', role: 'manager', password: PASSWORD }, BY);
  const late = enter('ben');
  accounts.remove('ben', BY);
  expect(await late).toBe('wrong_password');
});

test('the id of a login is no name to log in with: it would be counted apart', async () => {
  expect(await enter(accounts.must('anna').id)).toBe('wrong_password');
});

test('another password, or another role, ends the links that were made for a login', async () => {
  const anna = accounts.must('anna');
  const made = () => [
    logins.links.login(anna, BY).token,
    logins.links.flow({ flow: 'f1', role: 'owner', login: anna, sessionMs: 3_600_000 }, BY).token,
  ];
  const old = made();
  await accounts.change('anna', { password: OTHER }, { asker: BY });
  expect(old.map(token => logins.links.look(token))).toEqual([undefined, undefined]);
  expect(made().map(token => logins.links.look(token)?.login)).toEqual([anna.id, anna.id]);
});

test('an owner gets no end, and who has an end does not become an owner', async () => {
  const until = clock.now() + 1000;
  await expect(accounts.change('anna', { until }, { asker: BY })).rejects.toMatchObject({ code: 'invalid' });
  await accounts.add({ name: 'ben', role: 'manager', until }, BY);
  await expect(accounts.change('ben', { role: 'owner' }, { asker: BY })).rejects.toThrow('An owner has no end');
  await expect(accounts.change('ben', { role: 'owner', until: null }, { asker: BY })).resolves.toMatchObject({
    role: 'owner',
  });
});

test('strangers who guess at a name do not keep its owner, who is in, from proving the password', async () => {
  const { id } = accounts.must('anna');
  for (let i = 0; i < 5; i++) await enter('anna', OTHER, '192.168.1.66');
  expect(await enter('anna')).toBe('too_many_tries');
  await expect(accounts.prove(id, PASSWORD, '192.168.1.5')).resolves.toMatchObject({ name: 'anna' });
});

test('who has found an open page guesses five times at its password, from wherever, also after a restart', async () => {
  const { id } = accounts.must('anna');
  for (let i = 0; i < 5; i++) {
    await expect(accounts.prove(id, OTHER, `10.0.0.${i}`)).rejects.toMatchObject({ reason: 'wrong_password' });
  }
  await expect(accounts.prove(id, PASSWORD, '10.0.0.9')).rejects.toMatchObject({ reason: 'too_many_tries' });
  expect(store.logins.tries(`proof:${id}`)?.closings).toBe(1);
});
