// What gets lost on the way: which pieces are confirmed, what is asked again, and which challenge counts then.
import { expect, test } from 'vitest';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import { type Answers, FakeLock, advert, credential, errorOf, logins, stage } from './fake-lock.ts';

const ok: Answers = { ...logins, '14': ['14015a00'], '47': ['47015a'], '58': ['58015a'] };
/** Challenge 1234 and its sum with the unlock key. */
const SECOND = '55010000' + '04d2';
const SECOND_SUM = '048b9c23';

/** A session whose first challenge is too old to be used. */
async function opened(answers: Answers) {
  const lock = new FakeLock(answers);
  const at = stage();
  const session = await at.clock.run(ttlock.open(lock, at.ground, credential(), advert));
  await at.clock.advance(1500);
  return { lock, session, ...at };
}

test('what moves the bolt is written in pieces that the lock confirms, and nothing else is', async () => {
  const { lock, session, clock } = await opened(ok);
  lock.confirmed.length = 0;
  await clock.run(session.act('lock'));
  await clock.run(session.readState());
  expect(lock.confirmed).toEqual(['58']);
});

test('a login whose answer is lost is asked again within a second', async () => {
  const { lock, session, clock } = await opened({ ...ok, '55': (_, n) => (n === 2 ? [] : ['55010000db7a']) });
  const began = clock.elapsed();
  await clock.run(session.act('lock'));
  expect(lock.commands).toBe('55 55 55 58');
  expect(clock.elapsed() - began).toBeLessThan(1000);
});

test('a challenge that came late and was replaced is fetched anew when the lock refuses its sum', async () => {
  // Its first answer comes after the second question: the lock holds us to the second challenge.
  const { lock, session, clock } = await opened({
    ...ok,
    '55': (_, n) => (n === 2 ? [] : n === 3 ? ['55010000db7a'] : [SECOND]),
    '58': plain => (plain.startsWith(`${SECOND_SUM}`) ? ['58015a'] : ['580003']),
  });
  await clock.run(session.act('lock'));
  expect(lock.commands).toBe('55 55 55 58 55 58');
});

test('a sum that is refused though its challenge was asked for once is a refusal', async () => {
  const { lock, session, clock } = await opened({ ...ok, '58': ['580003'] });
  expect(await clock.run(errorOf(session.act('lock')))).toMatchObject({ code: 'rejected', acted: 'no' });
  expect(lock.commands).toBe('55 55 58');
});

test('what may have moved the bolt is not sent again, however often the login was asked for', async () => {
  const { lock, session, clock } = await opened({
    ...ok,
    '55': (_, n) => (n === 2 ? [] : ['55010000db7a']),
    '58': [],
    '14': ['14015a01'],
  });
  expect(await clock.run(errorOf(session.act('lock')))).toMatchObject({ code: 'timeout', acted: 'maybe' });
  expect(lock.commands).toBe('55 55 55 58 14');
});
