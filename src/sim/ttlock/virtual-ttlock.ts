// A TTLock made of nothing: it speaks the wire protocol, has hands and can be unkind. Written from ttlock.md alone.
import type { Central, SimAdvert, SimClock, SimService } from '../air.ts';
import type { VirtualLock } from '../family.ts';
import type { Hands } from '../hands.ts';
import { MemoryFile } from '../memory-file.ts';
import { SimError } from '../sim-error.ts';
import { textBytes } from './answer.ts';
import { longData, manufacturerData, nameEnding, updateModeData } from './advert.ts';
import { Device } from './device.ts';
import { type Features, feature, has, withFeature } from './features.ts';
import type { Header } from './frames.ts';
import { makeTTLockHands } from './hands.ts';
import type { BoltPlace, Kept } from './kept.ts';
import { FACTORY_CODE } from './keypad.ts';
import { type Knobs, usualKnobs } from './knobs.ts';
import type { Mover } from './mechanism.ts';
import { receive } from './receive.ts';
import { Session } from './session.ts';
import { type Variant, type VariantName, variants } from './variants.ts';

export interface VirtualTTLockOptions {
  /** For people and error texts. */
  name: string;
  /** `F2:C1:AD:4C:AE:FD`; from C0 on it is a random static one. */
  address: string;
  variant?: VariantName;
  clock: SimClock;
  random: (bytes: number) => Uint8Array;
  /** Where it keeps what a real lock keeps without power. Throws SimError `memory` when that file is not its own. */
  memory?: { path: string };
  knobs?: Partial<Knobs>;
  /** Instead of the variant's feature words, bits 0..31 first. */
  features?: Features;
  /** Adds a door sensor. */
  doorSensor?: boolean;
  header?: Partial<Pick<Header, 'scene' | 'group' | 'organisation'>>;
  /** The vendor token, SCIENER for ordinary locks. */
  token?: string;
  /** Per cent, of a lock without memory. */
  battery?: number;
}

/** What only tests may see. */
export interface Secrets {
  aesKey: string;
  adminPs: number;
  unlockKey: number;
  lockFlagPos: number;
  adminCode: string;
  codes: readonly string[];
}

export class VirtualTTLock implements VirtualLock {
  readonly name: string;
  readonly variant: VariantName;
  readonly address: string;
  readonly addressType: 'public' | 'random';
  readonly services: readonly SimService[] = table;
  /** What a person can do at it. */
  readonly hands: Hands;
  readonly #device: Device;

