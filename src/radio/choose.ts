// Which of several radios should connect to a lock: signal strength less what speaks against it (sessions.md 5).

export interface Candidate {
  rssi: number;
  /** It is connecting to another lock now. */
  connecting: boolean;
  /** Attempts to this lock that failed in a row. */
  failures: number;
  freeSlots: number;
}

/** Per dB by which the best radio leads: a running connect outweighs the lead, so do two failures, a last slot nearly. */
const CONNECTING = 1.01;
const FAILURE = 0.51;
const LAST_SLOT = 0.76;

/** The index of the best; -1 for none. */
export function choose(candidates: readonly Candidate[]): number {
  const [first = 0, second = first] = candidates.map(c => c.rssi).sort((a, b) => b - a);
  const lead = Math.max(first - second, 1);
  const scores = candidates.map(c => {
    const against = (c.connecting ? CONNECTING : 0) + FAILURE * c.failures + (c.freeSlots === 1 ? LAST_SLOT : 0);
    return c.rssi - lead * against;
  });
  return scores.indexOf(Math.max(...scores));
}
