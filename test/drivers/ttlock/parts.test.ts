// Codes, cards, fingers, settings, clock, log and facts of an open session with a virtual lock.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { makeZone } from '../../../src/base/zone.ts';
import type { Code, EnrolStep, Token } from '../../../src/lock/driver.ts';
import { errorOf } from './fake-lock.ts';
import { connect, opened, session as reopened } from './virtual.ts';

const code = (digits: string, more: Partial<Code> = {}): Code => ({
  digits: new Secret(digits),
  kind: 'permanent',
  validity: {},
  ...more,
});
const shown = (codes: readonly Code[]) =>
  codes.map(({ digits, kind, validity }) => `${digits.reveal()} ${kind} ${JSON.stringify(validity)}`);

const JUNE = Date.UTC(2026, 5, 1, 12);
const JULY = Date.UTC(2026, 6, 1, 12);

describe('codes', () => {
  test('come back as they were written, page by page', async () => {
    const { session, clock } = await opened();
    const codes = session.codes as NonNullable<typeof session.codes>;
    await clock.run(codes.add(code('4711')));
    await clock.run(codes.add(code('123456789', { kind: 'period', validity: { from: JUNE, until: JULY } })));
    await clock.run(codes.add(code('555555', { kind: 'once', validity: { from: JUNE, until: JULY } })));
    expect(shown(await clock.run(codes.list()))).toEqual([
      '4711 permanent {}',
      `123456789 period {"from":${JUNE},"until":${JULY}}`,
      `555555 once {"from":${JUNE},"until":${JULY}}`,
    ]);
  });

  test('open the lock at its keypad, and no more once removed', async () => {
    const { session, clock, lock } = await opened();
    await clock.run(session.act('lock'));
    await clock.run(session.codes!.add(code('4711')));
    expect(lock.hands.act('type_code', { digits: '4711' }).opened).toBe(true);
    await clock.run(session.codes!.remove(code('4711')));
    expect(lock.hands.act('type_code', { digits: '4711' }).opened).toBe(false);
  });

  test('can be changed', async () => {
    const { session, clock } = await opened();
    await clock.run(session.codes!.add(code('4711')));
    await clock.run(session.codes!.change!(code('4711'), code('4712')));
    expect(shown(await clock.run(session.codes!.list()))).toEqual(['4712 permanent {}']);
  });

  test('can be cleared, and an empty list is a list', async () => {
    const { session, clock } = await opened();
    await clock.run(session.codes!.add(code('4711')));
    await clock.run(session.codes!.clear());
    expect(await clock.run(session.codes!.list())).toEqual([]);
  });

  test.each([
    ['twice', 'duplicate_code'],
    ['that is not there', 'not_there'],
  ])('are refused in the lock’s own words: %s', async (what, reason) => {
    const { session, clock } = await opened();
    await clock.run(session.codes!.add(code('4711')));
    const work = what === 'twice' ? session.codes!.add(code('4711')) : session.codes!.remove(code('9999'));
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason]).toEqual(['rejected', reason]);
    expect(shown(await clock.run(session.codes!.list()))).toEqual(['4711 permanent {}']);
  });

  test.each(['123', '1234567890', '12a4', ''])('of impossible digits never leave us: %j', async digits => {
    const { session, clock } = await opened();
    const error = await clock.run(errorOf(session.codes!.add(code(digits))));
    expect([error.code, error.reason]).toEqual(['invalid', 'code_rules']);
    expect(error.message).not.toContain(digits || '-');
  });

  test('keep local time over the change to summer time', async () => {
    const zone = makeZone('Europe/Berlin');
    const { session, clock } = await opened({ zone });
    const validity = { from: Date.UTC(2026, 2, 28, 11), until: Date.UTC(2026, 2, 29, 10) };
    await clock.run(session.codes!.add(code('4711', { kind: 'period', validity })));
    expect((await clock.run(session.codes!.list()))[0]?.validity).toEqual(validity);
  });
});

