// A radio made of nothing: what a simulated peripheral looks like from both sides. Knows nothing of the rest of the program.

/** Time as the simulation needs it; any clock of the program fits. */
export interface SimClock {
  now(): number;
  elapsed(): number;
  after(ms: number, call: () => void): () => void;
}

export type Property = 'read' | 'write' | 'writeWithoutResponse' | 'notify' | 'indicate';

/** uuid: lower case hex without dashes, 4 or 32 digits. The order is the order of the attribute table. */
export interface SimCharacteristic {
  uuid: string;
  properties: readonly Property[];
}
export interface SimService {
  uuid: string;
  characteristics: readonly SimCharacteristic[];
}

export interface SimAdvert {
  connectable: boolean;
  name?: string;
  /** Advertised service uuids. */
  services: readonly string[];
  /** With the two bytes of the company id in front. */
  manufacturer?: Uint8Array;
}

/** The connected client, as a peripheral sees it. */
export interface Central {
  readonly mtu: number;
  /** Sends a notification; ignored when the central has not subscribed or has gone. */
  notify(characteristic: string, bytes: Uint8Array): void;
  /** Ends the connection from the peripheral's side. */
  hangUp(): void;
}

/** A device: the documented surface against which clients written elsewhere can be run (docs/design.md). */
export interface Peripheral {
  readonly address: string;
  readonly addressType: 'public' | 'random';
  readonly services: readonly SimService[];
  /** Between 20 and 10,240 ms. */
  readonly advertEveryMs: number;
  /** What it advertises now; undefined while connected, asleep or without power. */
  advert(): SimAdvert | undefined;
  /** A central connected. False refuses the connection. */
  connected(central: Central): boolean;
  subscribed(characteristic: string): void;
  written(characteristic: string, bytes: Uint8Array): void;
  read(characteristic: string): Uint8Array;
  disconnected(): void;
}
