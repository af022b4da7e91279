// Codes, cards and fingers of an open session with a virtual lock.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { makeZone } from '../../../src/base/zone.ts';
import type { Code, EnrolStep, Token } from '../../../src/lock/driver.ts';
import { errorOf } from './fake-lock.ts';
import { opened } from './virtual.ts';

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
    clock.after(10_000, () => void lock.hands.act('present_card', { card: '305419896' }));
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