describe('cards', () => {
  test('that are known come back with their number and dates', async () => {
    const { session, clock } = await opened();
    const cards = session.cards as NonNullable<typeof session.cards>;
    const some: Token[] = [
      { id: '3735928559', validity: {} },
      { id: '81985529216486895', validity: { from: JUNE, until: JULY } },
    ];
    for (const card of some) await clock.run(cards.add!(card));
    expect(await clock.run(cards.list())).toEqual(expect.arrayContaining(some));
  });

  test('open the lock until they are removed', async () => {
    const { session, clock, lock } = await opened();
    await clock.run(session.cards!.add!({ id: '3735928559', validity: {} }));
    expect(lock.hands.act('present_card', { card: '3735928559' }).opened).toBe(true);
    await clock.run(session.cards!.remove('3735928559'));
    expect(lock.hands.act('present_card', { card: '3735928559' }).opened).toBe(false);
  });

  test.each([{}, { paddedCards: true }])('are enrolled by a person who presents one (%j)', async knobs => {
    const { session, clock, lock } = await opened({ knobs });
    const steps: EnrolStep[] = [];
    const work = session.cards!.enrol(step => void steps.push(step));
    clock.after(3000, () => void lock.hands.act('present_card', { card: '305419896' }));
    const token = await clock.run(work);
    expect([token.id, steps.map(step => step.say)]).toEqual(['305419896', ['present', 'done']]);
    expect(await clock.run(session.cards!.list())).toEqual([token]);
  });

  test('take weekly hours', async () => {
    const { session, clock } = await opened();
    const weekly = [
      { day: 1, startMinute: 8 * 60, endMinute: 17 * 60 },
      { day: 7, startMinute: 0, endMinute: 24 * 60 },
    ];
    await clock.run(session.cards!.add!({ id: '3735928559', validity: {}, weekly }));
    expect((await clock.run(session.cards!.list())).length).toBe(1);
  });

  test('can be cleared', async () => {
    const { session, clock } = await opened();
    await clock.run(session.cards!.add!({ id: '1', validity: {} }));
    await clock.run(session.cards!.clear());
    expect(await clock.run(session.cards!.list())).toEqual([]);
  });

  test('that are not there cannot be removed', async () => {
    const { session, clock } = await opened();
    expect((await clock.run(errorOf(session.cards!.remove('5')))).reason).toBe('not_there');
  });
});

describe('fingers', () => {
  test('are enrolled touch by touch', async () => {
    const { session, clock, lock } = await opened();
    const steps: EnrolStep[] = [];
    const work = session.fingers!.enrol(step => {
      steps.push(step);
      if (step.say !== 'done') clock.after(1500, () => void lock.hands.act('present_finger', { finger: 'thumb' }));
    });
    const token = await clock.run(work);
    expect(steps[0]?.say).toBe('present');
    expect(steps.filter(step => step.say === 'again').length).toBeGreaterThan(1);
    expect(steps.at(-1)?.say).toBe('done');
    expect(await clock.run(session.fingers!.list())).toEqual([token]);
  });

  test('open until they are removed', async () => {
    const { session, clock, lock } = await opened();
    const work = session.fingers!.enrol(step => {
      if (step.say !== 'done') clock.after(1500, () => void lock.hands.act('present_finger', { finger: 'thumb' }));
    });
    const { id } = await clock.run(work);
    expect(lock.hands.act('present_finger', { finger: 'thumb' }).opened).toBe(true);
    await clock.run(session.fingers!.remove(id));
    expect(lock.hands.act('present_finger', { finger: 'thumb' }).opened).toBe(false);
  });

  test('cannot be added by number', async () => {
    expect(Object.keys((await opened()).session.fingers ?? {})).not.toContain('add');
  });

  test('give up when nobody comes, without leaving the lock waiting for us', async () => {
    const { session, clock } = await opened();
    const error = await clock.run(errorOf(session.fingers!.enrol(() => undefined)));
    expect(['rejected', 'timeout', 'unreachable']).toContain(error.code);
    expect(clock.elapsed()).toBeLessThan(60_000);
  });
});

