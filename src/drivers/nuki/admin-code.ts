// The PIN of the lock (nuki.md 11): told by a person, tried once, kept with our key; changed only after that.
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { AdminCode } from '../../lock/driver.ts';
import { type Key, asCredential, without } from './credential.ts';
import { WRONG_CODE, refusedFor } from './refusals.ts';
import type { Shared } from './session.ts';
import { done } from './talk.ts';
import { pinDigits, setPin } from './wire.ts';

/** Wrong ones that people may tell one after another; then each next one waits twice as long, before the lock bars us. */
const FREE_TRIES = 2;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3600_000;

export function makeAdminCode({ guard, ground, key, become }: Shared): AdminCode {
  return {
    async read() {
      const { pin } = key();
      return pin === undefined ? undefined : new Secret(pin);
    },
    async set(code, keep) {
      const digits = checked(key(), code);
      await guard.settled();
      become({ ...key(), nextPin: digits });
      await keep?.(asCredential(key()));
      try {
        const how = { what: 'to its new PIN', read: done, act: true };
        await guard.withKnownPin(setPin(key().generation, digits), how);
      } catch (thrown) {
        if (!(thrown instanceof LockError) || thrown.code !== 'rejected') throw thrown;
        become(without(key(), 'nextPin'));
        await keep?.(asCredential(key()));
        throw thrown;
      }
      become({ ...without(key(), 'nextPin'), pin: digits, wrongPins: 0 });
    },
    async tell(code) {
      const digits = checked(key(), code);
      try {
        await guard.verify(digits);
      } catch (thrown) {
        if (refusedFor(thrown, [WRONG_CODE])) become(oneMoreWrong(key(), ground.clock.now()));
        throw thrown;
      }
      become({ ...without(key(), 'nextPin', 'pinNotBefore'), pin: digits, wrongPins: 0 });
    },
  };
}

function oneMoreWrong(key: Key, now: number): Key {
  const wrongPins = key.wrongPins + 1;
  const times = wrongPins - FREE_TRIES;
  if (times <= 0) return { ...key, wrongPins };
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times - 1, 10));
  return { ...key, wrongPins, pinNotBefore: now + pause };
}

function checked({ generation }: Key, code: Secret<string>): string {
  const { minDigits, maxDigits } = pinDigits[generation];
  const digits = code.reveal();
  if (/^\d+$/.test(digits) && digits.length >= minDigits && digits.length <= maxDigits) return digits;
  throw new LockError('invalid', `The PIN of this lock has ${maxDigits} digits.`, { reason: 'code_rules' });
}
