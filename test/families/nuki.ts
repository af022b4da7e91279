import type { FamilyTests } from '../support/families.ts';

export const family: FamilyTests = {
  mtus: [247, 23],
  faultPlaces: 8,
  killEvery: { writes: 7, lines: 9 },
  roundTrips: { coldCommand: 3, openCommand: 2, code: 2 },
  // Its answers are sealed with a key that does not change, and name no question (nuki.md 4.2); states name their time.
  believesReplayed: ['act'],
};
