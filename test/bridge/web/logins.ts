// Logins that are kept in memory, with cheap passwords: what scrypt costs is not what these tests are about.
import { type Logins, makeLogins } from '../../../src/access/login/logins.ts';
import { Passwords } from '../../../src/access/login/password.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { silent } from '../../../src/base/log.ts';
import { type Store, openStore } from '../../../src/store/store.ts';
import { seeded } from '../../store/kit.ts';

export function memoryLogins(clock: Clock): { logins: Logins; store: Store } {
  const random = seeded('logins');
  const store = openStore({ clock, random, log: silent });
  const ground = { shelf: store.logins, audit: store.audit, clock, random };
  return { store, logins: makeLogins(ground, new Passwords({ N: 2, r: 1, p: 1 })) };
}