describe('settings', () => {
  test.each([
    ['auto_lock_seconds', 30],
    ['sound', false],
    ['volume', 3],
    ['show_pin', false],
    ['remote_unlock', true],
    ['freeze', true],
    ['lamp_seconds', 12],
    ['passage_mode', true],
    ['tamper_alarm', true],
    ['reset_button', false],
    ['privacy_lock', true],
    ['direction', 'right'],
    ['direction', 'left'],
  ] as const)('%s is written and read back as %j', async (name, value) => {
    const { session, clock } = await opened();
    await clock.run(session.settings!.write(name, value));
    expect(await clock.run(session.settings!.read(name))).toBe(value);
  });

  test('of the switches leave each other alone', async () => {
    const { session, clock } = await opened();
    const settings = session.settings as NonNullable<typeof session.settings>;
    const before = await clock.run(settings.read('tamper_alarm'));
    await clock.run(settings.write('direction', 'left'));
    await clock.run(settings.write('direction', 'right'));
    expect(await clock.run(settings.read('tamper_alarm'))).toBe(before);
  });

  test('switch passage mode off again', async () => {
    const { session, clock } = await opened();
    await clock.run(session.settings!.write('passage_mode', true));
    await clock.run(session.settings!.write('passage_mode', false));
    expect(await clock.run(session.settings!.read('passage_mode'))).toBe(false);
  });

  test.each([
    ['auto_lock_seconds', 100_000],
    ['auto_lock_seconds', true],
    ['sound', 1],
    ['direction', 'up'],
  ])('out of range never leave us: %s %j', async (name, value) => {
    const { session, clock } = await opened();
    expect((await clock.run(errorOf(session.settings!.write(name, value)))).code).toBe('invalid');
  });

  test('that a lock lacks are not offered', async () => {
    const { session, clock } = await opened({ variant: 'padlock' });
    expect(session.abilities.settings.map(one => one.name)).not.toContain('direction');
    expect((await clock.run(errorOf(session.settings!.read('direction')))).code).toBe('unsupported');
  });

  test('cover what the features of the deadbolt promise', async () => {
    const { session } = await opened();
    expect(session.abilities.settings.map(one => one.name)).toEqual([
      'auto_lock_seconds',
      'sound',
      'volume',
      'show_pin',
      'remote_unlock',
      'freeze',
      'lamp_seconds',
      'passage_mode',
      'tamper_alarm',
      'reset_button',
      'privacy_lock',
      'direction',
    ]);
  });
});

describe('the clock', () => {
  test.each(['UTC', 'America/St_Johns'])('is set and read in the wall time of %s', async name => {
    const { session, clock } = await opened({ zone: makeZone(name) });
    await clock.run(session.clock!.set(JULY));
    expect(Math.abs((await clock.run(session.clock!.read())) - JULY)).toBeLessThan(2000);
  });

  test('can be set on a lock that has lost it', async () => {
    const { session, clock, lock } = await opened();
    lock.wall = Date.UTC(2000, 0, 1);
    await clock.run(session.clock!.set(clock.now()));
    expect(Math.abs(lock.wall - clock.now())).toBeLessThan(2000);
    await clock.run(session.act('unlock'));
  });
});

