// Sessions with a lock that misbehaves in one way at a time.
import { describe, expect, test } from 'vitest';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import type { LockSession } from '../../../src/lock/driver.ts';
import {
  type Answers,
  FakeLock,
  OTHER_KEY,
  SUM,
  advert,
  credential,
  errorOf,
  logins,
  stage,
  states,
} from './fake-lock.ts';

const ok: Answers = { ...logins, '14': ['14015a00'], '47': ['47015a'], '58': ['58015a'] };

async function opened(answers: Answers = ok, change = {}) {
  const lock = new FakeLock(answers);
  const at = stage();
  const session: LockSession = await at.clock.run(ttlock.open(lock, at.ground, credential(change), advert));
  return { lock, session, ...at };
}

/** A session whose first challenge is too old to be used. */
async function rested(answers: Answers = ok, change = {}) {
  const scene = await opened(answers, change);
  await scene.clock.advance(1500);
  return scene;
}

describe('opening', () => {
  test('asks one login that holds no secret, after a read and half a second', async () => {
    const { lock, clock } = await opened();
    expect(lock.asked).toEqual(['55 00011f0e00630b1e0e0000000000000000']);
    expect(lock.reads).toEqual(['2a19']);
    expect(clock.elapsed()).toBe(500);
  });

  test('shows the lock the dates of a shared key, in its wall time', async () => {
    const window = { from: Date.UTC(2026, 4, 1, 8), until: Date.UTC(2026, 5, 1, 20, 30) };
    const { lock } = await opened(ok, { window });
    expect(lock.asked).toEqual(['55 1a050108001a0601141e00000000000000']);
  });

  test('gives nothing of the key to a lock that answers under another key', async () => {
    const lock = new FakeLock(ok);
    const { clock, ground } = stage();
    lock.key = OTHER_KEY;
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect([error.code, error.reason, lock.commands, lock.isOpen]).toEqual([
      'unauthenticated',
      'key_refused',
      '55',
      false,
    ]);
  });

  test.each(['0d', '03', '06', '05'])('says that the key is refused when both logins end with error %s', async code => {
    const lock = new FakeLock({ '55': [`5500${code}`], '41': [`4100${code}`] });
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect([error.code, error.reason, lock.isOpen]).toEqual(['unauthenticated', 'key_refused', false]);
  });

  test('tries the header that a refusing lock shows, then keeps it', async () => {
    const lock = new FakeLock({ ...ok, '55': (_, count) => (count === 1 ? ['550013'] : ['55010000db7a']) });
    lock.header = { ...lock.header, group: 10, org: 34 };
    const { clock, ground } = stage();
    const session = await clock.run(ttlock.open(lock, ground, credential(), advert));
    expect(lock.headers.map(h => `${h.scene}.${h.group}.${h.org}`)).toEqual(['2.1.1', '2.10.34']);
    expect(session.updated?.data.reveal()['header']).toMatchObject({ group: 10, org: 34 });
  });

  test('tries the plain header last', async () => {
    const lock = new FakeLock({ ...ok, '55': (_, count) => (count < 3 ? ['550013'] : ['55010000db7a']) });
    lock.header = { ...lock.header, group: 10, org: 34 };
    const { clock, ground } = stage();
    await clock.run(ttlock.open(lock, ground, credential(), advert));
    expect(lock.headers.map(h => `${h.scene}.${h.group}.${h.org}`)).toEqual(['2.1.1', '2.10.34', '1.1.1']);
  });

  test('has nothing to store when nothing was learnt', async () => {
    expect((await opened()).session.updated).toBeUndefined();
  });

  test('takes a provisional key for good once the lock answers to it', async () => {
    const { session } = await opened(ok, { status: 'provisional' });
    expect(session.updated?.data.reveal()['status']).toBe('committed');
  });

  test('asks what an imported lock can do, and stores it', async () => {
    const change = { features: '0', header: null };
    const data = { ...credential(change).data.reveal() } as Record<string, never>;
    delete data['features'];
    delete data['header'];
    const lock = new FakeLock({ ...ok, '01': ['01016471c4f5f100000510'] });
    const { clock, ground } = stage();
    const foreign = ttlock.importCredential?.({ family: 'ttlock', data })?.[0]?.credential;
    const session = await clock.run(ttlock.open(lock, ground, foreign as never, advert));
    expect(session.updated?.data.reveal()).toMatchObject({ features: '51071c4f5f1', header: { scene: 2 } });
    expect(session.abilities.kind).toBe('deadbolt');
  });

  test('falls back to the administrator when the lock has lost its clock', async () => {
    const { lock, session, clock } = await opened({ ...ok, '55': ['550011'] });
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('55 41 55 41 47');
  });

  test('ends with silence as a timeout that did nothing', async () => {
    const lock = new FakeLock({ '55': [], '01': [] });
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect([error.code, error.acted, lock.commands, lock.isOpen]).toEqual([
      'timeout',
      'no',
      '55 01 01 01 01 01 01',
      false,
    ]);
    expect(clock.armed).toBe(0);
  });
});

