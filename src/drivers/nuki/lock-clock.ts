// The lock's clock (nuki.md 13): it keeps UTC, tells it with its state, and takes another from who knows its PIN.
import type { LockClock } from '../../lock/driver.ts';
import { momentOf, stampOf } from './dates.ts';
import type { Shared } from './session.ts';
import { done } from './talk.ts';
import { updateTime } from './wire.ts';

export function makeClock({ guard }: Shared): LockClock {
  return {
    read: async () => momentOf((await guard.states()).time),
    async set(at) {
      await guard.withPin(updateTime(stampOf(at)), { what: 'to setting its clock', read: done });
    },
  };
}
