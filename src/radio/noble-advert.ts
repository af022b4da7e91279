// Advertising reports as they come from the controller -> Advert. noble's own parser joins old and new reports, drops
// leading zeros of uuids and keeps every address for ever, so it is not used.
import type { Advert } from './radio.ts';

/** One report of the controller. `type`: 0 and 1 connectable, 2 and 3 not, 4 is the answer to a scan request. */
export interface Report {
  type: number;
  address: string;
  addressType: 'public' | 'random';
  data: Buffer;
  rssi: number;
}

interface Fields {
  raw: Buffer;
  name?: string;
  services: string[];
  manufacturer?: Uint8Array;
  serviceData?: Map<string, Uint8Array>;
}

interface Entry {
  addressType: 'public' | 'random';
  connectable: boolean;
  /** The newest advert and the newest scan response, each replaced as a whole. */
  advert?: Fields;
  response?: Fields;
}

const SCAN_RESPONSE = 4;
/** "Not known" in the controller's words; the weakest there is in ours. */
const RSSI_UNKNOWN = 127;
/** Addresses kept. Phones change theirs every quarter of an hour: without a bound the book would grow for ever. */
const MOST_ADDRESSES = 2000;
/** The tail of a 16 or 32 bit uuid written out in full. */
const BASE_UUID = '00001000800000805f9b34fb';

/** Remembers the newest advert and scan response of each address, the longest unheard leave first. */
export class AdvertBook {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;

  constructor(most: number = MOST_ADDRESSES) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  addressType(address: string): 'public' | 'random' | undefined {
    return this.#entries.get(address)?.addressType;
  }

  /** Undefined for what tells nothing new: a scan response that repeats itself or has no advert yet. */
  hear(report: Report, at: number): Advert | undefined {
    const { address, addressType } = report;
    const entry: Entry = this.#entries.get(address) ?? { addressType, connectable: false };
    this.#entries.delete(address);
    this.#entries.set(address, entry);
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value as string);
    entry.addressType = addressType;
    if (report.type === SCAN_RESPONSE) {
      if (entry.response?.raw.equals(report.data)) return undefined;
      entry.response = parse(report.data);
      if (!entry.advert) return undefined;
    } else {
      entry.connectable = report.type <= 1;
      if (!entry.advert?.raw.equals(report.data)) entry.advert = parse(report.data);
    }
    return joined(entry, report, at);
  }
}

/**
 * The type of an address that was never heard: a public one carries a maker's number, whose two lowest bits of the
 * first byte are 0; addresses with one of them set are random.
 */
export function guessAddressType(address: string): 'public' | 'random' {
  return (Number.parseInt(address.slice(0, 2), 16) & 0x03) === 0 ? 'public' : 'random';
}

function joined(entry: Entry, { address, rssi }: Report, at: number): Advert {
  const { advert, response, addressType, connectable } = entry;
  const services = [...(advert?.services ?? [])];
  for (const uuid of response?.services ?? []) if (!services.includes(uuid)) services.push(uuid);
  const name = advert?.name ?? response?.name;
  const manufacturer = advert?.manufacturer ?? response?.manufacturer;
  const serviceData =
    response?.serviceData && advert?.serviceData
      ? new Map([...response.serviceData, ...advert.serviceData])
      : (advert?.serviceData ?? response?.serviceData);
  return {
    address,
    addressType,
    connectable,
    services,
    rssi: rssi === RSSI_UNKNOWN ? -127 : rssi,
    at,
    ...(name !== undefined && { name }),
    ...(manufacturer && { manufacturer }),
    ...(serviceData && { serviceData }),
  };
}

/** Length, type, value; what does not fit ends the list. */
function parse(data: Buffer): Fields {
  const fields: Fields = { raw: Buffer.from(data), services: [] };
  for (let at = 0; at + 1 < data.length;) {
    const length = data[at] as number;
    if (length === 0 || at + 1 + length > data.length) break;
    take(fields, data[at + 1] as number, data.subarray(at + 2, at + 1 + length));
    at += 1 + length;
  }
  return fields;
}

/** Types from the Bluetooth assigned numbers, section 2.3. */
function take(fields: Fields, type: number, value: Buffer): void {
  if (type === 0x02 || type === 0x03) return addUuids(fields, value, 2);
  if (type === 0x04 || type === 0x05) return addUuids(fields, value, 4);
  if (type === 0x06 || type === 0x07) return addUuids(fields, value, 16);
  if (type === 0x09 || (type === 0x08 && fields.name === undefined)) fields.name = value.toString('utf8');
  if (type === 0x16) addServiceData(fields, value, 2);
  if (type === 0x20) addServiceData(fields, value, 4);
  if (type === 0x21) addServiceData(fields, value, 16);
  if (type === 0xff && value.length >= 2) fields.manufacturer ??= new Uint8Array(value);
}

function addUuids(fields: Fields, value: Buffer, size: number): void {
  for (let at = 0; at + size <= value.length; at += size) fields.services.push(uuid(value.subarray(at, at + size)));
}

function addServiceData(fields: Fields, value: Buffer, size: number): void {
  if (value.length < size) return;
  fields.serviceData ??= new Map();
  fields.serviceData.set(uuid(value.subarray(0, size)), new Uint8Array(value.subarray(size)));
}

function uuid(bytes: Buffer): string {
  const text = Buffer.from(bytes).reverse().toString('hex');
  return text.length === 8 ? text + BASE_UUID : text;
}
