// What all parts of logins stand on.
import type { Clock } from '../../base/clock.ts';
import type { Audit } from '../../lock/ports.ts';
import type { LoginShelf } from '../../lock/logins.ts';

export interface LoginGround {
  shelf: LoginShelf;
  audit: Audit;
  clock: Clock;
  /** Cryptographically secure. */
  random: (bytes: number) => Uint8Array;
}
