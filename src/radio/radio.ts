// What the rest of the program needs of Bluetooth: hear adverts, open links. Nothing here knows a library or a lock.

/**
 * What a lock says of itself to everyone. Anyone can forge it: a hint to connect, never the state of a door.
 * `address` is lower case with colons. `services` and the keys of `serviceData` are lower case hex without dashes, 4 or
 * 32 digits; `manufacturer` begins with the two bytes of the company id, as on the air. `at` is Clock.now().
 */
export interface Advert {
  address: string;
  addressType: 'public' | 'random';
  connectable: boolean;
  name?: string;
  services: readonly string[];
  manufacturer?: Uint8Array;
  serviceData?: ReadonlyMap<string, Uint8Array>;
  rssi: number;
  at: number;
}

/**
 * One open connection. `closed` settles once, whoever ended it (it never rejects); every call rejects with a LockError
 * `unreachable` as soon as it does. Characteristics are named by uuid as in Advert.services.
 */
export interface Link {
  readonly mtu: number;
  readonly closed: Promise<void>;
  /** Resolves when the piece has been handed to the controller (without response) or acknowledged (with). */
  write(characteristic: string, bytes: Uint8Array, how?: { response?: boolean }): Promise<void>;
  read(characteristic: string): Promise<Uint8Array>;
  subscribe(characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void>;
  close(): Promise<void>;
}

/** What a radio can do, asked instead of what it is. */
export interface RadioAbilities {
  /** Links at the same time. */
  links: number;
  /** It hears adverts while it opens a link; absent: the scan has to pause. */
  scansWhileConnecting?: boolean;
  extendedAdverts: boolean;
  bonding: boolean;
}

/** `fix` is what a person can do about it; `code` is stable, for programs (noble-trouble.ts). */
export type RadioState = { ready: true } | { ready: false; code?: string; reason: string; fix: string };

/** A Bluetooth adapter as we need it. */
export interface Radio {
  /** For people and configuration: the adapter's address when known, else its place ("hci0", "air"). */
  readonly id: string;
  readonly abilities: RadioAbilities;
  state(): RadioState;
  /** Hears every change of `state()`; the answer stops hearing. */
  hearState(ear: (state: RadioState) => void): () => void;
  /** Scans until the signal aborts (then it resolves); rejects when the adapter cannot. One at a time. */
  scan(heard: (advert: Advert) => void, signal: AbortSignal): Promise<void>;
  /**
   * Opens a link; an abort cancels the attempt for good and rejects. One at a time. `addressType` is for a lock that was
   * not heard since the start.
   */
  connect(address: string, signal: AbortSignal, addressType?: Advert['addressType']): Promise<Link>;
  /** Power-cycles the adapter; every link is void afterwards. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** How much a connection matters: a person waits for `person`, `routine` may wait its turn and never takes the last slot. */
export type Urgency = 'person' | 'routine';

/** `addressType`: as kept with the lock, for when it was not heard since the start. */
export interface ConnectHow {
  urgency: Urgency;
  signal: AbortSignal;
  addressType?: Advert['addressType'];
  /** Aborts when a person has begun to wait for it: from then on it is a person's connection. */
  hurry?: AbortSignal;
  /** A person waits for a slot: hangs up and says true when nobody needs this link just now. */
  spare?: () => boolean;
}

/** One or more radios, shared by many locks: turns, slots, recovery. */
export interface SharedRadio {
  /** Every advert heard by any radio. The ear must not throw. */
  hear(ear: (advert: Advert) => void): () => void;
  /** Waits for its turn and a free slot. Rejects with `unreachable`, `busy` (no slot) or what the signal was aborted with. */
  connect(address: string, how: ConnectHow): Promise<Link>;
  state(): RadioState;
  hearState(ear: (state: RadioState) => void): () => void;
}
