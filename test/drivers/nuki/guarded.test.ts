// What the lock does only for who knows its PIN: the PIN itself, codes, users, timers, clock, log.
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { Secret } from '../../../src/base/log.ts';
import { asKey } from '../../../src/drivers/nuki/credential.ts';
import type { Code, Credential, LockSession } from '../../../src/lock/driver.ts';
import { type Answers, DONE, no } from './fake-nuki.ts';
import { named } from './published.ts';
import { type Opened, credential, errorOf, opened, without } from './stage.ts';

const payload = (name: string): string => String(named(name).in['payload']);
const UNLIMITED = payload('parse_keypad_code_unlimited');
const LIMITED = payload('parse_keypad_code_limited');
const pinOf = (session: LockSession): unknown => session.updated?.data.reveal()['pin'];

describe('the PIN', () => {
  test('is put behind the challenge', async () => {
    const { lock, session, clock } = await opened({ '0021': [DONE] });
    await clock.run(session.clock!.set(Date.UTC(2026, 10, 29, 16, 45, 7)));
    expect([lock.asked.at(-1), lock.pins]).toEqual(['0021 ea070b1d102d07', ['6712']]);
  });

  test('has four bytes in the fifth generation', async () => {
    const key = credential({ generation: 'g5', pin: '123456' });
    const { lock, session, clock } = await opened({ '0021': [DONE] }, key);
    await clock.run(session.clock!.set(0));
    expect(lock.pins).toEqual(['40e20100']);
  });

  test('that nobody has told makes the lock show what needs none, and says what to do', async () => {
    const { lock, session, clock } = await opened({}, without('pin'));
    const { codes, log, settings, authorisations, adminCode } = session.abilities;
    expect([codes, log, settings, authorisations, adminCode?.known]).toEqual([undefined, false, [], undefined, false]);
    expect([session.records, session.clock]).toEqual([undefined, undefined]);
    const error = await clock.run(errorOf(session.authorisations!.list()));
    expect([error.code, error.reason, lock.asked]).toEqual(['forbidden', 'admin_code_needed', []]);
  });

  test('that the lock refuses is never sent again, and forgotten', async () => {
    const { lock, session, clock } = await opened();
    lock.pin = '9999';
    const errors = [
      await clock.run(errorOf(session.authorisations!.list())),
      await clock.run(errorOf(session.authorisations!.list())),
    ];
    expect([errors.map(error => error.reason), lock.pins.length]).toEqual([['wrong_code', 'admin_code_needed'], 1]);
    expect([pinOf(session), session.abilities.adminCode?.known]).toEqual([undefined, false]);
  });

  test('rests when the lock says that it was wrong too often, over sessions', async () => {
    const { lock, session, clock } = await opened({ '0009': [no(0x28)] });
    const first = await clock.run(errorOf(session.authorisations!.list()));
    const second = await clock.run(errorOf(session.authorisations!.list()));
    expect([first.reason, second.reason, lock.pins.length]).toEqual(['code_barred', 'code_barred', 1]);
    expect(asKey(session.updated as Credential)).toMatchObject({ pin: '4711', pinNotBefore: clock.now() + 900_000 });
    await clock.advance(900_000);
    await clock.run(errorOf(session.authorisations!.list()));
    expect(lock.pins.length).toBe(2);
  });
});

