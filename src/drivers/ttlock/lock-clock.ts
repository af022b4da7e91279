// The lock's wall clock (ttlock.md 10). It keeps local time and knows no zones.
import type { LockClock } from '../../lock/driver.ts';
import { momentOf, stampOf } from './dates.ts';
import type { Shared } from './session.ts';
import { readClock, readClockStamp, setClock } from './wire.ts';

export function makeClock({ talk, login, ground }: Shared): LockClock {
  const { zone } = ground;
  return {
    async read() {
      const how = { what: 'to what time it is', read: readClockStamp, again: true };
      return momentOf(zone, await login.openly(readClock(), how));
    },
    async set(at) {
      await login.asUser(() =>
        talk.ask(setClock(stampOf(zone, at)), { what: 'to setting its clock', read: () => true, sure: true }),
      );
    },
  };
}
