// The body of a virtual Nuki lock: its memory, bolt, clock, log and the link it has. Commands and hands both work on it.
import type { SimClock } from '../air.ts';
import { Antenna } from '../antenna.ts';
import type { MemoryFile } from '../memory-file.ts';
import { hexOf, timeText } from './bytes.ts';
import {
  type BoltPlace,
  type Kept,
  type KeptAuthorization,
  type KeptEntry,
  setUp,
  usualAdvanced,
  usualConfig,
} from './kept.ts';
import type { Knobs } from './knobs.ts';
import type { Motion } from './motor.ts';
import type { Session } from './session.ts';
import type { Variant } from './variants.ts';
import type { Peer } from './voice.ts';

/** What moved the bolt. */
export type Mover = 'app' | 'button' | 'keypad' | 'finger' | 'thumb' | 'key' | 'auto' | 'timer';

export interface DeviceParts {
  name: string;
  address: string;
  nukiId: number;
  variant: Variant;
  clock: SimClock;
  random: (bytes: number) => Uint8Array;
  knobs: Knobs;
  memory?: MemoryFile<Kept>;
  kept?: Kept;
  pin?: number;
  battery: number;
  uuid?: string;
  nextAuthId?: number;
}

const LOG_CAPACITY = 400;
const LAST_COUNT = 0xff;

