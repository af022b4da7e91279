import type { FamilyTests } from '../support/families.ts';

export const family: FamilyTests = {
  mtus: [23, 185],
  faultPlaces: 32,
  killEvery: { writes: 3, lines: 5 },
  roundTrips: { coldCommand: 2, openCommand: 2, code: 1 },
  // Its answers are sealed with a key that does not change and name no question (ttlock.md 22): no state is proven.
  believesReplayed: [],
};
