// Signal strength in words. It only ever informs: nothing that opens or closes is reachable from here.

/** From here on a pairing goes through at the first try. */
export const PAIR_DBM = -75;
const LEAST_DBM = -100;
const MOST_DBM = -40;

export interface Strength {
  bars: 0 | 1 | 2 | 3 | 4;
  word: string;
  /** 0..1 on the meter. */
  share: number;
}

export function strengthOf(dbm: number | undefined): Strength {
  if (dbm === undefined) return { bars: 0, word: 'No signal', share: 0 };
  const share = shareOf(dbm);
  if (dbm >= -60) return { bars: 4, word: 'Very good signal', share };
  if (dbm >= PAIR_DBM) return { bars: 3, word: 'Good signal', share };
  if (dbm >= -88) return { bars: 2, word: 'Fair signal', share };
  return { bars: 1, word: 'Weak signal', share };
}

export function shareOf(dbm: number): number {
  return Math.min(1, Math.max(0.02, (dbm - LEAST_DBM) / (MOST_DBM - LEAST_DBM)));
}
