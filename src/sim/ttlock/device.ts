// The body of a virtual TTLock: its memory, bolt, clock, log and the link it has. Commands and hands both work on it.
import { createHash } from 'node:crypto';
import type { SimClock } from '../air.ts';
import { Antenna } from '../antenna.ts';
import type { MemoryFile } from '../memory-file.ts';
import { fromHexText, hexOf } from './answer.ts';
import { clockBytes, minuteText } from './dates.ts';
import { type Features, feature, has } from './features.ts';
import { FACTORY_KEY, type Header } from './frames.ts';
import { type BoltPlace, type Kept, type KeptOwner, factoryNew } from './kept.ts';
import type { Knobs } from './knobs.ts';
import { type Mover, armAutoLock } from './mechanism.ts';
import type { Session } from './session.ts';
import type { Variant } from './variants.ts';

export interface DeviceParts {
  name: string;
  address: string;
  variant: Variant;
  features: Features;
  header: Header;
  token: string;
  clock: SimClock;
  random: (bytes: number) => Uint8Array;
  knobs: Knobs;
  memory?: MemoryFile<Kept>;
  kept?: Kept;
}

/** How long it stays awake after a touch. */
export const AWAKE_MS = 15_000;
/** One lock was seen to show 100 % for about a minute after a connection. */
const SPIKE_MS = 60_000;
const LOG_CAPACITY = 500;
/** FFFF means "new ones" and 0 "from the oldest": numbering starts again before it gets there. */
const LAST_RECORD = 0xfff0;

