// Sessions with a lock that behaves, and with one that misbehaves in one way at a time.
import { describe, expect, test } from 'vitest';
import { hex } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import { lockState } from '../../../src/drivers/nuki/state-wire.ts';
import type { Verb } from '../../../src/lock/lock.ts';
import { ACCEPTED, type Answers, DONE, FakeNuki, LOCKED, OTHER_KEY, no, standing } from './fake-nuki.ts';
import { credential, errorOf, opened, stage, states, without } from './stage.ts';

const moves = (...on: readonly number[]): string[] => on.map(state => `000c ${standing(state)}`);
const { locked, unlocking, unlocked, locking, unlatching, unlatched, blocked } = lockState;

describe('opening', () => {
  test('hears both characteristics and asks how the lock stands, under our key', async () => {
    const lock = new FakeNuki();
    const { clock, ground, reports } = stage();
    await clock.run(nuki.open(lock, ground, credential()));
    expect([lock.subscribed, lock.asked, lock.confirmed]).toEqual([['e202', 'e201'], ['0001 0c00'], [true]]);
    expect(states(reports)).toEqual([{ kind: 'state', bolt: 'locked', door: 'closed', battery: 86, trust: 'proven' }]);
  });

  test.each([
    ['recorded ten minutes ago', Date.UTC(2026, 0, 15, 20, 40, 50)],
    ['of a clock that is ahead by a day', Date.UTC(2026, 0, 14, 20, 30, 50)],
  ])('takes an answer that may be %s for told, not for proven', async (_, now) => {
    const { clock, ground, reports } = stage(now);
    await clock.run(nuki.open(new FakeNuki(), ground, credential()));
    expect(states(reports)).toMatchObject([{ bolt: 'locked', trust: 'told' }]);
  });

  test.each([
    ['another key', { key: OTHER_KEY }],
    ['another number for us', { authId: 1 }],
  ])('is refused by a lock with %s, in the clear', async (_, change) => {
    const lock = Object.assign(new FakeNuki(), change);
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(nuki.open(lock, ground, credential())));
    expect([error.code, error.reason, lock.isOpen, clock.elapsed()]).toEqual([
      'unauthenticated',
      'key_refused',
      false,
      0,
    ]);
  });

  test('with a key that never got a number fails without a word to the lock', async () => {
    const lock = new FakeNuki();
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(nuki.open(lock, ground, without('authId'))));
    expect([error.reason, lock.asked, lock.isOpen]).toEqual(['key_refused', [], false]);
  });

  test('takes a provisional key for good once the lock answers to it', async () => {
    const { session } = await opened({}, credential({ status: 'provisional' }));
    expect(session.updated?.data.reveal()['status']).toBe('committed');
  });

  test('has nothing to store when nothing was learnt', async () => {
    expect((await opened()).session.updated).toBeUndefined();
  });

  test('asks once more after a silence, then gives up and hangs up', async () => {
    const lock = new FakeNuki({ '0001 0c00': [] });
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(nuki.open(lock, ground, credential())));
    expect([error.code, lock.commands, lock.isOpen]).toEqual(['timeout', '?0c ?0c', false]);
  });

  test('works in pieces of 20 bytes', async () => {
    const lock = new FakeNuki();
    lock.piece = 20;
    const { clock, ground, reports } = stage();
    await clock.run(nuki.open(lock, ground, credential()));
    expect(states(reports).length).toBe(1);
  });

  test('is tried under a damaged key by nobody', async () => {
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(nuki.open(new FakeNuki(), ground, credential({ shared: 'ff' }))));
    expect(error.code).toBe('invalid');
  });
});