describe('the log', () => {
  test('says who did what, oldest first', async () => {
    const { session, clock, lock } = await opened();
    await clock.run(session.codes!.add(code('4711')));
    await clock.run(session.act('lock'));
    lock.hands.act('type_code', { digits: '4711' });
    lock.hands.act('type_code', { digits: '9999' });
    const { records, more } = await clock.run(session.records!.read(undefined, 50));
    expect(more).toBe(false);
    const told = records.map(one => `${one.source} ${one.type} ${one.credential?.value.reveal() ?? ''}`);
    expect(told).toEqual(expect.arrayContaining(['app locked 0', 'keypad unlocked 4711', 'keypad wrong_code 9999']));
    expect(records.map(one => one.record)).toEqual(records.map(one => one.record).toSorted((a, b) => a! - b!));
  });

  test('goes on where it ended, without gap or repeat', async () => {
    const { session, clock } = await opened();
    const all: (number | undefined)[] = [];
    let cursor: number | undefined;
    for (let round = 0; round < 6; round++) {
      await clock.run(session.act(round % 2 ? 'unlock' : 'lock'));
      const read = await clock.run(session.records!.read(cursor, 1));
      all.push(...read.records.map(one => one.record));
      cursor = read.cursor;
    }
    for (let more = true; more;) {
      const read = await clock.run(session.records!.read(cursor, 3));
      all.push(...read.records.map(one => one.record));
      ({ cursor, more } = read);
    }
    const first = all[0] as number;
    expect(all).toEqual(all.map((_, i) => first + i));
    expect(all.length).toBeGreaterThanOrEqual(6);
  });

  test('gives again what was read and never stored', async () => {
    const { session, clock } = await opened();
    await clock.run(session.act('lock'));
    const stored = await clock.run(session.records!.read(undefined, 50));
    await clock.run(session.act('unlock'));
    const lost = await clock.run(session.records!.read(stored.cursor, 50));
    await clock.run(session.act('lock'));
    const again = await clock.run(session.records!.read(stored.cursor, 50));
    expect(again.records.map(one => one.type)).toEqual([...lost.records.map(one => one.type), 'locked']);
  });

  test('has nothing to tell twice', async () => {
    const { session, clock } = await opened();
    await clock.run(session.act('lock'));
    const { cursor } = await clock.run(session.records!.read(undefined, 50));
    expect((await clock.run(session.records!.read(cursor, 50))).records).toEqual([]);
  });

  test('clears the advert’s sign of new records', async () => {
    const at = await opened();
    await at.clock.run(at.session.act('lock'));
    await at.clock.run(at.session.records!.read(undefined, 50));
    await at.clock.run(at.session.close());
    await at.clock.advance(100);
    expect((at.lock.advert()?.manufacturer?.[3] ?? 0) & 0x02).toBe(0);
  });

  test.each([{ staleCursor: 1 }, { staleCursor: 5 }, { needLogin: [0x25] }, { explicitReadsMoveBookmark: true }])(
    'is read from a lock with %j',
    async knobs => {
      const { session, clock, lock } = await opened();
      await clock.run(session.act('lock'));
      Object.assign(lock.knobs, knobs);
      const first = await clock.run(session.records!.read(undefined, 50));
      const second = await clock.run(session.records!.read(first.cursor, 50));
      const third = await clock.run(session.records!.read(second.cursor, 50));
      const all = [...first.records, ...second.records, ...third.records].map(one => one.type);
      expect(all.filter(type => type === 'locked')).toEqual(['locked']);
    },
  );
});

describe('inspecting', () => {
  test('fills in what the lock says of itself', async () => {
    const { session, clock } = await opened();
    const { facts, abilities } = await clock.run(session.inspect!());
    expect(facts).toMatchObject({ model: 'SN138-BL02_PV53', hardware: '1.3', firmware: '6.0.21.210519' });
    expect(abilities.kind).toBe('deadbolt');
    expect(session.facts).toEqual(facts);
  });

  test('keeps the administrator code in the key and nowhere else', async () => {
    const { session, clock, lock } = await opened();
    const { facts } = await clock.run(session.inspect!());
    const pin = lock.secrets?.adminCode as string;
    expect(session.updated?.data.reveal()['adminPin']).toBe(pin);
    expect(JSON.stringify([facts, session.updated])).not.toContain(pin);
  });

  test.each([{ refuse: [0x90, 0x65, 0x36, 0x01] }, { needLogin: [0x01, 0x90] }])('tolerates %j', async knobs => {
    const { session, clock, lock } = await opened();
    Object.assign(lock.knobs, knobs);
    await clock.run(session.inspect!());
    await clock.run(session.readState());
    expect(session.abilities.kind).toBe('deadbolt');
  });
});

