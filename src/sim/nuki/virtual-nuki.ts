// A Nuki lock made of nothing: it speaks the wire protocol, has hands and can be unkind. Written from nuki.md alone.
import { createHash } from 'node:crypto';
import type { Central, SimAdvert, SimClock, SimService } from '../air.ts';
import type { VirtualLock } from '../family.ts';
import type { Hands } from '../hands.ts';
import { MemoryFile } from '../memory-file.ts';
import { SimError } from '../sim-error.ts';
import { beaconData, homekitData, nameOf, pairingData } from './advert.ts';
import { Device, type Mover } from './device.ts';
import { makeNukiHands } from './hands.ts';
import type { BoltPlace, Kept } from './kept.ts';
import { type Knobs, usualKnobs } from './knobs.ts';
import { armAutoLock, restart } from './mechanism.ts';
import { stopMotion } from './motor.ts';
import { receive } from './receive.ts';
import { Session } from './session.ts';
import { armTimers } from './timers.ts';
import { type VariantName, variants } from './variants.ts';
import { uuid } from './voice.ts';

export interface VirtualNukiOptions {
  /** For people and error texts, and the name in its settings. */
  name: string;
  /** `54:D2:72:CA:88:EC`; its last half is that of the Nuki-ID. */
  address: string;
  variant?: VariantName;
  clock: SimClock;
  random: (bytes: number) => Uint8Array;
  /** Where it keeps what a real lock keeps without power. Throws SimError `memory` when that file is not its own. */
  memory?: { path: string };
  knobs?: Partial<Knobs>;
  /** Of a lock without memory: the security PIN; null where nobody has set one. */
  pin?: string | null;
  /** Per cent, of a lock without memory. */
  battery?: number;
  /** 32 bits; made from the address when left out. */
  nukiId?: number;
  /** Hex of 16 bytes, and the next authorization id: drawn by chance when left out. */
  uuid?: string;
  nextAuthId?: number;
}

/** What only tests may see. */
export interface Secrets {
  pin: string | undefined;
  uuid: string;
  /** Hex of each shared key, by authorization id. */
  keys: ReadonlyMap<number, string>;
  codes: readonly string[];
}

/** What its owner chose in the vendor's app; the fifth generation has to have one. */
const USUAL_PIN = { g4: '1234', g5: '123456' };
/** By advertising mode: automatic, normal, slow, slowest. */
const ADVERT_MS = [1000, 500, 2000, 5000];
const PAIRING_ADVERT_MS = 250;

export class VirtualNuki implements VirtualLock {
  readonly name: string;
  readonly variant: VariantName;
  readonly address: string;
  readonly addressType = 'public';
  readonly services: readonly SimService[];
  readonly mostMtu: number;
  readonly nukiId: number;
  /** What a person can do at it. */
  readonly hands: Hands;
  readonly #device: Device;

