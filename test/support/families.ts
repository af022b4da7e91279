// Every family by its driver's folder: what the suites need that run on all of them stands in test/families/NAME.ts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SimFamily } from '../../src/sim/family.ts';
import { simFamilies } from '../../src/sim/index.ts';

/** What a family says for its tests; each file of test/families exports one as `family`. */
export interface FamilyTests {
  /** Sizes of the MTU that make a difference; by day only the first counts. */
  mtus: readonly number[];
  /** In how many places a long exchange is struck by day: CI has five minutes for all families. */
  faultPlaces: number;
  /** By day every so many writes are followed by a kill, and every so many lines of a flow's journal. */
  killEvery: { writes: number; lines: number };
  /** Questions to the lock, exactly: none that the protocol does not need. No `code`: it takes none. */
  roundTrips: { coldCommand: number; openCommand: number; code?: number };
  /**
   * What we believe of a whole session that is played to us again, since the protocol has no proof against it: states of its
   * time as proven, and that an order was carried out. Who can do that has to be there in place of the lock; the door stays as it is.
   */
  believesReplayed: readonly ('state' | 'act')[];
}

export interface Family extends FamilyTests {
  name: string;
  sim: SimFamily;
}

const here = import.meta.dirname;

/** Throws for a driver without a virtual lock or without its file here. */
export async function families(): Promise<Family[]> {
  const names = readdirSync(join(here, '../../src/drivers'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
  return Promise.all(names.map(load));
}

async function load(name: string): Promise<Family> {
  const sim = simFamilies.find(each => each.name === name);
  if (!sim) throw new RangeError(`The family ${name} has no line in src/sim/index.ts.`);
  const file = join(here, `../families/${name}.ts`);
  const { family } = (await import(/* @vite-ignore */ file)) as { family: FamilyTests };
  return { name, sim, ...family };
}
