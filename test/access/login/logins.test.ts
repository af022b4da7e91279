// Passwords, wrong tries and sessions, over time and over restarts.
import { beforeEach, describe, expect, test } from 'vitest';
import { makeLogins, type Logins } from '../../../src/access/login/logins.ts';
import { Passwords, goodPassword } from '../../../src/access/login/password.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Asker } from '../../../src/lock/lock.ts';
import { type Store, openStore } from '../../../src/store/store.ts';
import { seeded } from '../../store/kit.ts';

const BY: Asker = { via: 'cli', who: 'cli', role: 'owner' };
const PASSWORD = new Secret('three green doors');
const WRONG = new Secret('four green doors');
const MINUTE = 60_000;

let clock: VirtualClock;
let store: Store;
let logins: Logins;
/** As after a restart: only what is on the disk is known. */
const start = (): void => {
  const ground = { shelf: store.logins, audit: store.audit, clock, random: seeded(`start ${clock.now()}`) };
  logins = makeLogins(ground, new Passwords({ N: 2, r: 1, p: 1 }));
};
beforeEach(async () => {
  clock = new VirtualClock();
  store = openStore({ clock, random: seeded(), log: silent });
  start();
  await logins.accounts.add({ name: 'anna', role: 'owner', password: PASSWORD }, BY);
});
const enter = (password = PASSWORD, source = '192.168.1.5', name = 'anna'): Promise<string> =>
  logins.accounts.check(name, password, source).then(
    () => 'in',
    (thrown: { reason: string }) => thrown.reason,
  );
const wrong = async (times: number, source = '192.168.1.5'): Promise<void> => {
  for (let i = 0; i < times; i++) await enter(WRONG, source);
};

describe('a password', () => {
  test.each(['short', 'aaaaaaaaaaaa', '123456789012', 'abcdefghijkl', 'password1234', 'anna12', 'latchbridge!!'])(
    '%s is too weak',
    text => {
      expect(() => goodPassword(new Secret(text), 'anna')).toThrow(
        expect.objectContaining({ reason: 'weak_password' }),
      );
    },
  );

  test.each(['three green doors', 'Ünlock-9-мир', 'annabelle was here'])('%s will do', text => {
    expect(goodPassword(new Secret(text), 'anna').reveal()).toBe(text);
  });

  test('is kept as scrypt with its parameters named, each with a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, two] = [await passwords.make(PASSWORD), await passwords.make(PASSWORD)];
    expect(one).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.check(PASSWORD, one)).toEqual({ right: true, weak: false });
    expect(await passwords.check(WRONG, one)).toMatchObject({ right: false });
  });

  test('that was kept with less is kept with more from the next login on', async () => {
    const before = logins.accounts.must('anna').password;
    const ground = { shelf: store.logins, audit: store.audit, clock, random: seeded() };
    logins = makeLogins(ground, new Passwords({ N: 4, r: 1, p: 1 }));
    expect(await enter()).toBe('in');
    expect(before).toMatch(/^scrypt\$2\$/);
    expect(logins.accounts.must('anna').password).toMatch(/^scrypt\$4\$/);
  });

  test('in another form of the same letters is the same', async () => {
    await logins.accounts.add({ name: 'zoë', role: 'viewer', password: new Secret('fünf grüne Türen') }, BY);
    expect(await enter(new Secret('fünf grüne Türen'.normalize('NFD')), '::1', 'ZOE\u0308')).toBe('in');
  });

  test('of many at once is checked one after the other, and the rest are told to come back', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_each, i) => enter(PASSWORD, `10.0.0.${i}`)));
    expect(all.filter(each => each === 'in')).toHaveLength(8);
    expect(all.filter(each => each === 'rate')).toHaveLength(12);
  });
});