describe('a lock that does not answer the login', () => {
  test('is asked once more when it answers something else under our key', async () => {
    const lock = new FakeLock({ '55': (_, count) => (count === 1 ? [] : ['55010000db7a']), '01': ['01016471c4f5f1'] });
    const { clock, ground } = stage();
    await clock.run(ttlock.open(lock, ground, credential(), advert));
    expect(lock.commands).toBe('55 01 55');
  });

  test('has another key when its answer to an empty question cannot be read', async () => {
    const lock = new FakeLock({ '55': [], '01': ['01016471c4f5f1'] });
    lock.key = OTHER_KEY;
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect([error.reason, lock.commands]).toEqual(['key_refused', '55 01']);
  });
});

describe('moving the bolt as the first thing in a session', () => {
  test('uses the challenge of the proof, so that a cold command needs two questions', async () => {
    const { lock, session, clock } = await opened();
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('55 47');
  });

  test('asks anew when anything else was asked in between', async () => {
    const { lock, session, clock } = await opened();
    await clock.run(session.readState());
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('55 14 55 47');
  });

  test('asks anew for the second time', async () => {
    const { lock, session, clock } = await opened();
    await clock.run(session.act('unlock'));
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('55 47 55 47');
  });

  test('asks anew when the lock does not take that challenge any more', async () => {
    const { lock, session, clock } = await opened({
      ...ok,
      '47': (_payload, count) => (count === 1 ? ['470008'] : ['47015a']),
    });
    await clock.run(session.act('unlock'));
    expect(lock.commands).toBe('55 47 55 47');
  });
});

describe('moving the bolt', () => {
  test('asks a fresh challenge right before', async () => {
    const { lock, session, clock } = await rested();
    await clock.run(session.act('unlock'));
    expect(lock.asked.slice(1)).toEqual(['55 00011f0e00630b1e0e0000000000000000', `47 ${SUM}6a01e64d`]);
  });

  test('reports what the lock said yes to', async () => {
    const { session, clock, reports } = await rested();
    await clock.run(session.act('lock'));
    expect(states(reports)).toEqual([{ kind: 'state', bolt: 'locked', battery: 90, trust: 'told' }]);
  });

  test('is not tried again when the answer is lost, and says that the lock may have moved', async () => {
    const { lock, session, clock } = await rested({ ...ok, '47': [] });
    const error = await clock.run(errorOf(session.act('unlock')));
    // 14 asks how the bolt stands: it is still out.
    expect([error.code, error.acted, lock.commands]).toEqual(['timeout', 'maybe', '55 55 47 14']);
    expect(lock.isOpen).toBe(false);
  });

  test('is done when only the answer is lost and the lock, asked on the same link, says so', async () => {
    const { lock, session, clock, reports } = await rested({ ...ok, '58': [] });
    await clock.run(session.act('lock'));
    expect([lock.commands, lock.isOpen]).toEqual(['55 55 58 14', true]);
    expect(states(reports)).toMatchObject([{ bolt: 'locked' }]);
  });

  test('did nothing when the link drops before the last piece of the command', async () => {
    const { lock, session, clock } = await rested();
    // Pieces: 3 for each login of 45 + 2 bytes, then 29 + 2 bytes in two pieces.
    lock.onPiece = count => void (count === 7 && lock.close());
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted]).toEqual(['unreachable', 'no']);
  });

  test('may have moved when the link drops with the last piece', async () => {
    const { lock, session, clock } = await rested();
    lock.onPiece = count => void (count === 8 && lock.close());
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted]).toEqual(['unreachable', 'maybe']);
  });

  test('did nothing when the challenge is not answered', async () => {
    const { session, clock } = await rested({ ...ok, '55': (_, n) => (n === 1 ? ['55010000db7a'] : []) });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted]).toEqual(['timeout', 'no']);
  });

  test.each([
    ['0a', 'battery_low'],
    ['1c', 'frozen'],
    ['1e', 'double_locked'],
    ['0d', 'key_revoked'],
    ['08', 'challenge_refused'],
  ])('keeps the session after the lock’s own no %s', async (code, reason) => {
    const { lock, session, clock } = await rested({ ...ok, '47': [`4700${code}`] });
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.reason, error.acted, lock.isOpen]).toEqual(['rejected', reason, 'no', true]);
  });

  test('may have moved when the lock accepted and keeps the result to itself', async () => {
    const { session, clock } = await rested({ ...ok, '47': ['470024'] });
    expect((await clock.run(errorOf(session.act('unlock')))).acted).toBe('maybe');
  });

  test('does not take a status push for the answer, and reports it', async () => {
    const { session, clock, reports } = await rested({ ...ok, '47': ['push:14015a0100', '47015a'] });
    await clock.run(session.act('unlock'));
    expect(states(reports).map(report => report.kind === 'state' && report.bolt)).toEqual(['unlocked', 'unlocked']);
  });

  test('cannot lock a key box by command, and sends nothing', async () => {
    const { lock, session, clock } = await rested(ok, { features: '1', header: { ...advertHeader, scene: 8 } });
    const error = await clock.run(errorOf(session.act('lock')));
    expect([error.code, error.reason, lock.commands]).toEqual(['unsupported', 'close_by_hand', '55']);
    expect(error.message).toContain('by hand');
  });
});