  constructor(options: VirtualNukiOptions) {
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(options.address)) {
      throw new SimError('invalid', `"${options.address}" is no Bluetooth address; write it like 54:D2:72:CA:88:EC.`);
    }
    this.name = options.name;
    this.variant = options.variant ?? 'smart_lock_4';
    const variant = variants[this.variant];
    this.address = options.address.toLowerCase();
    this.services = tableOf(variant.generation);
    this.mostMtu = variant.mostMtu;
    this.nukiId = options.nukiId ?? idOf(this.address);
    const place = { format: 'virtual-nuki-1', address: this.address, says: 'a virtual Nuki lock' };
    const memory = options.memory && new MemoryFile<Kept>({ ...options.memory, ...place });
    const kept = memory?.load();
    this.#device = new Device({
      name: options.name,
      address: this.address,
      nukiId: this.nukiId,
      variant,
      clock: options.clock,
      random: options.random,
      knobs: { ...usualKnobs(), ...options.knobs },
      battery: options.battery ?? 100,
      ...pinOf(options, variant.generation),
      ...(options.uuid === undefined ? {} : { uuid: options.uuid }),
      ...(options.nextAuthId === undefined ? {} : { nextAuthId: options.nextAuthId }),
      ...(memory ? { memory } : {}),
      ...(kept ? { kept } : {}),
    });
    this.hands = makeNukiHands(this.#device);
    armAutoLock(this.#device);
    armTimers(this.#device);
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

  /** Somebody's app or bridge is authorised. */
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

  /** What its own clock shows, UTC in ms. */
  get wall(): number {
    return this.#device.wall();
  }

  set wall(ms: number) {
    this.#device.setWall(ms);
    armTimers(this.#device);
    this.#device.commit();
  }

  /** The security PIN; undefined until somebody has set one. */
  get pin(): string | undefined {
    const { pin } = this.#device.kept;
    return pin === undefined ? undefined : pinText(pin, this.#device.variant.generation);
  }

  get secrets(): Secrets {
    const { uuid: own, authorizations, codes } = this.#device.kept;
    const keys = authorizations.filter(({ key }) => key !== '').map(({ id, key }) => [id, key] as const);
    return { pin: this.pin, uuid: own, keys: new Map(keys), codes: codes.map(({ code }) => String(code)) };
  }

  set onMove(ear: ((bolt: BoltPlace, by: Mover) => void) | undefined) {
    this.#device.onMove = ear;
  }

  /** Hears every whole message; 0 is one that it could not read. */
  set onFrame(ear: ((command: number, direction: 'up' | 'down') => void) | undefined) {
    this.#device.onFrame = ear;
  }

  /** As after a short loss of power: it feels where its bolt is. */
  restart(): void {
    restart(this.#device);
    this.#device.commit();
  }

  /** No timer is left behind. */
  stop(): void {
    const device = this.#device;
    device.antenna.hangUp();
    stopMotion(device);
    device.closePairing();
    device.stopAutoLock();
    device.stopTimers();
  }

  // ---- the peripheral

  get advertEveryMs(): number {
    const { pairingMode, kept } = this.#device;
    return pairingMode ? PAIRING_ADVERT_MS : (ADVERT_MS[kept.config.advertisingMode] ?? 1000);
  }

  advert(): SimAdvert | undefined {
    const device = this.#device;
    const { knobs, kept, variant } = device;
    if (!device.powered || device.session || knobs.silent) return undefined;
    const name = knobs.advertName ? { name: nameOf(this.nukiId) } : {};
    const common = { connectable: true, ...name };
    if (device.pairingMode) {
      const [service, data] = pairingData(variant.generation, this.nukiId);
      const shown = knobs.emptyServiceData ? new Uint8Array() : data;
      return { ...common, services: [], serviceData: new Map([[service, shown]]) };
    }
    if (!kept.initialised) return { ...common, services: [uuid('e000')] };
    const homekit = knobs.homekitAdverts && Math.floor(device.elapsed() / this.advertEveryMs) % 2 === 1;
    const beacon = beaconData(this.nukiId, variant.txPower, kept.unread);
    return { ...common, services: [], manufacturer: homekit ? homekitData(this.nukiId) : beacon };
  }

  watchAdvert(changed: () => void): () => void {
    return this.#device.antenna.watch(changed);
  }

  connected(central: Central): boolean {
    const device = this.#device;
    if (!device.powered || device.session || device.knobs.connectionRefused) return false;
    device.antenna.connected(new Session(central, device.parts.clock));
    return true;
  }

  subscribed(): void {
    // Nothing depends on it: the air passes indications on only to who asked for them.
  }

  written(characteristic: string, bytes: Uint8Array): void {
    receive(this.#device, characteristic, bytes);
  }

  read(characteristic: string): Uint8Array {
    const { firmware, hardware } = this.#device.variant;
    const values: Readonly<Record<string, string>> = {
      '2a00': nameOf(this.nukiId),
      '2a25': nameOf(this.nukiId).slice('Nuki_'.length),
      '2a26': firmware.join('.'),
      '2a27': hardware.join('.'),
    };
    return Uint8Array.from(Buffer.from(values[characteristic] ?? '', 'latin1'));
  }

  disconnected(): void {
    this.#device.antenna.ended();
  }
}

/** The last three bytes are those of the address; the first is any, and always the same for a lock. */
function idOf(address: string): number {
  const [first = 0] = createHash('sha256').update(`nuki id ${address}`).digest();
  return Number.parseInt(`${first.toString(16)}${address.slice(9).replaceAll(':', '')}`, 16);
}

function pinOf({ pin }: VirtualNukiOptions, generation: 'g4' | 'g5'): { pin?: number } {
  const text = pin === undefined ? USUAL_PIN[generation] : pin;
  if (text === null) return {};
  const digits = generation === 'g5' ? /^[0-9]{6}$/ : /^[0-9]{4}$/;
  if (digits.test(text)) return { pin: Number(text) };
  throw new SimError('invalid', `The PIN of this lock has ${generation === 'g5' ? 'six' : 'four'} digits.`);
}

function pinText(pin: number, generation: 'g4' | 'g5'): string {
  return String(pin).padStart(generation === 'g5' ? 6 : 4, '0');
}

/** In the order of a real fourth-generation lock. */
function tableOf(generation: 'g4' | 'g5'): readonly SimService[] {
  const speaks = ['write', 'writeWithoutResponse', 'indicate'] as const;
  const pairing = generation === 'g5' ? ['e300', 'e301'] : ['e100', 'e101'];
  const vendor = (service: string, ...characteristics: string[]): SimService => ({
    uuid: uuid(service),
    characteristics: characteristics.map(each => ({ uuid: uuid(each), properties: speaks })),
  });
  return [
    { uuid: '1800', characteristics: [{ uuid: '2a00', properties: ['read'] }] },
    { uuid: '1801', characteristics: [] },
    { uuid: '180a', characteristics: ['2a25', '2a26', '2a27'].map(each => ({ uuid: each, properties: ['read'] })) },
    vendor(pairing[0] as string, pairing[1] as string),
    vendor('e200', 'e201', 'e202'),
  ];
}
