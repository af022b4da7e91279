// Every family of which there are virtual locks: one line each.
import type { SimFamily } from './family.ts';
import { nuki } from './nuki/family.ts';
import { ttlock } from './ttlock/family.ts';

export const simFamilies: readonly SimFamily[] = [ttlock, nuki];
