// What went over the air to and from one lock, as test vectors in which no secret is left (nuki.md 21).
import { equal, fromHex, hex } from '../../base/bytes.ts';
import type { Credential, Json } from '../../lock/driver.ts';
import type { Advert } from '../../radio/radio.ts';
import type { Traffic } from '../../radio/tap.ts';
import { readBeacon, readOffer } from './advert.ts';
import { blanked, plainlyShown } from './blank.ts';
import { asKey } from './credential.ts';
import { Gatherer, type Heard, type Message, nonceOf, openFrame, plainFrame, sealedFrame } from './frame.ts';
import { KEY, TAG } from './keys.ts';
import { pairingCharacteristic } from './pair-wire.ts';
import { type Generation, command } from './wire.ts';

type Fields = { readonly [name: string]: Json };
type From = 'us' | 'lock';

/** LockDriver.mask: the same traffic gives the same vectors, but for the key drawn for them. */
export function mask(
  traffic: readonly Traffic[],
  how: { credentials: readonly Credential[]; random: (bytes: number) => Uint8Array },
): { meta: Fields; vectors: readonly Json[] } {
  const trace = new Masking(how.credentials, how.random(KEY));
  for (const one of traffic) trace.take(one);
  return trace.done();
}

/** In the place of our own number among the users. */
const AUTH_ID = 1;
/** In the place of the Nuki-ID. */
const NUKI_ID = fromHex('00000001');
const ID_AT = 20;

class Masking {
  readonly #keys: readonly { shared: Uint8Array; generation: Generation }[];
  readonly #standIn: Uint8Array;
  readonly #gatherers = new Map<string, Gatherer>();
  readonly #adverts = new Set<string>();
  readonly #vectors: Fields[] = [];
  readonly #links: Fields[] = [];
  /** Messages that no key of ours opens, or that agree on one, without their content. */
  readonly #unread: Fields[] = [];
  #began: number | undefined;

  constructor(credentials: readonly Credential[], standIn: Uint8Array) {
    this.#keys = credentials.map(credential => asKey(credential));
    this.#standIn = standIn;
  }

  take(one: Traffic): void {
    this.#began ??= one.at;
    const atMs = Math.round(one.at - this.#began);
    if (one.kind === 'advert') return this.#advert(one.advert, atMs);
    if (one.kind === 'opened') return void this.#links.push({ atMs, link: one.link, what: 'opened', mtu: one.mtu });
    if (one.kind === 'closed') return void this.#links.push({ atMs, link: one.link, what: 'closed' });
    const from = one.kind === 'wrote' ? 'us' : 'lock';
    const gatherer = this.#gatherer(`${one.link} ${one.characteristic}`, from, one.characteristic);
    for (const heard of gatherer.feed(one.bytes)) {
      this.#message(heard, from, { atMs, link: one.link, on: one.characteristic.slice(4, 8) });
      if ('plain' in heard && heard.plain.command === command.pinInfo) this.#sealFromHere(one);
    }
  }

  done(): { meta: Fields; vectors: readonly Json[] } {
    return { meta: { links: this.#links, unread: this.#unread }, vectors: this.#vectors };
  }

  #gatherer(place: string, from: From, characteristic: string): Gatherer {
    const name = `${place} ${from}`;
    const known = this.#gatherers.get(name);
    if (known) return known;
    const isPlain = characteristic.startsWith('a92ee201') || pairing.includes(characteristic);
    const made = new Gatherer(isPlain ? 'plain' : 'sealed');
    this.#gatherers.set(name, made);
    return made;
  }

  /** The end of a pairing of the fifth generation. */
  #sealFromHere({ link, characteristic }: { link: number; characteristic: string }): void {
    for (const from of ['us', 'lock'] as const) {
      this.#gatherer(`${link} ${characteristic}`, from, characteristic).expects = 'sealed';
    }
  }

  #message(heard: Heard, from: From, where: { atMs: number; link: number; on: string }): void {
    if ('plain' in heard) return this.#plain(heard.plain, from, where);
    const opened = this.#open(heard.sealed);
    if (!opened) return void this.#unread.push({ ...where, from, bytes: heard.sealed.length });
    const { message, generation } = opened;
    const payload = blanked(message);
    const nonce = nonceOf(heard.sealed);
    const frame = sealedFrame({ key: this.#standIn, authId: AUTH_ID, nonce }, { command: message.command, payload });
    const inside = openFrame(this.#standIn, frame).inside;
    this.#push(`${generation}_${number(message.command)}`, {
      kind: 'encrypted_frame',
      ...where,
      from,
      in: { key: hex(this.#standIn), frame: hex(frame) },
      out: {
        nonce: hex(nonce),
        auth_id_adata: AUTH_ID,
        length: inside.length + TAG,
        pdata: hex(inside),
        auth_id_pdata: AUTH_ID,
        cmd: message.command,
        payload: hex(payload),
      },
    });
  }

  /** What a key can be made of, or who somebody is, is not shown. */
  #plain(message: Message, from: From, where: Fields): void {
    if (!plainlyShown.includes(message.command)) {
      this.#unread.push({ ...where, from, cmd: number(message.command), bytes: message.payload.length });
      return;
    }
    this.#push(`plain_${number(message.command)}`, {
      kind: 'plain_frame',
      ...where,
      from,
      in: { cmd: message.command, payload: hex(message.payload) },
      out: { frame: hex(plainFrame(message)) },
    });
  }