describe('the state', () => {
  test.each([
    [locked, 'locked'],
    [unlocked, 'unlocked'],
    [lockState.unlockedLockNGo, 'unlocked'],
    [unlatched, 'unlatched'],
    [blocked, 'jammed'],
    [lockState.uncalibrated, 'unknown'],
    [lockState.undefined, 'unknown'],
    [0x77, 'unknown'],
  ])('%i is %s', async (state, bolt) => {
    const { lock, session, clock, reports } = await opened();
    lock.state = standing(state);
    await clock.advance(2000);
    await clock.run(session.readState());
    expect(states(reports).at(-1)).toMatchObject({ bolt, trust: 'proven' });
  });

  test('of just now is not asked again', async () => {
    const { lock, session, clock, reports } = await opened();
    await clock.run(session.readState());
    expect([lock.asked, states(reports).length]).toEqual([[], 1]);
  });

  test('of a bolt on its way is asked until it has arrived', async () => {
    const { lock, session, clock, reports } = await opened({
      '0001 0c00': (_, count) => moves(count < 4 ? unlocking : unlocked),
    });
    await clock.run(session.readState());
    expect(states(reports).at(-1)).toMatchObject({ bolt: 'unlocked' });
    expect(lock.commands).toBe('?0c ?0c ?0c');
  });

  test.each([
    ['27 bytes', LOCKED, { battery: 86, door: 'closed' }],
    ['26 bytes', LOCKED.slice(0, 52), { battery: 86, door: 'closed' }],
    ['19 bytes', LOCKED.slice(0, 38), { battery: 86, door: 'closed' }],
    ['15 bytes, with batteries that say only that they are good', '020100e0070307080f1e3c0000200a', {}],
    ['15 bytes, with batteries that are low', '020100e0070307080f1e3c0001200a', { battery: 10 }],
    ['an open door', LOCKED.replace(/^(.{36})02/, '$103'), { door: 'open' }],
  ])('of %s is told', async (_, state, due) => {
    const { lock, session, clock, reports } = await opened();
    lock.state = state;
    await clock.advance(2000);
    await clock.run(session.readState());
    expect(states(reports).at(-1)).toMatchObject({ bolt: 'locked', ...due });
  });

  test('of a door that nobody watches says nothing of the door', async () => {
    const { lock, reports } = await opened();
    lock.say(`000c ${LOCKED.replace(/^(.{36})02/, '$101')}`);
    expect(states(reports)).toEqual([{ kind: 'state', bolt: 'locked', battery: 86, trust: 'proven' }]);
  });

  test('that comes unasked is told', async () => {
    const { lock, reports } = await opened();
    lock.say(...moves(unlocked));
    expect(states(reports)).toMatchObject([{ bolt: 'unlocked' }]);
  });

  test('that comes twice is told once', async () => {
    const { lock, reports } = await opened();
    const frame = `raw:${hex(lock.sealed(`000c ${standing(unlocked)}`))}`;
    lock.say(frame, frame);
    expect(states(reports).length).toBe(1);
  });

  test('tells whether there is a door sensor', async () => {
    const { session } = await opened({}, credential({ seen: { door: false } }));
    expect([session.abilities.door, session.updated?.data.reveal()['seen']]).toEqual([true, { door: true }]);
  });
});

describe('moving', () => {
  const healthy: Answers = {
    '000d': payload =>
      ({
        '01': [ACCEPTED, ...moves(unlocking, unlocked), DONE],
        '02': [ACCEPTED, ...moves(locking, locked), DONE],
        '03': [ACCEPTED, ...moves(unlatching, unlatched)],
      })[payload.slice(0, 2)] ?? [no(0x23)],
  };

  test.each([
    ['unlock', '01', ['unlocking', 'unlocked']],
    ['lock', '02', ['locking', 'locked']],
    ['unlatch', '03', ['unlocking', 'unlatched']],
  ] as [Verb, string, string[]][])(
    'to %s answers a fresh challenge, and tells each state',
    async (verb, code, bolts) => {
      const { lock, session, clock, reports } = await opened(healthy);
      await clock.run(session.act(verb));
      expect(lock.asked).toEqual(['0001 0400', `000d ${code}0403020100`]);
      expect(states(reports).map(report => report.kind === 'state' && report.bolt)).toEqual(bolts);
    },
  );

  test('twice takes two challenges', async () => {
    const { lock, session, clock } = await opened(healthy);
    await clock.run(session.act('lock'));
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('?04 0d ?04 0d');
  });

  test('to where it stands is done without a move', async () => {
    const { session, clock, reports } = await opened({ '000d': [DONE] });
    await clock.run(session.act('lock'));
    expect(states(reports)).toEqual([]);
  });

  test('is done when the lock says that the bolt is there, though its "done" got lost', async () => {
    const { session, clock, lock } = await opened({ '000d': [ACCEPTED, ...moves(locking, locked)] });
    await clock.run(session.act('lock'));
    expect([lock.isOpen, clock.elapsed()]).toEqual([true, 1500]);
  });

  test('that failed after the bolt was there has failed', async () => {
    const { session, clock } = await opened({ '000d': [ACCEPTED, ...moves(locking, locked), no(0x42, 0x0d)] });
    expect((await clock.run(errorOf(session.act('lock')))).reason).toBe('obstacle');
  });

  test('asks how the lock stands when nothing came back, and believes that', async () => {
    const { session, clock, lock } = await opened({ '000d': [] });
    await clock.run(session.act('lock'));
    expect([lock.commands, lock.isOpen]).toEqual(['?04 0d ?0c', true]);
  });

  test('may have happened when nothing came back and the lock stands elsewhere', async () => {
    const { session, clock, lock } = await opened({ '000d': [] });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted, lock.isOpen, lock.commands.match(/0d/g)?.length]).toEqual([
      'timeout',
      'maybe',
      false,
      1,
    ]);
  });

  test('may have happened when the link drops', async () => {
    const { session, clock } = await opened({ '000d': 'drop' });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted]).toEqual(['unreachable', 'maybe']);
  });

  test('has not happened when the link drops before it was said', async () => {
    const { session, clock, lock } = await opened({ '0001 0400': 'drop' });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.acted, lock.commands]).toEqual(['no', '?04']);
  });

  test('takes another challenge when the lock calls ours stale, once', async () => {
    const { session, clock, lock } = await opened({ '000d': (_, count) => (count < 2 ? [no(0x22)] : [DONE]) });
    await clock.run(session.act('lock'));
    expect(lock.commands).toBe('?04 0d ?04 0d');
    lock.answers = { '000d': [no(0x22)] };
    expect((await clock.run(errorOf(session.act('lock')))).reason).toBe('challenge_refused');
  });

  test('waits for a lock that is busy, a few seconds and no longer', async () => {
    const { session, clock, lock } = await opened({ '000d': [no(0x45)] });
    const error = await clock.run(errorOf(session.act('lock')));
    expect([error.reason, error.acted, clock.elapsed(), lock.isOpen]).toEqual(['lock_busy', 'no', 3000, true]);
  });

  test.each([
    [0x42, 'obstacle', 'maybe'],
    [0x44, 'mechanism', 'maybe'],
    [0x46, 'cancelled', 'maybe'],
    [0x49, 'battery_low', 'maybe'],
    [0x25, 'not_permitted', 'no'],
    [0x27, 'not_permitted', 'no'],
    [0x40, 'too_recent', 'no'],
    [0x47, 'not_calibrated', 'no'],
    [0x4d, 'update_needed', 'no'],
    [0x99, 'vendor_error:153', 'no'],
  ])('that the lock refuses with error %i says why, and keeps the session', async (code, reason, acted) => {
    const { session, clock, lock } = await opened({ '000d': [no(code, 0x0d)] });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.reason, error.acted, lock.isOpen]).toEqual(['rejected', reason, acted, true]);
  });

  test('tells that the motor is blocked', async () => {
    const { session, clock, reports } = await opened({ '000d': [ACCEPTED, ...moves(unlocking, blocked), no(0x42)] });
    await clock.run(errorOf(session.act('unlock')));
    expect(states(reports).at(-1)).toMatchObject({ bolt: 'jammed' });
  });

  test('is ended by a stop', async () => {
    const { session, clock, stop, lock } = await opened({ '000d': [ACCEPTED] });
    const work = errorOf(session.act('lock'));
    await clock.settle();
    stop.abort(new LockError('timeout', 'The time is up.'));
    const error = await clock.run(work);
    expect([error.code, error.acted, lock.isOpen]).toEqual(['timeout', 'maybe', false]);
  });
});