describe('a PIN that a person tells', () => {
  test('is tried at the lock and kept', async () => {
    const { session, clock, lock } = await opened({}, without('pin'));
    await clock.run(session.adminCode!.tell!(new Secret('4711')));
    expect([pinOf(session), lock.commands]).toEqual(['4711', '?04 20']);
    expect((await session.adminCode!.read())?.reveal()).toBe('4711');
    expect([session.abilities.adminCode?.known, session.abilities.codes?.minDigits]).toEqual([true, 6]);
  });

  test('is not kept when it is wrong', async () => {
    const { session, clock } = await opened({}, without('pin'));
    const error = await clock.run(errorOf(session.adminCode!.tell!(new Secret('1111'))));
    expect([error.code, error.reason, pinOf(session)]).toEqual(['rejected', 'wrong_code', undefined]);
  });

  test('waits ever longer after wrong ones, before the lock bars everybody', async () => {
    const { session, clock, lock } = await opened({}, without('pin'));
    const tell = () => clock.run(errorOf(session.adminCode!.tell!(new Secret('1111'))));
    const reasons = [(await tell()).reason, (await tell()).reason, (await tell()).reason, (await tell()).reason];
    expect([reasons, lock.pins.length]).toEqual([['wrong_code', 'wrong_code', 'wrong_code', 'code_barred'], 3]);
    await clock.advance(60_000);
    expect([(await tell()).reason, (await tell()).reason, lock.pins.length]).toEqual(['wrong_code', 'code_barred', 4]);
  });

  test.each(['471', '47111', '47a1', ''])('of another shape is not tried: "%s"', async digits => {
    const { session, clock, lock } = await opened({}, without('pin'));
    const error = await clock.run(errorOf(session.adminCode!.tell!(new Secret(digits))));
    expect([error.code, error.reason, lock.pins]).toEqual(['invalid', 'code_rules', []]);
  });
});

describe('a new PIN', () => {
  const kept: unknown[] = [];
  const keep = async (key: Credential): Promise<void> => void kept.push(key.data.reveal()['nextPin']);

  test('is kept before the lock can know it', async () => {
    const heard: unknown[] = [];
    const { session, clock, lock } = await opened({ '0019': () => (heard.push(...kept), [DONE]) });
    await clock.run(session.adminCode!.set(new Secret('2580'), keep));
    expect([heard, pinOf(session), lock.asked.at(-1)]).toEqual([['2580'], '2580', '0019 140a']);
  });

  test('that the lock refuses leaves the old one', async () => {
    const { session, clock } = await opened({ '0019': [no(0x23)] });
    const error = await clock.run(errorOf(session.adminCode!.set(new Secret('2580'))));
    expect([error.reason, asKey(session.updated as Credential)]).toMatchObject(['invalid_parameter', { pin: '4711' }]);
    expect(session.updated?.data.reveal()['nextPin']).toBeUndefined();
  });

  test.each([
    ['the new one', '2580'],
    ['the old one', '4711'],
  ])('whose answer was lost is found out by trying: %s', async (_, is) => {
    const { session, clock } = await opened({ '0019': 'drop' });
    await clock.run(errorOf(session.adminCode!.set(new Secret('2580'))));
    const again = await opened({ '0021': [DONE] }, session.updated as Credential);
    again.lock.pin = is;
    await again.clock.run(again.session.clock!.set(0));
    expect([pinOf(again.session), again.session.updated?.data.reveal()['nextPin']]).toEqual([is, undefined]);
    expect(again.lock.pins.length).toBe(2);
  });
});

