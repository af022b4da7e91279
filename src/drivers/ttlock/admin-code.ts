// The administrator's code of an open session: it opens the lock's own menu at the keypad (ttlock.md 15).
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { AdminCode } from '../../lock/driver.ts';
import { askAdminPin, readAdminPin, setAdminPin } from './codes-wire.ts';
import type { Shared } from './session.ts';

export interface AdminCodeParts {
  /** It tells the code to its administrator. */
  readable: boolean;
  /** What we kept of it. */
  known(): string | undefined;
  /** The lock took this one. */
  set(digits: string): void;
}

export function makeAdminCode({ talk, login }: Shared, parts: AdminCodeParts): AdminCode {
  return {
    async read() {
      const what = 'to its administrator code';
      const asked = parts.readable
        ? await login.asAdmin(() => talk.ask(askAdminPin(), { what, read: readAdminPin, again: true }))
        : parts.known();
      return asked === undefined || asked === '' ? undefined : new Secret(asked);
    },
    async set(code) {
      const digits = code.reveal();
      if (!/^\d{4,9}$/.test(digits)) {
        throw new LockError('invalid', 'The administrator code of this lock has 4 to 9 digits.', {
          reason: 'code_rules',
        });
      }
      const asking = { what: 'to the new administrator code', act: true, read: () => true };
      await login.asAdmin(() => talk.ask(setAdminPin(digits), asking));
      parts.set(digits);
    },
  };
}
