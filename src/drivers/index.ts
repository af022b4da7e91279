// Every family that can be spoken to: one line each.
import type { LockDriver } from '../lock/driver.ts';
import { nuki } from './nuki/driver.ts';
import { ttlock } from './ttlock/driver.ts';

export const drivers: readonly LockDriver[] = [ttlock, nuki];