const advertHeader = { type: 5, version: 3, scene: 2, group: 1, org: 1 };

describe('asking for the state', () => {
  test.each([
    ['two bytes', ['14015a01'], { bolt: 'unlocked', battery: 90 }],
    ['three bytes', ['14015a0001'], { bolt: 'locked', battery: 90 }],
    ['the answer in the guise of a push', ['push:14015a01'], { bolt: 'unlocked' }],
    ['a byte that nobody knows', ['14015a07'], { bolt: 'unknown' }],
  ])('takes %s', async (_, answer, due) => {
    const { session, clock, reports } = await opened({ ...ok, '14': answer });
    await clock.run(session.readState());
    expect(states(reports)).toMatchObject([due]);
  });

  test('takes the third byte for the door on locks with a door sensor', async () => {
    const features = (BigInt('0x51071c4f5f1') | (1n << 45n)).toString(16);
    const { session, clock, reports } = await opened({ ...ok, '14': ['14015a0001'] }, { features });
    await clock.run(session.readState());
    expect(states(reports)).toMatchObject([{ bolt: 'locked', door: 'open' }]);
  });

  test('lets the long push pass and waits for the answer', async () => {
    const { session, clock, reports } = await opened({
      ...ok,
      '14': ['push:14015b000000000000002a1a050b0e1707', '14015a01'],
    });
    await clock.run(session.readState());
    expect(states(reports)).toEqual([
      { kind: 'state', battery: 91, trust: 'told' },
      { kind: 'recorded' },
      { kind: 'state', bolt: 'unlocked', battery: 90, trust: 'told' },
    ]);
  });

  test('asks again after a silence, since asking changes nothing', async () => {
    const { lock, session, clock } = await opened({ ...ok, '14': (_, n) => (n === 1 ? [] : ['14015a00']) });
    await clock.run(session.readState());
    expect(lock.commands).toBe('55 14 14');
  });

  test('asks five times soon and then once with all patience, not more', async () => {
    const { lock, session, clock } = await opened({ ...ok, '14': [] });
    expect((await clock.run(errorOf(session.readState()))).code).toBe('timeout');
    expect(lock.commands).toBe('55 14 14 14 14 14 14');
  });

  test('waits on the first deadline however much the lock says meanwhile', async () => {
    const { lock, session, clock } = await opened({ ...ok, '14': [] });
    const began = clock.elapsed();
    for (let ms = 500; ms < 9000; ms += 500) clock.after(ms, () => lock.say('push:250100'));
    await clock.run(errorOf(session.readState()));
    expect(clock.elapsed() - began).toBe(5 * 500 + 2500);
  });

  test('ends the session when an answer cannot be read: it is damaged, since this lock has proved that it has our key', async () => {
    const { lock, session, clock } = await opened();
    lock.key = OTHER_KEY;
    const error = await clock.run(errorOf(session.readState()));
    expect([error.code, lock.isOpen]).toEqual(['malformed', false]);
  });

  test('says that the key is dead when the next login is answered under another one', async () => {
    const { lock, session, clock, ground } = await opened();
    await session.close();
    const other = new FakeLock(ok);
    other.key = OTHER_KEY;
    const error = await clock.run(errorOf(ttlock.open(other, ground, credential(), advert)));
    expect([error.code, error.reason, lock.isOpen]).toEqual(['unauthenticated', 'key_refused', false]);
  });

  test('calls an empty answer nonsense', async () => {
    const { session, clock } = await opened({ ...ok, '14': ['raw:7f5a0503020001000154aa00970d0a'] });
    expect((await clock.run(errorOf(session.readState()))).code).toBe('malformed');
  });

  test('keeps alive with the same question', async () => {
    const { lock, session, clock, reports } = await opened();
    await clock.run(session.keepAlive());
    expect([lock.commands, states(reports).length]).toEqual(['55 14', 1]);
  });

  test('hears a push while nothing is asked', async () => {
    const { lock, reports } = await opened();
    lock.say('push:14015a0100');
    expect(states(reports)).toMatchObject([{ bolt: 'unlocked', battery: 90 }]);
  });

  test('survives a push that nobody can read', async () => {
    const { lock, session, clock } = await opened();
    lock.key = OTHER_KEY;
    lock.say('push:14015a0100');
    lock.key = credentialKey;
    await clock.run(session.readState());
    expect(lock.isOpen).toBe(true);
  });
});

const credentialKey = new FakeLock().key;

describe('ends', () => {
  test('leave no timer and no open link when the ground is taken away', async () => {
    const { lock, session, clock, stop } = await opened({ ...ok, '14': [] });
    const waiting = errorOf(session.readState());
    await clock.settle();
    stop.abort();
    expect((await clock.run(waiting)).code).toBe('stopped');
    expect([lock.isOpen, clock.armed]).toEqual([false, 0]);
  });
});
