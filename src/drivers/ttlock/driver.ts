// TTLock and its many brands, generation V3.
import type { LockDriver } from '../../lock/driver.ts';
import { recognise } from './advert.ts';
import { FAMILY } from './credential.ts';
import { importCredential } from './import.ts';
import { forget, open } from './open.ts';
import { pair } from './pair.ts';
import { mask } from './trace.ts';

export const ttlock: LockDriver = {
  family: FAMILY,
  nature: { title: 'TTLock', owners: 'one', wake: 'Touch its keypad', offer: 'Touch its keypad' },
  recognise,
  pair,
  open: (link, ground, credential, advert) => open(link, ground, { credential, advert }),
  forget: (link, ground, credential, advert) => forget(link, ground, { credential, advert }),
  importCredential,
  mask,
};
