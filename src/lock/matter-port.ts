// Ports of the Matter side: what people may do with it (commissioning, fabrics), and what it needs of the disk.
// bridge/matter implements MatterControl, store/ implements MatterStore, main joins them; web, MQTT and cli show the first.
import type { Json } from './driver.ts';
import type { Asker } from './lock.ts';

/** MatterNode.id of the node that has all locks. */
export const BRIDGE = 'bridge';

/** off: not wanted. starting: the library is being loaded. failed: `reason` and `fix` say why, everything else runs on. */
export type MatterState = 'off' | 'starting' | 'running' | 'failed' | 'stopped';

/** What a person types or scans to commission. `qr` is the text of the QR code, `MT:...`. Never retained, never logged twice. */
export interface MatterCodes {
  qr: string;
  manual: string;
}

/** One Matter node. `bridge` has all locks; a lock shown as a node of its own has the lock's id. */
export interface MatterNode {
  id: string;
  /** The lock's name, of a node of its own. */
  lock?: string;
  /** UDP. */
  port: number;
  /** Somebody has commissioned it. */
  commissioned: boolean;
  fabrics: number;
  /** Only while it can be commissioned: before the first time, and while a window is open. */
  codes?: MatterCodes;
  /** Wall clock, ms, when the open window closes by itself. Before the first commissioning there is none: it stays open. */
  windowUntil?: number;
}

/** A lock as controllers see it. */
export interface MatterLock {
  id: string;
  name: string;
  /** MatterNode.id. */
  node: string;
  /** The endpoint number in that node. */
  endpoint: number;
  reachable: boolean;
  /** Names of the door lock cluster's features that it claims, e.g. `PinCredential`. */
  features: readonly string[];
}

export interface MatterStatus {
  state: MatterState;
  /** For people; of `failed`, and of what is wrong with the network while running. */
  reason?: string;
  fix?: string;
  /** The network interface that was chosen; absent: all. */
  interface?: string;
  nodes: readonly MatterNode[];
  locks: readonly MatterLock[];
}

/** A home that has commissioned a node: an app or a hub. */
export interface MatterFabric {
  /** MatterNode.id. */
  node: string;
  /** 1..254, in this node. Audited as `fabric:<index>`. */
  index: number;
  label: string;
  /** The vendor's number and, where it is well known, name. */
  vendor: string;
  /** Decimal. */
  fabricId: string;
  nodeId: string;
}

/**
 * `node` is a MatterNode.id, the bridge by default; `not_found` for another. Throws `unreachable` (reason `matter_off`) while it
 * does not run, `forbidden` for who is neither owner nor manager, over MQTT too. All of it is audited.
 */
export interface MatterControl {
  status(): MatterStatus;
  /** Opens a window with a fresh code for so many seconds (180..900), then closes it. An open one is closed first. */
  openWindow(seconds: number, asker: Asker, node?: string): Promise<MatterNode>;
  closeWindow(asker: Asker, node?: string): Promise<void>;
  /** Of all nodes. */
  fabrics(): MatterFabric[];
  /** `not_found` for an index that is not there. The last one that goes leaves the node as new. */
  removeFabric(index: number, asker: Asker, node?: string): Promise<void>;
  /** All fabrics go, the codes become other ones; locks, their codes and their endpoint numbers stay. Owners only. */
  factoryReset(asker: Asker, node?: string): Promise<void>;
  /** Called after anything in `status` or `fabrics` may have changed. */
  hear(ear: () => void): () => void;
}

/** Where the Matter library keeps its things, a value each. Every call is whole and on the disk when it returns. */
export interface MatterStore {
  get(place: string, key: string): string | undefined;
  /** All or none. */
  set(place: string, values: Readonly<Record<string, string>>): void;
  remove(place: string, key: string): void;
  keys(place: string): string[];
  /** Every place that is this one or below it: places are words joined by dots; `''` is above all. */
  places(below: string): string[];
  /** This place and all below it. */
  clear(place: string): void;
  /** Several of these as one; it must not wait for anything. */
  together<T>(work: () => T): T;
}

/** Small things of ours by name, beginning with `matter.`: the store's settings are one. */
export interface MatterNotes {
  get(name: string): Json | undefined;
  set(name: string, value: Json): void;
  remove(name: string): void;
}
