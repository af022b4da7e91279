// The last messages between us and each lock, kept in memory and masked by its driver when somebody asks for them.
import type { Traffic } from '../radio/tap.ts';
import type { Json, LockDriver } from './driver.ts';
import type { LockView } from './lock.ts';
import type { Vault } from './ports.ts';

/** A login and what came after it: enough to see what went wrong last, and a few kilobytes a lock. */
const MOST_PIECES = 80;

export interface BlackBoxParts {
  tap: { hearAll(ear: (address: string, traffic: Traffic) => void): () => void };
  locks: { find(lock: string): LockView | undefined; driver(family: string): LockDriver };
  vault: Pick<Vault, 'of'>;
  random: (bytes: number) => Uint8Array;
}

export class BlackBox {
  readonly #parts: BlackBoxParts;
  readonly #pieces = new Map<string, Traffic[]>();
  readonly #stop: () => void;

  constructor(parts: BlackBoxParts) {
    this.#parts = parts;
    this.#stop = parts.tap.hearAll((address, traffic) => this.#keep(address, traffic));
  }

  stop(): void {
    this.#stop();
  }

  /** As test vectors without secrets; undefined where nothing was kept or the family cannot mask. */
  of(lock: string): { meta: Readonly<Record<string, Json>>; vectors: readonly Json[] } | undefined {
    const { locks, vault, random } = this.#parts;
    const view = locks.find(lock);
    const pieces = view && this.#pieces.get(view.address);
    const driver = view && locks.driver(view.family);
    if (!pieces || !driver?.mask) return undefined;
    const credentials = vault.of(view.id).map(kept => kept.credential);
    return driver.mask(pieces, { credentials, random });
  }

  #keep(address: string, traffic: Traffic): void {
    const pieces = this.#pieces.get(address) ?? [];
    this.#pieces.set(address, pieces);
    pieces.push(traffic);
    if (pieces.length > MOST_PIECES) pieces.shift();
  }
}