export class Device {
  readonly parts: DeviceParts;
  readonly knobs: Knobs;
  kept: Kept;
  readonly antenna: Antenna<Session>;
  /** What the motor does now; belongs to motor.ts. */
  motion: Motion | undefined;
  /** How often the bolt changed its place. */
  moves = 0;
  /** When an action last ended, by the monotonic clock. */
  lastActAt = Number.NEGATIVE_INFINITY;
  /** Wrong PINs in a row, and until when it takes none. */
  wrongPins = 0;
  pinsLockedUntil = -1;
  /** Who spoke last on this link. */
  lastPeer: Peer | undefined;
  onMove: ((bolt: BoltPlace, by: Mover) => void) | undefined;
  onFrame: ((command: number, direction: 'up' | 'down') => void) | undefined;
  /** Stops the time to relock, and the time to the next timer; they belong to mechanism.ts and timers.ts. */
  stopAutoLock: () => void = () => undefined;
  stopTimers: () => void = () => undefined;
  #pairingUntil = -1;
  #stopPairing: () => void = () => undefined;
  #dirty = false;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.knobs = parts.knobs;
    this.kept = parts.kept ?? this.#new(parts.uuid);
    this.antenna = new Antenna({
      clock: parts.clock,
      idleMs: () => this.knobs.hangsUpIdle,
      isBusy: () => this.motion !== undefined,
      ending: () => void (this.lastPeer = undefined),
    });
  }

  get session(): Session | undefined {
    return this.antenna.session;
  }

  get variant(): Variant {
    return this.parts.variant;
  }

  get powered(): boolean {
    return this.kept.powered;
  }

  random(bytes: number): Uint8Array {
    return Uint8Array.from(this.parts.random(bytes));
  }

  /** Calls after `ms`; the answer stops it. */
  after(ms: number, call: () => void): () => void {
    return this.parts.clock.after(ms, call);
  }

  elapsed(): number {
    return this.parts.clock.elapsed();
  }

  // ---- who it knows

  /** Somebody's app or bridge is authorised; accessories do not count. */
  get paired(): boolean {
    return this.kept.authorizations.some(({ key }) => key !== '');
  }

  /** Whom a push goes to. */
  peer(): Peer | undefined {
    return this.session && this.lastPeer;
  }

  /** Names, users, codes and log stay; what can be set is as it was made, and where its ends are is forgotten. */
  resetSettings(): void {
    const { kept } = this;
    kept.config = usualConfig(kept.config.name);
    kept.advanced = usualAdvanced();
    delete kept.pin;
    kept.calibrated = false;
    kept.lockState = 0;
    this.configChanged();
    this.stateChanged();
  }

  /** As it left the factory: nobody is known, nothing is set up, and its uuid is another one. */
  wipe(): void {
    const { bolt, door, battery, clockOffset, powered, authorizations, codes, fingers } = this.kept;
    const fresh = { ...this.#new(), bolt, door, battery, clockOffset, powered };
    this.kept = { ...fresh, initialised: false, calibrated: false, lockState: 0 };
    delete this.kept.pin;
    if (this.knobs.oldKeysSurvive) Object.assign(this.kept, { authorizations, codes, fingers });
    this.wrongPins = 0;
    this.pinsLockedUntil = -1;
    this.closePairing();
    this.changed();
  }

  #new(uuid = hexOf(this.random(16))): Kept {
    const { name, battery, pin, nextAuthId, clock, variant } = this.parts;
    const [a = 0, b = 0, c = 0] = nextAuthId === undefined ? this.random(3) : [];
    // Large numbers are seen in reality.
    const next = nextAuthId ?? 0x10_0000 + a * 65_536 + b * 256 + c;
    const made = { name, battery, clockOffset: 0, uuid, nextAuthId: next, ...(pin === undefined ? {} : { pin }) };
    const kept = setUp(made);
    if (variant.keypad !== 'none') kept.authorizations.push(keypadOf(variant.keypad, next - 1, timeText(clock.now())));
    return kept;
  }

  // ---- time

  /** What its clock shows, in UTC, ms. */
  wall(): number {
    return this.parts.clock.now() + this.kept.clockOffset;
  }

  setWall(wall: number): void {
    this.kept.clockOffset = wall - this.parts.clock.now();
    this.changed();
  }

  time(): string {
    return timeText(this.wall());
  }

  // ---- pairing mode

  get pairingMode(): boolean {
    return this.elapsed() < this.#pairingUntil;
  }

  openPairing(): void {
    this.#stopPairing();
    this.#pairingUntil = this.elapsed() + this.knobs.pairingMs;
    this.#stopPairing = this.after(this.knobs.pairingMs, () => this.closePairing());
    this.antenna.changed();
  }

  closePairing(): void {
    this.#stopPairing();
    this.#pairingUntil = -1;
    this.antenna.changed();
  }

  // ---- what it shows

  /** Lock state of this moment, in motion or at rest. */
  get shownState(): number {
    return this.motion?.state ?? this.kept.lockState;
  }

  /** Seconds until it locks again. */
  get lockNGoLeft(): number {
    const until = this.motion?.lockNGoUntil;
    return until === undefined ? 0 : Math.max(0, Math.ceil((until - this.elapsed()) / 1000));
  }

  /** Its state is another one: the beacon says so until a bridge has read it. */
  stateChanged(): void {
    if (!this.knobs.beaconStuck) this.kept.unread = true;
    this.changed();
  }

  /** Something of what 0x0015 and 0x0037 say is different. */
  configChanged(): void {
    this.kept.configCount = (this.kept.configCount + 1) & LAST_COUNT;
    this.changed();
  }

  // ---- log

  /** `data` in hex. Who did it: nobody that it knows when left out. */
  log(type: number, data: string, who: { authId: number; name: string } = { authId: 0, name: '' }): void {
    const { kept } = this;
    if (!kept.logging) return;
    const entry: KeptEntry = { index: kept.nextEntry++, time: this.time(), ...who, type, data };
    kept.log.push(entry);
    if (kept.log.length > LOG_CAPACITY) kept.log.shift();
    this.changed();
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
    this.parts.memory?.save(this.kept);
  }
}

/** A keypad is an authorization as well; all that is typed at it is done by it. */
function keypadOf(keypad: 'keypad' | 'keypad_2', id: number, now: string): KeptAuthorization {
  const kind = keypad === 'keypad_2' ? { type: 5, name: 'Nuki Keypad 2.0' } : { type: 3, name: 'Nuki Keypad' };
  const times = { created: now, lastActive: now, lockCount: 0 };
  return { id, ...kind, key: '', appId: 0, enabled: true, remote: false, ...times };
}
