// What a virtual Nuki lock knows of the connection it has now. Nothing of it outlives the link.
import type { Central, SimClock } from '../air.ts';
import { Pipe } from '../pipe.ts';
import { Gatherer } from './frames.ts';

export interface Challenge {
  value: Uint8Array;
  /** By the monotonic clock, ms. */
  until: number;
  authId: number;
}

/** How far a pairing has got; each step knows what the next one needs. */
export interface Pairing {
  step: 'key' | 'authenticator' | 'data' | 'confirmation';
  privateKey: Uint8Array;
  publicKey: Uint8Array;
  clientKey?: Uint8Array;
  shared?: Uint8Array;
  challenge?: Uint8Array;
  /** Of generations 1 to 4, between 0x0007 and 0x001E. */
  offered?: { authId: number; nonce: Uint8Array; type: number; appId: number; name: string };
}

export class Session {
  readonly central: Central;
  readonly plain = new Gatherer('plain');
  readonly sealed = new Gatherer('sealed');
  /** On the pairing characteristic of the fifth generation, sealed and plain messages meet. */
  readonly sealedPairing = new Gatherer('sealed');
  /** What it says, in order. */
  readonly out: Pipe;
  challenge: Challenge | undefined;
  pairing: Pairing | undefined;
  /** Messages heard on this link. */
  messages = 0;
  /** When the last piece came, by the monotonic clock. */
  lastPieceAt = 0;
  stopIdle: () => void = () => undefined;

  constructor(central: Central, clock: SimClock) {
    this.central = central;
    this.out = new Pipe(clock);
  }

  clearPieces(): void {
    this.plain.clear();
    this.sealed.clear();
    this.sealedPairing.clear();
  }

  end(): void {
    this.stopIdle();
    this.out.close();
  }
}