describe('codes', () => {
  const listing = (...codes: string[]): Answers => ({
    '0043': body => {
      const offset = fromHex(body)[0] ?? 0;
      const some = codes.slice(offset, offset + 10).map(code => `0045 ${code}`);
      return [`0044 ${hex(Uint8Array.of(codes.length))}00`, ...some, DONE];
    },
  });
  const period: Code = {
    digits: new Secret('778899'),
    kind: 'period',
    validity: { from: Date.UTC(2026, 1, 1, 8), until: Date.UTC(2026, 11, 31, 23, 59, 59) },
  };

  test('are listed with their limits', async () => {
    const { session, clock } = await opened(listing(UNLIMITED, LIMITED));
    const [first, second] = await clock.run(session.codes!.list());
    expect([first?.digits.reveal(), first?.kind, first?.validity]).toEqual(['778899', 'permanent', {}]);
    expect([second?.digits.reveal(), second?.kind]).toEqual(['589472', 'cyclic']);
    const hours = { startMinute: 480, endMinute: 750 };
    expect(second?.weekly).toEqual([1, 3, 5].map(day => ({ day, ...hours })));
  });

  test('are listed page by page', async () => {
    const { session, clock, lock } = await opened(listing(...Array.from({ length: 23 }, () => UNLIMITED)));
    expect((await clock.run(session.codes!.list())).length).toBe(23);
    expect(lock.asked.filter(line => line.startsWith('0043'))).toEqual([
      '0043 00000a00',
      '0043 0a000a00',
      '0043 14000a00',
    ]);
  });

  test.each([
    ['none', ['0044 0000'], 0],
    ['none, and "done"', ['0044 0000', DONE], 0],
    ['one, without "done"', ['0044 0100', `0045 ${UNLIMITED}`], 1],
    ['one, without saying how many', [`0045 ${UNLIMITED}`, DONE], 1],
    ['one, without either', [`0045 ${UNLIMITED}`], 1],
  ])('are listed though the lock ends its list in its own way: %s', async (_, answer, due) => {
    const { session, clock } = await opened({ '0043': answer });
    expect((await clock.run(session.codes!.list())).length).toBe(due);
  });

  test('of which one gets lost are no list', async () => {
    const { session, clock, lock } = await opened({ '0043': ['0044 0200', `0045 ${UNLIMITED}`] });
    expect([(await clock.run(errorOf(session.codes!.list()))).code, lock.isOpen]).toEqual(['timeout', false]);
  });

  test('are added, with their times', async () => {
    const { session, clock, lock } = await opened({ '0041': ['0042 0500ea07010a090000', DONE] });
    await clock.run(session.codes!.add(period));
    const name = hex(Buffer.from('Latchbridge')).padEnd(40, '0');
    const limit = '01ea070201080000ea070c1f173b3b0000000000';
    expect(lock.asked.at(-1)).toBe(`0041 93e20b00${name}${limit}`);
  });

  test.each([
    [0x2a, 'duplicate_code'],
    [0x29, 'no_space'],
  ])('that the lock refuses with %i say why', async (code, reason) => {
    const { session, clock } = await opened({ '0041': [no(code)] });
    expect((await clock.run(errorOf(session.codes!.add(period)))).reason).toBe(reason);
  });

  test.each(['12345', '1234567', '102345', '123456', 'abcdef'])(
    'that no keypad takes are not sent: %s',
    async digits => {
      const { session, clock, lock } = await opened();
      const error = await clock.run(errorOf(session.codes!.add({ ...period, digits: new Secret(digits) })));
      expect([error.reason, lock.asked]).toEqual(['code_rules', []]);
    },
  );

  test('are removed and changed by the number that the lock gave them', async () => {
    const { session, clock, lock } = await opened({ ...listing(LIMITED, UNLIMITED), '0047': [DONE], '0046': [DONE] });
    const code: Code = { ...period, kind: 'permanent', validity: {} };
    await clock.run(session.codes!.remove(code));
    expect(lock.asked.at(-1)).toBe('0047 0300');
    await clock.run(session.codes!.change!(code, { ...code, digits: new Secret('998877') }));
    expect(lock.asked.at(-1)?.slice(0, 17)).toBe('0046 0300dd3d0f00');
  });

  test('that are not there cannot be removed', async () => {
    const { session, clock } = await opened(listing(LIMITED));
    expect((await clock.run(errorOf(session.codes!.remove(period)))).reason).toBe('not_there');
  });

  test('are all removed, one by one', async () => {
    const { session, clock, lock } = await opened({ ...listing(LIMITED, UNLIMITED), '0047': [DONE] });
    await clock.run(session.codes!.clear());
    expect(lock.asked.filter(line => line.startsWith('0047'))).toEqual(['0047 0400', '0047 0300']);
  });
});

