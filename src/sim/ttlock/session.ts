// What a virtual TTLock knows of the connection it has now. Nothing of it outlives the link.
import type { Central, SimClock } from '../air.ts';
import { Pipe } from '../pipe.ts';
import { SimSplitter } from './frames.ts';
import type { Kept, KeptOwner } from './kept.ts';

export type Level = 'none' | 'user' | 'admin';

export interface Challenge {
  value: number;
  level: 'user' | 'admin';
  uid: number;
}

/** Between GET_AES_KEY and OPERATE_FINISHED. */
export interface Provisional {
  aesKey: Uint8Array;
  /** Since 56: who it will belong to, and what to go back to. */
  admin?: { owner: KeptOwner; before: Kept };
}

export interface Enrolment {
  kind: 'card' | 'finger';
  /** Presses so far, of a finger. */
  presses: number;
  finger?: string;
  stopTimer(): void;
}

export class Session {
  readonly central: Central;
  readonly splitter = new SimSplitter();
  /** What it says, in order. */
  readonly out: Pipe;
  level: Level = 'none';
  challenge: Challenge | undefined;
  provisional: Provisional | undefined;
  enrolment: Enrolment | undefined;
  /** Requests heard on this link. */
  requests = 0;
  /** A value was read: some firmware notifies only then. */
  hasRead = false;
  stopIdle: () => void = () => undefined;

  constructor(central: Central, clock: SimClock) {
    this.central = central;
    this.out = new Pipe(clock);
  }

  /** Pairing has got as far as 56: commands need no login. */
  get pairing(): boolean {
    return this.provisional?.admin !== undefined;
  }

  end(): void {
    this.stopIdle();
    this.enrolment?.stopTimer();
    this.out.close();
  }
}