  constructor(options: VirtualTTLockOptions) {
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(options.address)) {
      throw new SimError('invalid', `"${options.address}" is no Bluetooth address; write it like F2:C1:AD:4C:AE:FD.`);
    }
    this.name = options.name;
    this.variant = options.variant ?? 'deadbolt';
    const variant = variants[this.variant];
    this.address = options.address.toLowerCase();
    this.addressType = Number.parseInt(this.address.slice(0, 2), 16) >= 0xc0 ? 'random' : 'public';
    const place = { format: 'virtual-ttlock-1', address: this.address, says: 'a virtual TTLock' };
    const memory = options.memory && new MemoryFile<Kept>({ ...options.memory, ...place });
    const kept = memory?.load();
    this.#device = new Device({
      name: options.name,
      address: this.address,
      variant,
      features: featuresOf(options, variant),
      header: { type: 5, version: 3, scene: variant.scene, group: 1, organisation: 1, ...options.header },
      token: options.token ?? 'SCIENER',
      clock: options.clock,
      random: options.random,
      knobs: { ...usualKnobs(), ...options.knobs },
      ...(memory ? { memory } : {}),
      ...(kept ? { kept } : {}),
    });
    this.hands = makeTTLockHands(this.#device);
    if (!kept && options.battery !== undefined) this.battery = options.battery;
  }

  // ---- for people and tests

  /** Live: what is set here counts from the next piece on. */
  get knobs(): Knobs {
    return this.#device.knobs;
  }

  /** Where the bolt really is, whatever the lock says. */
  get bolt(): BoltPlace {
    return this.#device.kept.bolt;
  }

  get door(): 'open' | 'closed' {
    return this.#device.kept.door;
  }

  /** There are batteries in it. */
  get powered(): boolean {
    return this.#device.powered;
  }

  get paired(): boolean {
    return this.#device.paired;
  }

  /** How often the bolt changed its place. */
  get moves(): number {
    return this.#device.moves;
  }

  get battery(): number {
    return this.#device.kept.battery;
  }

  set battery(percent: number) {
    this.#device.kept.battery = percent;
    this.#device.changed();
    this.#device.commit();
  }

  /** What its own clock shows, ms as if its wall time were UTC. */
  get wall(): number {
    return this.#device.wall();
  }

  set wall(ms: number) {
    this.#device.setWall(ms);
    this.#device.commit();
  }

  get secrets(): Secrets | undefined {
    const { owner, adminCode, codes } = this.#device.kept;
    return owner && { ...owner, adminCode: adminCode ?? FACTORY_CODE, codes: codes.map(code => code.digits) };
  }

  set onMove(ear: ((bolt: BoltPlace, by: Mover) => void) | undefined) {
    this.#device.onMove = ear;
  }

  set onFrame(ear: ((command: number, direction: 'up' | 'down') => void) | undefined) {
    this.#device.onFrame = ear;
  }

  /** No timer is left behind. */
  stop(): void {
    this.#device.antenna.hangUp();
    this.#device.stopAutoLock();
  }

  // ---- the peripheral

  get advertEveryMs(): number {
    const { awakeEveryMs, idleEveryMs } = this.#device.variant;
    return this.#device.awake ? awakeEveryMs : idleEveryMs;
  }

  advert(): SimAdvert | undefined {
    const device = this.#device;
    const { knobs, variant, awake } = device;
    if (!device.powered || device.session) return undefined;
    const silentWhenIdle = !device.paired || knobs.asleep || device.has(feature.silentIdle);
    if (silentWhenIdle && !awake && !variant.legacy) return undefined;
    const name = `${variant.prefix}_${nameEnding(this.address)}`;
    return {
      connectable: !variant.legacy,
      ...(knobs.advertName ? { name } : {}),
      services: knobs.advert1910 ? ['1910'] : [],
      manufacturer: this.#manufacturer(),
    };
  }

  watchAdvert(changed: () => void): () => void {
    return this.#device.antenna.watch(changed);
  }

  connected(central: Central): boolean {
    const device = this.#device;
    if (!device.powered || device.session || device.knobs.connectionRefused || device.variant.legacy) return false;
    device.antenna.connected(new Session(central, device.parts.clock));
    return true;
  }

  subscribed(): void {
    // Nothing depends on it: the air passes notifications on only to who asked for them.
  }

  written(characteristic: string, bytes: Uint8Array): void {
    if (characteristic === 'fff2') receive(this.#device, bytes);
  }

  read(characteristic: string): Uint8Array {
    const { session, variant } = this.#device;
    if (session) session.hasRead = true;
    const values: Readonly<Record<string, Uint8Array>> = {
      '2a00': textBytes(`${variant.prefix}_${nameEnding(this.address)}`),
      // Constant on real locks too: the battery in replies is the true one.
      '2a19': Uint8Array.of(100),
      '2a29': textBytes('SCIENER'),
      '2a24': textBytes(variant.model),
      '2a27': textBytes(variant.hardware),
      '2a26': textBytes(variant.firmware),
    };
    return values[characteristic] ?? new Uint8Array();
  }

  disconnected(): void {
    this.#device.antenna.ended();
  }

  #manufacturer(): Uint8Array {
    const device = this.#device;
    if (device.knobs.updateMode) return updateModeData(this.address);
    const fields = {
      type: device.header.type,
      version: device.header.version,
      scene: device.header.scene,
      unlocked: device.kept.sensed === 'unlocked',
      newRecords: device.hasNewRecords,
      settingMode: !device.paired,
      touch: device.awake,
      bit4: device.knobs.advertBit10,
      battery: device.advertisedBattery,
      mac: this.address,
    };
    return device.variant.legacy ? longData({ ...fields, version: 1 }) : manufacturerData(fields);
  }
}

function featuresOf(options: VirtualTTLockOptions, variant: Variant): Features {
  const features = options.features ?? variant.features;
  const sensor = options.doorSensor ?? variant.doorSensor;
  return sensor && !has(features, feature.doorSensor) ? withFeature(features, feature.doorSensor) : features;
}

const table: readonly SimService[] = [
  { uuid: '1800', characteristics: [{ uuid: '2a00', properties: ['read'] }] },
  { uuid: '1801', characteristics: [] },
  {
    uuid: '1910',
    characteristics: [
      { uuid: 'fff4', properties: ['notify'] },
      { uuid: 'fff2', properties: ['write', 'writeWithoutResponse'] },
    ],
  },
  { uuid: '180f', characteristics: [{ uuid: '2a19', properties: ['read', 'notify'] }] },
  {
    uuid: '180a',
    characteristics: ['2a29', '2a24', '2a27', '2a26'].map(uuid => ({ uuid, properties: ['read'] })),
  },
  {
    uuid: '000015301212efde1523785feabcd123',
    characteristics: [
      { uuid: '000015321212efde1523785feabcd123', properties: ['writeWithoutResponse'] },
      { uuid: '000015311212efde1523785feabcd123', properties: ['write', 'notify'] },
      { uuid: '000015341212efde1523785feabcd123', properties: ['read'] },
    ],
  },
];