describe('kinds of locks', () => {
  test.each([
    ['deadbolt', 'deadbolt', ['lock', 'unlock'], 'settable'],
    ['lever', 'lever', ['lock', 'unlock'], 'mechanical'],
    ['cylinder', 'cylinder', ['lock', 'unlock'], 'mechanical'],
    ['padlock', 'padlock', ['unlock'], 'none'],
    ['key_box', 'key_box', ['unlock'], 'none'],
  ] as const)('%s', async (variant, kind, verbs, orientation) => {
    const { session } = await opened({ variant });
    expect([session.abilities.kind, session.abilities.verbs, session.abilities.orientation]).toEqual([
      kind,
      verbs,
      orientation,
    ]);
  });

  test('a key box opens and is closed by hand', async () => {
    const { session, clock, lock } = await opened({ variant: 'key_box' });
    await clock.run(session.act('unlock'));
    expect(lock.bolt).toBe('unlocked');
    expect((await clock.run(errorOf(session.act('lock')))).code).toBe('unsupported');
  });
});

describe('a virtual lock that is unkind', () => {
  test.each([
    { headerCheck: 'own' },
    { pushInside: true },
    { replyEncryptZero: true },
    { crLfInside: true },
    { splitCrLf: true },
    { garbagePrefix: true },
    { pushes: 'before' },
    { shortReplies: true },
    { readFirst: true },
    { pushDelay: 0 },
  ] as const)('%j is lived with', async knobs => {
    const at = await opened({ knobs, lock: { header: { group: 10, organisation: 34 } } });
    await at.clock.run(at.session.act('unlock'));
    await at.clock.run(at.session.act('lock'));
    await at.clock.run(at.session.readState());
    expect([at.lock.bolt, at.lock.moves]).toEqual(['locked', 2]);
  });

  test('that needs its own header teaches it to a key that has none', async () => {
    const at = await opened({ lock: { header: { group: 10, organisation: 34 } } });
    await at.clock.run(at.session.close());
    at.lock.knobs.headerCheck = 'own';
    const data = { ...at.key.data.reveal(), header: { type: 5, version: 3, scene: 1, group: 1, org: 1 } };
    const again = await reopened(at, { family: 'ttlock', data: new Secret(data) });
    expect(again.updated?.data.reveal()['header']).toMatchObject({ group: 10, org: 34 });
  });

  test('stays connected as long as it is asked every 2 s', async () => {
    const { session, clock } = await opened();
    for (let i = 0; i < 30; i++) {
      await clock.advance(session.abilities.holdEveryMs);
      await clock.run(session.keepAlive());
    }
    expect(clock.elapsed()).toBeGreaterThan(60_000);
  });

  test('hangs up when nothing is asked, which the session shows', async () => {
    const { session, clock } = await opened();
    let closed = false;
    void session.closed.then(() => (closed = true));
    await clock.advance(6000);
    expect(closed).toBe(true);
    expect((await clock.run(errorOf(session.readState()))).code).toBe('unreachable');
  });

  test('that jams and says so is not believed to have moved', async () => {
    const { session, clock, lock } = await opened();
    lock.knobs.jam = 'refuse';
    const error = await clock.run(errorOf(session.act('lock')));
    expect([error.code, lock.moves]).toEqual(['rejected', 0]);
  });

  test('pushes what happens at the door while we are connected', async () => {
    const { session, clock, lock, reports } = await opened();
    await clock.run(session.readState());
    reports.length = 0;
    lock.hands.act('thumb', { to: 'unlock' });
    await clock.advance(500);
    expect(reports).toMatchObject([{ kind: 'state', battery: 100 }]);
    await clock.run(session.keepAlive());
    expect(reports.at(-1)).toMatchObject({ bolt: 'unlocked' });
  });

  test('under another owner refuses our key', async () => {
    const at = await opened();
    await at.clock.run(at.session.close());
    at.lock.knobs.foreignOwner = true;
    const error = await errorOf(reopened(at, at.key));
    expect([error.code, error.reason]).toEqual(['unauthenticated', 'key_refused']);
  });

  test('leaves no link behind when it is deaf', async () => {
    const at = await opened();
    await at.clock.run(at.session.close());
    at.lock.knobs.deaf = true;
    expect(['timeout', 'unreachable']).toContain((await errorOf(reopened(at, at.key))).code);
    at.lock.knobs.deaf = false;
    expect((await connect(at)).mtu).toBe(23);
  });
});