describe('after five wrong passwords', () => {
  test('the right one is not heard for five minutes, and then it is', async () => {
    await wrong(5);
    expect(await enter()).toBe('too_many_tries');
    await clock.advance(5 * MINUTE - 1);
    expect(await enter()).toBe('too_many_tries');
    await clock.advance(1);
    expect(await enter()).toBe('in');
  });

  test('the name is closed to other sources, and the source to other names', async () => {
    await logins.accounts.add({ name: 'ben', role: 'owner', password: PASSWORD }, BY);
    await wrong(5);
    expect([await enter(PASSWORD, '10.0.0.9'), await enter(PASSWORD, '192.168.1.5', 'ben')]).toEqual([
      'too_many_tries',
      'too_many_tries',
    ]);
    expect(await enter(PASSWORD, '10.0.0.9', 'ben')).toBe('in');
  });

  test('a restart opens nothing', async () => {
    await wrong(5);
    start();
    expect(await enter()).toBe('too_many_tries');
  });

  test('each further time is twice as long, up to an hour', async () => {
    const lengths: number[] = [];
    for (let round = 0; round < 6; round++) {
      await wrong(5);
      let minutes = 0;
      // Asking does not make it longer.
      while ((await enter(WRONG)) === 'too_many_tries') {
        await clock.advance(MINUTE);
        minutes += 1;
      }
      lengths.push(minutes);
      await wrong(0);
      await clock.advance(16 * MINUTE);
    }
    expect(lengths).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('a link from the command line still lets its owner in', async () => {
    await wrong(5);
    const { token } = logins.links.login(logins.accounts.must('anna'), BY);
    expect(logins.links.take(token)).toMatchObject({ purpose: 'login' });
  });

  test('a clock that is set back a year closes for an hour at most', async () => {
    await wrong(5);
    clock.jump(-365 * 24 * 60 * MINUTE);
    await expect(logins.accounts.check('anna', PASSWORD, '::1')).rejects.toThrow('Wait 60 minutes');
  });
});

test('four wrong ones, a right one and four more close nothing', async () => {
  await wrong(4);
  expect(await enter()).toBe('in');
  await wrong(4);
  expect(await enter()).toBe('in');
});

describe('a session', () => {
  const open = () => logins.sessions.open({ login: logins.accounts.must('anna'), role: 'owner', device: 'Firefox' });
  const DAY = 24 * 60 * MINUTE;

  test('survives a restart, and what was typed for it does not', () => {
    const { key, session } = open();
    logins.sessions.prove(session.id);
    start();
    expect(logins.sessions.find(key)).toMatchObject({ id: session.id, login: { name: 'anna' } });
    expect(logins.sessions.isProved(session.id)).toBe(false);
  });

  test('ends after two weeks without use, and after sixty days in any case', async () => {
    const [idle, used] = [open(), open()];
    for (let day = 0; day < 14; day++) {
      await clock.advance(DAY);
      logins.sessions.find(used.key);
    }
    expect([logins.sessions.find(idle.key), logins.sessions.find(used.key)?.id]).toEqual([undefined, used.session.id]);
    for (let day = 14; day < 60; day++) {
      await clock.advance(DAY);
      logins.sessions.find(used.key);
    }
    expect(logins.sessions.find(used.key)).toBeUndefined();
  });

  test('ends when its login gets another password or role, or goes', async () => {
    await logins.accounts.add({ name: 'ben', role: 'owner', password: PASSWORD }, BY);
    const first = open();
    await logins.accounts.change('anna', { password: WRONG }, { asker: BY });
    const second = open();
    await logins.accounts.change('anna', { role: 'viewer' }, { asker: BY });
    const third = open();
    logins.accounts.remove('anna', BY);
    expect([first, second, third].map(({ key }) => logins.sessions.find(key))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('is one of twenty: the one unused for longest makes room', async () => {
    const first = open();
    for (let i = 0; i < 20; i++) {
      await clock.advance(MINUTE);
      open();
    }
    expect([logins.sessions.find(first.key), logins.sessions.of(logins.accounts.must('anna').id).length]).toEqual([
      undefined,
      20,
    ]);
  });
});

test('nothing that opens something is in the database or the audit', async () => {
  const { key } = logins.sessions.open({ login: logins.accounts.must('anna'), role: 'owner', device: 'Firefox' });
  const link = logins.links.login(logins.accounts.must('anna'), BY).token;
  const token = logins.tokens.add({ name: 'hall', role: 'owner' }, BY).key;
  await wrong(5);
  const { shelf } = { shelf: store.logins };
  const kept = JSON.stringify([shelf.logins(), shelf.sessions(), shelf.tokens(), store.audit.read({ most: 100 })]);
  for (const secret of [PASSWORD, WRONG, key, link, token]) expect(kept).not.toContain(secret.reveal());
  expect(store.audit.read({ most: 100 }).map(({ what }) => what)).toContain('login_refused');
});
