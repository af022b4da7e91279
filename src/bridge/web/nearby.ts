// What can be heard, as the API shows it, and as a stream while somebody looks.
import type { Clock } from '../../base/clock.ts';
import type { Candidate, Pairing } from '../../flow/flow.ts';
import type { Sent } from './stream.ts';

/** Signals wobble several times a second; people look once. */
const AGAIN_MS = 1000;

export interface NearbyView {
  nearby: Candidate[];
  open: boolean;
  until?: number;
}

export function nearbyOf(pairing: Pairing): NearbyView {
  const { openUntil: until } = pairing;
  return { nearby: pairing.candidates(), ...(until === undefined ? { open: false } : { open: true, until }) };
}

/** Sends it at once, and again when it has changed, at most once a second. The answer ends it. */
export function followNearby(pairing: Pairing, clock: Clock, send: (sent: Sent) => void): () => void {
  let sent = '';
  let due: (() => void) | undefined;
  const tell = (): void => {
    const view = nearbyOf(pairing);
    const now = JSON.stringify(view);
    if (now === sent) return;
    sent = now;
    send({ event: 'nearby', data: view });
  };
  const later = (): void => {
    due ??= clock.after(AGAIN_MS, () => {
      due = undefined;
      tell();
    });
  };
  tell();
  const deaf = pairing.hear(later);
  return () => {
    deaf();
    due?.();
  };
}
