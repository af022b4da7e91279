// Nuki smart locks: generations 1 to 4, and the fifth.
import type { LockDriver } from '../../lock/driver.ts';
import { recognise } from './advert.ts';
import { FAMILY } from './credential.ts';
import { forget, open } from './open.ts';
import { pair } from './pair.ts';
import { mask } from './trace.ts';

export const nuki: LockDriver = {
  family: FAMILY,
  nature: {
    title: 'Nuki',
    owners: 'many',
    offer: 'Hold its button for five seconds, until its light stays on',
    wants: 'The fifth generation (Ultra, Go, Pro) also wants the six digits that were chosen in the Nuki app.',
  },
  recognise,
  pair,
  open,
  forget,
  mask,
};