describe('users', () => {
  const ours = `f8870000${payload('parse_auth_entry_limited').slice(8)}`;
  const list: Answers = {
    '0009': ['0027 0200', `000a ${ours}`, `000a ${payload('parse_auth_entry_keypad')}`, DONE],
    '0008': [DONE],
  };

  test('are listed, and which of them are we', async () => {
    const { session, clock } = await opened(list);
    const [first, second] = await clock.run(session.authorisations!.list());
    expect(first).toMatchObject({ id: '34808', kind: 'app', name: 'Guest', ours: true, enabled: true });
    expect(second).toEqual({
      id: '7',
      kind: 'keypad',
      name: 'Nuki Keypad',
      ours: false,
      enabled: true,
      createdAt: Date.UTC(2026, 0, 10, 9),
      lastUsedAt: Date.UTC(2026, 0, 15, 20, 30),
      validity: {},
    });
  });

  test('are removed, but never we ourselves', async () => {
    const { session, clock, lock } = await opened(list);
    await clock.run(session.authorisations!.remove('7'));
    expect(lock.asked.at(-1)).toBe('0008 07000000');
    const error = await clock.run(errorOf(session.authorisations!.remove('34808')));
    expect([error.code, lock.commands.match(/08/g)?.length]).toEqual(['forbidden', 1]);
  });

  test('that are not there say so', async () => {
    const { session, clock } = await opened({ '0008': [no(0x24)] });
    expect((await clock.run(errorOf(session.authorisations!.remove('9')))).reason).toBe('not_there');
    expect((await clock.run(errorOf(session.authorisations!.remove('nobody')))).reason).toBe('not_there');
  });
});

describe('timers', () => {
  const TIMER = '0301 54161e02'.replace(' ', '');
  const list: Answers = { '003c': ['003d 01', `003e ${TIMER}`, DONE], '0039': ['003a 03', DONE], '003f': [DONE] };
  const timer = { enabled: true, days: [1, 3, 5], minute: 22 * 60 + 30, action: 'lock' };

  test('are listed', async () => {
    const { session, clock } = await opened(list);
    expect(await clock.run(session.timers!.list())).toEqual([{ id: '3', ...timer }]);
  });

  test('are added, and come back as the lock keeps them', async () => {
    const { session, clock, lock } = await opened(list);
    expect(await clock.run(session.timers!.add(timer))).toEqual({ id: '3', ...timer });
    expect(lock.asked.filter(line => line.startsWith('0039'))).toEqual(['0039 54161e02']);
  });

  test('are changed and removed', async () => {
    const { session, clock, lock } = await opened({ ...list, '003b': [DONE] });
    await clock.run(session.timers!.change({ id: '3', ...timer, enabled: false, action: 'lock_n_go' }));
    await clock.run(session.timers!.remove('3'));
    expect(lock.asked.filter(line => !line.startsWith('0001'))).toEqual(['003f 030054161e04', '003b 03']);
  });

  test.each([
    ['no day', { ...timer, days: [] }],
    ['a day beyond the week', { ...timer, days: [8] }],
    ['a time beyond the day', { ...timer, minute: 1440 }],
    ['something no timer does', { ...timer, action: 'calibrate' }],
  ])('with %s are not sent', async (_, wrong) => {
    const { session, clock, lock } = await opened(list);
    expect([(await clock.run(errorOf(session.timers!.add(wrong)))).code, lock.asked]).toEqual(['invalid', []]);
  });
});

test('the clock is the one that the lock tells with its state', async () => {
  const { session, clock } = await opened();
  expect(await clock.run(session.clock!.read())).toBe(Date.UTC(2026, 0, 15, 20, 30, 45));
});

test('no secret stands in what bridges are shown or in an error', async () => {
  const { session, clock, lock }: Opened = await opened({ '0041': [no(0x2a)] });
  const code: Code = { digits: new Secret('778899'), kind: 'permanent', validity: {} };
  const error = await clock.run(errorOf(session.codes!.add(code)));
  lock.pin = '9999';
  const other = await clock.run(errorOf(session.authorisations!.list()));
  const all = JSON.stringify([session.facts, session.abilities, session.updated, error, error.message, other.message]);
  expect(['778899', '4711', '4242424242'].filter(secret => all.includes(secret))).toEqual([]);
});