  #open(frame: Uint8Array): { message: Message; generation: Generation } | undefined {
    for (const { shared, generation } of this.#keys) {
      try {
        return { message: openFrame(shared, frame), generation };
      } catch {
        // Another key, or damage.
      }
    }
    return undefined;
  }

  /** Every second the same: only news is worth a line. */
  #advert({ manufacturer, serviceData, rssi }: Advert, atMs: number): void {
    const beacon = manufacturer && readBeacon(manufacturer);
    const offer = serviceData && readOffer(serviceData);
    const about = offer ? `offer ${offer.generation}` : beacon ? `beacon ${beacon.txPower}` : undefined;
    if (about === undefined || this.#adverts.has(about)) return;
    this.#adverts.add(about);
    const nuki_id = hex(NUKI_ID);
    if (offer) {
      const short = { g4: 'e100', g5: 'e300' }[offer.generation];
      const uuid = `a92e${short}-5501-11e4-916c-0800200c9a66`;
      const given = { service_data_uuid: uuid, service_data: offer.nukiId === undefined ? '' : nuki_id };
      const out = { generation: offer.generation, pairing: true, ...(offer.nukiId !== undefined && { nuki_id }) };
      return this.#push('advert', { kind: 'advert_pairing', atMs, rssi, in: given, out });
    }
    if (!beacon || !manufacturer) return;
    const data = manufacturer.slice();
    data.set(NUKI_ID, ID_AT);
    const given = { manufacturer_data_with_company: hex(data) };
    const out = { nuki_id, tx_power_byte: beacon.txPower, state_changed: beacon.changed };
    this.#push('advert', { kind: 'advert_ibeacon', atMs, rssi, in: given, out });
  }

  /** A second net: whatever holds one of our keys after all is not shown. */
  #push(what: string, vector: Fields): void {
    const text = JSON.stringify(vector);
    if (this.#keys.some(({ shared }) => !equal(shared, this.#standIn) && text.includes(hex(shared)))) return;
    const nth = String(this.#vectors.length + 1).padStart(4, '0');
    this.#vectors.push({ name: `trace_${what}_${nth}`, ...vector });
  }
}

const pairing: readonly string[] = Object.values(pairingCharacteristic);

function number(of: number): string {
  return of.toString(16).padStart(4, '0');
}
