// What a Nuki says of itself to everyone (nuki.md 2): a beacon in daily use, service data while it takes new clients.
import { equal, fromHex, hex } from '../../base/bytes.ts';
import type { Recognised } from '../../lock/driver.ts';
import type { Advert } from '../../radio/radio.ts';
import { type Generation, pinDigits } from './wire.ts';

export interface Beacon {
  /** 8 hex digits. */
  nukiId: string;
  txPower: number;
  /** Something changed and no bridge has asked yet. The lock clears it for a client paired as a bridge, and for no other. */
  changed: boolean;
}

const BEACON = 25;
const BEACON_HEAD = fromHex('4c000215a92ee200550111e4916c0800200c9a66');
const ID_AT = BEACON_HEAD.length;
const ID = 4;

const FRESH_SERVICE = 'a92ee000550111e4916c0800200c9a66';
const pairingServices: Readonly<Record<Generation, string>> = {
  g4: 'a92ee100550111e4916c0800200c9a66',
  g5: 'a92ee300550111e4916c0800200c9a66',
};
const NAME = /^Nuki_([0-9A-F]{8})$/i;

/** `manufacturer` begins with the company id. Undefined: not the beacon of a Nuki lock, e.g. its HomeKit advert. */
export function readBeacon(manufacturer: Uint8Array): Beacon | undefined {
  if (manufacturer.length !== BEACON || !equal(manufacturer.subarray(0, ID_AT), BEACON_HEAD)) return undefined;
  const txPower = manufacturer[BEACON - 1] as number;
  return { nukiId: hex(manufacturer.subarray(ID_AT, ID_AT + ID)), txPower, changed: (txPower & 1) !== 0 };
}

export interface Offer {
  generation: Generation;
  /** Some send none. */
  nukiId?: string;
}

/** A lock whose button is held down offers itself: with its service data, never in the list of services. */
export function readOffer(serviceData: ReadonlyMap<string, Uint8Array>): Offer | undefined {
  for (const generation of ['g5', 'g4'] as const) {
    const data = serviceData.get(pairingServices[generation]);
    if (data) return { generation, ...(data.length >= ID && { nukiId: hex(data.subarray(0, ID)) }) };
  }
  return undefined;
}

export function recognise(advert: Advert): Recognised | undefined {
  const offer = advert.serviceData && readOffer(advert.serviceData);
  if (offer) return offered(advert, offer);
  const beacon = advert.manufacturer && readBeacon(advert.manufacturer);
  if (beacon) {
    const { nukiId, changed } = beacon;
    return { ...plain(advert, nukiId), state: 'taken', wake: changed ? 'changed' : 'quiet' };
  }
  return isFresh(advert) ? { ...plain(advert), state: 'refused', why: NOT_SET_UP, wake: 'fresh' } : undefined;
}

/** Which pairing the lock speaks; undefined while it offers none. */
export function generationOf(advert: Advert): Generation | undefined {
  return advert.serviceData && readOffer(advert.serviceData)?.generation;
}

export function nukiIdOf(advert: Advert): string | undefined {
  const beacon = advert.manufacturer && readBeacon(advert.manufacturer);
  const offer = advert.serviceData && readOffer(advert.serviceData);
  return offer?.nukiId ?? beacon?.nukiId ?? NAME.exec(advert.name ?? '')?.[1]?.toLowerCase();
}

/** How the lock would be called by its maker. */
export function nameOf(nukiId: string): string {
  return `Nuki_${nukiId.toUpperCase()}`;
}

/** Probable, never certain: all that were seen have it so. */
export function addressOf(nukiId: string): string {
  return `54:d2:72:${[2, 4, 6].map(at => nukiId.slice(at, at + 2)).join(':')}`;
}

const NOT_SET_UP =
  'This lock was never set up. Set it up in the Nuki app first, then hold its button and pair it here.';
const PIN_PLACE = 'The six digits that were chosen when the lock was set up in the Nuki app.';

function offered(advert: Advert, { generation, nukiId }: Offer): Recognised {
  return {
    ...plain(advert, nukiId),
    state: 'pairable',
    wake: 'pairing',
    touched: true,
    ...(generation === 'g5' && { asks: { ...pinDigits.g5, text: PIN_PLACE } }),
  };
}

function plain(advert: Advert, nukiId = nukiIdOf(advert)): Pick<Recognised, 'model' | 'kind' | 'hardware'> {
  const model = nukiId === undefined ? 'Nuki Smart Lock' : nameOf(nukiId);
  return { model, kind: 'cylinder', hardware: nukiId ?? advert.address };
}

function isFresh({ services, serviceData }: Advert): boolean {
  return services.includes(FRESH_SERVICE) || serviceData?.has(FRESH_SERVICE) === true;
}
