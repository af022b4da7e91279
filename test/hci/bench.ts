// What the tests of this folder stand on: the seam, a controller, simple peripherals, and a radio on the real noble.
import { createRequire } from 'node:module';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import type { NobleOptions } from '../../src/radio/noble-radio.ts';
import { makeNobleRadio } from '../../src/radio/noble.ts';
import type { Advert, Radio } from '../../src/radio/radio.ts';
import type { Central, Peripheral, SimService } from '../../src/sim/air.ts';

const require = createRequire(import.meta.url);
export const { installSeam } = require('./seam.cjs') as typeof import('./seam.cjs');
export const { VirtualController } = require('./controller.cjs') as typeof import('./controller.cjs');

/** noble looks whether its adapter is on every second, by this name; here ten times as often. */
const realTimeout = globalThis.setTimeout;
const POLL_OF_NOBLE = 1_000;
globalThis.setTimeout = ((call: () => void, ms?: number) =>
  realTimeout(call, ms === POLL_OF_NOBLE ? ms / 10 : ms)) as typeof setTimeout;

export const ECHO = 'fff1';
export const PLAIN = 'fff2';
export const HASTY = 'fff3';
export const MUTE = 'fff4';
const SERVICES: SimService[] = [
  { uuid: '00ab', characteristics: [{ uuid: '00cd', properties: ['read'] }] },
  {
    uuid: 'd973f2e0b19e11e29e960800200c9a66',
    characteristics: [
      { uuid: ECHO, properties: ['write', 'writeWithoutResponse', 'notify'] },
      { uuid: PLAIN, properties: ['read', 'write'] },
      { uuid: HASTY, properties: ['read', 'writeWithoutResponse'] },
      { uuid: MUTE, properties: ['notify'] },
    ],
  },
];

/** Sends back on ECHO what is written to it; PLAIN and HASTY keep it, each in its own way of writing. */
export class EchoPeripheral implements Peripheral {
  readonly address: string;
  readonly addressType: 'public' | 'random' = 'public';
  readonly services = SERVICES;
  advertEveryMs = 20;
  readonly heard: Uint8Array[] = [];
  value: Uint8Array = Uint8Array.of(1, 2, 3);
  central: Central | undefined;
  connections = 0;
  disconnections = 0;
  refuses = false;
  awake = true;

  constructor(address: string, addressType: 'public' | 'random' = 'public') {
    this.address = address;
    this.addressType = addressType;
  }

  advert(): ReturnType<Peripheral['advert']> {
    if (this.central || !this.awake) return undefined;
    const manufacturer = Uint8Array.of(0x12, 0x19, 7, 8, 9);
    return { connectable: true, name: `echo ${this.address.slice(-2)}`, services: ['00ab'], manufacturer };
  }

  connected(central: Central): boolean {
    this.connections++;
    if (this.refuses) return false;
    this.central = central;
    return true;
  }

  subscribed(): void {}

  written(characteristic: string, bytes: Uint8Array): void {
    this.heard.push(bytes);
    if (characteristic === PLAIN || characteristic === HASTY) this.value = bytes;
    if (characteristic === ECHO) this.central?.notify(ECHO, bytes);
  }

  read(): Uint8Array {
    return this.value;
  }

  disconnected(): void {
    this.central = undefined;
    this.disconnections++;
  }
}

/** Real time for whoever measures it, but our own waits are a twentieth. */
export const hasty: Clock = { ...systemClock, after: (ms, call) => systemClock.after(ms / 20, call) };

export function radioOn(options: Partial<NobleOptions> = {}): Radio {
  return makeNobleRadio({ clock: systemClock, log: silent, ...options });
}

/** Real time: looks every 5 ms, for at most `ms`. */
export async function until(what: string, holds: () => boolean, ms = 4_000): Promise<void> {
  const end = systemClock.elapsed() + ms;
  while (!holds()) {
    if (systemClock.elapsed() > end) throw new RangeError(`waited ${ms} ms in vain until ${what}`);
    await new Promise<void>(resolve => void systemClock.after(5, resolve));
  }
}

export function untilReady(radio: Radio): Promise<void> {
  return until('the radio is ready', () => radio.state().ready);
}

/** Scans until one advert of the address was heard. */
export async function hear(radio: Radio, address: string): Promise<Advert> {
  const stop = new AbortController();
  let found: Advert | undefined;
  await radio.scan(advert => {
    if (advert.address !== address || advert.name === undefined) return;
    found = advert;
    stop.abort();
  }, stop.signal);
  return found as Advert;
}

export const never = new AbortController().signal;

/** What the process has open, to compare before and after. */
export function traces(): Record<string, number> {
  const open: Record<string, number> = {
    exit: process.listenerCount('exit'),
    SIGINT: process.listenerCount('SIGINT'),
  };
  for (const kind of process.getActiveResourcesInfo()) open[kind] = (open[kind] ?? 0) + 1;
  return open;
}