describe('what comes between', () => {
  test('a late "done" and a state do not answer the next question', async () => {
    const { session, clock, lock } = await opened({ '000d': [DONE] });
    lock.answers = {
      ...lock.answers,
      '0001 0400': (_, count) => (count === 1 ? [DONE, `000c ${LOCKED}`, `0004 ${'11'.repeat(32)}`] : []),
      '000d': [DONE],
    };
    // The made-up challenge is refused by the lock, and that is all.
    expect((await clock.run(errorOf(session.act('lock')))).code).not.toBe('malformed');
  });

  test('a message for another client ends the session', async () => {
    const { session, clock, lock } = await opened();
    await clock.advance(2000);
    lock.answers = { '0001 0c00': () => ((lock.authId = 7), [`000c ${LOCKED}`]) };
    const error = await clock.run(errorOf(session.readState()));
    expect([error.code, error.reason, lock.isOpen]).toEqual(['malformed', 'authid', false]);
  });

  test('a message under another key ends the session, and the key stays good', async () => {
    const { session, clock, lock } = await opened();
    await clock.advance(2000);
    lock.answers = { '0001 0c00': () => ((lock.key = OTHER_KEY), [`000c ${LOCKED}`]) };
    const error = await clock.run(errorOf(session.readState()));
    expect([error.code, error.reason, lock.isOpen]).toEqual(['malformed', 'mac', false]);
  });

  test('garbage between messages is skipped', async () => {
    const { session, clock, lock, reports } = await opened();
    lock.say(`raw:${'00'.repeat(30)}`);
    await clock.advance(2000);
    await clock.run(session.readState());
    expect(states(reports).length).toBe(1);
  });

  test('an error in the clear that is none of "not authorised" ends the session and blames no key', async () => {
    const { session, clock, lock } = await opened({ '0001 0400': ['plain:0012 fd0000'] });
    const error = await clock.run(errorOf(session.act('lock')));
    expect([error.code, lock.isOpen]).toEqual(['malformed', false]);
  });

  test('"not authorised" in the clear on the sealed characteristic is heard too', async () => {
    const { session, clock } = await opened({ '0001 0400': ['raw:120020000013d7'] });
    expect((await clock.run(errorOf(session.act('lock')))).reason).toBe('key_refused');
  });
});

test('a session that is held asks how the lock stands', async () => {
  const { session, clock, lock } = await opened();
  await clock.run(session.keepAlive());
  expect([lock.commands, session.abilities.holdEveryMs]).toEqual(['?0c', 10_000]);
});
