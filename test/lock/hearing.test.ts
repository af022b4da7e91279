// When an advert is worth a visit: on news, and where adverts do not tell everything, when the last visit is long ago.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { Hearing } from '../../src/lock/hearing.ts';

const HALF_HOUR = 1_800_000;

/** A lock that was visited once and has said the same ever since. */
function visited(): { clock: VirtualClock; hearing: Hearing } {
  const clock = new VirtualClock();
  const hearing = new Hearing(clock);
  hearing.calls('0');
  hearing.visited();
  return { clock, hearing };
}

test('an advert without news calls for no visit, however long ago the last one was', async () => {
  const { clock, hearing } = visited();
  await clock.advance(2 * HALF_HOUR);
  expect(hearing.calls('0')).toBe(false);
});

test('a lock whose adverts do not tell everything is visited when its time is up, and not before', async () => {
  const { clock, hearing } = visited();
  await clock.advance(HALF_HOUR - 1);
  const early = hearing.calls('0', HALF_HOUR);
  await clock.advance(1);
  expect([early, hearing.calls('0', HALF_HOUR)]).toEqual([false, true]);
});

test('any session counts as a visit', async () => {
  const { clock, hearing } = visited();
  await clock.advance(HALF_HOUR - 1);
  hearing.visited();
  await clock.advance(1);
  expect(hearing.calls('0', HALF_HOUR)).toBe(false);
});