export class Device {
  readonly parts: DeviceParts;
  readonly knobs: Knobs;
  readonly header: Header;
  kept: Kept;
  readonly antenna: Antenna<Session>;
  /** The inside button was pressed: nothing from outside opens. Privacy ends with the next thumb turn. */
  privacy = false;
  /** How often the bolt changed its place. */
  moves = 0;
  onMove: ((bolt: BoltPlace, by: Mover) => void) | undefined;
  onFrame: ((command: number, direction: 'up' | 'down') => void) | undefined;
  /** Stops the time to relock; belongs to mechanism.ts. */
  stopAutoLock: () => void = () => undefined;
  #awakeUntil = -1;
  #spikeUntil = -1;
  #dirty = false;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.knobs = parts.knobs;
    this.header = parts.header;
    this.kept = parts.kept ?? this.#new(100, parts.knobs.clockAfterLoss - parts.clock.now());
    this.antenna = new Antenna({
      clock: parts.clock,
      idleMs: () => this.knobs.hangsUpIdle,
      // It waits for a card or a finger.
      isBusy: ({ enrolment }) => enrolment !== undefined,
      ending: () => this.#ending(),
    });
    armAutoLock(this);
  }

  get session(): Session | undefined {
    return this.antenna.session;
  }

  get powered(): boolean {
    return this.kept.powered;
  }

  get variant(): Variant {
    return this.parts.variant;
  }

  has(bit: number): boolean {
    return has(this.parts.features, bit);
  }

  random(bytes: number): Uint8Array {
    return this.parts.random(bytes);
  }

  /** Calls after `ms`; the answer stops it. */
  after(ms: number, call: () => void): () => void {
    return this.parts.clock.after(ms, call);
  }

  // ---- who it belongs to

  /** Whether anybody owns it, as its advert says. A pairing that is not finished does not count. */
  get paired(): boolean {
    return this.knobs.foreignOwner || this.kept.owner !== undefined;
  }

  owner(): KeptOwner | undefined {
    return this.kept.owner ?? this.session?.provisional?.admin?.owner;
  }

  /** The key of the frames of this moment. */
  key(): Uint8Array {
    if (this.knobs.foreignOwner) return strangersKey(this.parts.address);
    if (this.kept.owner) return fromHexText(this.kept.owner.aesKey);
    return this.session?.provisional?.aesKey ?? FACTORY_KEY;
  }

  /** Forgets everything that people put into it, and is ready to be paired. */
  wipe(): void {
    const { kept, knobs } = this;
    const fresh = this.#new(kept.battery, kept.clockOffset);
    const { bolt, sensed, door } = kept;
    const survivors = { codes: kept.codes, cards: kept.cards, fingers: kept.fingers };
    this.kept = { ...fresh, bolt, sensed, door, ...(knobs.oldCodesSurvive ? survivors : {}) };
    this.knobs.foreignOwner = false;
    this.privacy = false;
    if (this.session) {
      this.session.provisional = undefined;
      this.session.level = 'none';
      this.session.challenge = undefined;
    }
    this.changed();
    this.touch();
  }

  #new(battery: number, clockOffset: number): Kept {
    const wipedAt = minuteText(this.parts.clock.now() + clockOffset);
    return factoryNew({ autoLock: this.variant.autoLock, battery, clockOffset, wipedAt });
  }

  // ---- time

  /** What its clock shows, ms as if it were UTC. */
  wall(): number {
    return this.parts.clock.now() + this.kept.clockOffset;
  }

  setWall(wall: number): void {
    this.kept.clockOffset = wall - this.parts.clock.now();
    this.changed();
  }

  elapsed(): number {
    return this.parts.clock.elapsed();
  }

  // ---- being noticed

  touch(): void {
    this.#awakeUntil = this.parts.clock.elapsed() + AWAKE_MS;
    this.antenna.changed();
  }

  get awake(): boolean {
    return this.parts.clock.elapsed() < this.#awakeUntil;
  }

  sleep(): void {
    this.#awakeUntil = -1;
    this.antenna.changed();
  }

  // ---- the link

  /** A pairing that was not finished never was. */
  #ending(): void {
    this.rollBack();
    this.#spikeUntil = this.parts.clock.elapsed() + SPIKE_MS;
  }

  get advertisedBattery(): number {
    const spike = this.knobs.batterySpike && this.parts.clock.elapsed() < this.#spikeUntil;
    return spike ? 100 : this.kept.battery;
  }

  // ---- what it says of itself

  get hasDoor(): boolean {
    return this.has(feature.doorSensor);
  }

  get statusByte(): number {
    if (this.knobs.statusConstant !== false) return this.knobs.statusConstant;
    return this.kept.sensed === 'unlocked' ? 1 : 0;
  }

  get doorByte(): number {
    return this.hasDoor && this.kept.door === 'open' ? 1 : 0;
  }

  // ---- log

  /** Writes a record and gives its number. */
  record(type: number, tail: Uint8Array = new Uint8Array()): number {
    const { kept } = this;
    if (kept.nextRecord >= LAST_RECORD) {
      kept.log = [];
      kept.nextRecord = 0;
      kept.bookmark = 0;
    }
    const number = kept.nextRecord++;
    kept.log.push({ number, type, time: hexOf(clockBytes(this.wall())), battery: kept.battery, tail: hexOf(tail) });
    if (kept.log.length > LOG_CAPACITY) kept.log.shift();
    this.changed();
    return number;
  }

  get hasNewRecords(): boolean {
    return this.kept.bookmark < this.kept.nextRecord;
  }

  // ---- memory

  /** Something that it keeps, and perhaps shows, is different now. */
  changed(): void {
    this.#dirty = true;
    this.antenna.changed();
  }

  /** Writes what changed to disk; called before anybody is told. */
  commit(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.parts.memory?.save(this.#lasting());
  }

  /** The link is gone before 57: as if nobody had begun. */
  rollBack(): void {
    if (!this.session?.provisional?.admin) return;
    this.kept = this.#lasting();
    this.session.provisional = undefined;
    armAutoLock(this);
    this.changed();
    this.commit();
  }

  /** During a pairing only what happened to the body of the lock lasts. */
  #lasting(): Kept {
    const before = this.session?.provisional?.admin?.before;
    if (!before) return this.kept;
    const { bolt, sensed, door, battery, log, nextRecord, bookmark } = this.kept;
    return { ...before, bolt, sensed, door, battery, log, nextRecord, bookmark };
  }
}

/** Somebody else's key: always the same for a lock, never one of ours. */
function strangersKey(address: string): Uint8Array {
  return createHash('sha256').update(`somebody else's ${address}`).digest().subarray(0, 16);
}
