// What went over the air to and from one lock, as test vectors in which no secret is left (ttlock.md 28.1).
import { concat, fromHex, hex } from '../../base/bytes.ts';
import type { Credential, Json } from '../../lock/driver.ts';
import type { Advert } from '../../radio/radio.ts';
import type { Traffic } from '../../radio/tap.ts';
import { readAdvert } from './advert.ts';
import { type Message, blanked } from './blank.ts';
import { asKey } from './credential.ts';
import { ASKED, type Frame, FrameCutter, type Header, frameBytes } from './frame.ts';
import { readReply } from './reply.ts';
import { FACTORY_KEY, seal, unseal } from './seal.ts';
import { StandIns } from './stand-ins.ts';
import { command } from './wire.ts';

type Fields = { readonly [name: string]: Json };

/** LockDriver.mask: the same traffic gives the same vectors, but for the key drawn for them. */
export function mask(
  traffic: readonly Traffic[],
  how: { credentials: readonly Credential[]; random: (bytes: number) => Uint8Array },
): { meta: Fields; vectors: readonly Json[] } {
  const trace = new Masking(how.credentials, new StandIns(how.random(FACTORY_KEY.length)));
  for (const one of traffic) trace.take(one);
  return trace.done();
}

const PUSHED = 0x00;
const COMPANY = 2;
const MAC = 6;
/** In the short layout: everything between battery and address, which nobody has described. */
const MIDDLE_AT = 5;
/** Three bytes of the address. */
const NAME_ENDING = /[0-9a-f]{6}$/i;

class Masking {
  readonly #keys: readonly Uint8Array[];
  readonly #needles: readonly Uint8Array[];
  readonly #standIns: StandIns;
  readonly #cutters = new Map<string, FrameCutter>();
  readonly #adverts = new Set<string>();
  readonly #vectors: Fields[] = [];
  readonly #links: Fields[] = [];
  /** Frames that no key of ours opens, without their content. */
  readonly #unread: Fields[] = [];
  #began: number | undefined;

  constructor(credentials: readonly Credential[], standIns: StandIns) {
    this.#standIns = standIns;
    const known = credentials.map(credential => asKey(credential));
    this.#keys = [...known.map(key => key.aesKey), FACTORY_KEY];
    this.#needles = known.flatMap(({ aesKey, adminPs, unlockKey, adminPin }) => [
      aesKey,
      ...[adminPs, unlockKey].flatMap(value => (value === undefined ? [] : numberBytes(value))),
      ...(adminPin ? [new Uint8Array(Buffer.from(adminPin, 'latin1'))] : []),
    ]);
  }

  take(one: Traffic): void {
    this.#began ??= one.at;
    const atMs = Math.round(one.at - this.#began);
    if (one.kind === 'advert') return this.#advert(one.advert, atMs);
    if (one.kind === 'opened') return void this.#links.push({ atMs, link: one.link, what: 'opened', mtu: one.mtu });
    if (one.kind === 'closed') return void this.#links.push({ atMs, link: one.link, what: 'closed' });
    const from = one.kind === 'wrote' ? 'us' : 'lock';
    const name = `${one.link} ${from}`;
    const cutter = this.#cutters.get(name) ?? new FrameCutter();
    this.#cutters.set(name, cutter);
    for (const frame of cutter.feed(one.bytes)) this.#frame(frame, from, { atMs, link: one.link });
  }

  done(): { meta: Fields; vectors: readonly Json[] } {
    return { meta: { links: this.#links, unread: this.#unread }, vectors: this.#vectors };
  }

  #advert(advert: Advert, atMs: number): void {
    const heard = advert.manufacturer && readAdvert(advert.manufacturer);
    if (!advert.manufacturer || !heard || !('type' in heard)) return;
    const data = concat(advert.manufacturer.slice(0, -MAC), this.#standIns.mac(advert.manufacturer.slice(-MAC)));
    const { name } = advert;
    const shown = name?.replace(NAME_ENDING, '000000');
    const digest = `${hex(data)} ${shown ?? ''}`;
    // Every second the same: only news is worth a line.
    if (this.#adverts.has(digest)) return;
    this.#adverts.add(digest);
    const parsed = readAdvert(data) as unknown as Fields;
    const short = hex(data.subarray(0, COMPANY)) === SHORT_COMPANY;
    this.#vectors.push({
      name: this.#name('advert'),
      kind: 'advert',
      atMs,
      manufacturerData: hex(data),
      ...(short && { middle: hex(data.subarray(MIDDLE_AT, -MAC)) }),
      parsed: { ...parsed },
      services: [...advert.services],
      rssi: advert.rssi,
      ...(shown !== undefined && { advertisedName: shown }),
    });
  }

  #frame(frame: Frame, from: Message['from'], where: { atMs: number; link: number }): void {
    const about = hex(Uint8Array.of(frame.command));
    const opened = this.#open(frame, from);
    if (!opened || (frame.encrypt !== ASKED && frame.encrypt !== PUSHED)) {
      this.#unread.push({ ...where, from, cmd: about, encrypt: frame.encrypt, bytes: frame.payload.length });
      return;
    }
    const plain = this.#blank({ from, command: frame.command, plain: opened.plain });
    const key = opened.factory ? FACTORY_KEY : this.#standIns.key;
    const masked = frameBytes(frame.header, frame.command, seal(key, plain), frame.encrypt);
    const wired = { key: hex(key), header: headerText(frame.header), frame: hex(masked) };
    if (from === 'us') {
      const name = this.#name(`ask-${about}`);
      this.#vectors.push({ name, kind: 'request', ...where, cmd: about, payload: hex(plain), ...wired });
      return;
    }
    const kind = frame.encrypt === ASKED ? 'reply' : 'push';
    const name = this.#name(`${kind}-${hex(plain.subarray(0, 1)) || 'empty'}`);
    const cmd = frame.command === command.reply ? {} : { cmd: about };
    this.#vectors.push({ name, kind, ...where, ...cmd, plaintext: hex(plain), ...wired, parsed: parsedOf(plain) });
  }

  /** One wrong key in 256 passes the padding; what the lock says must look like an answer besides. */
  #open(frame: Frame, from: Message['from']): { plain: Uint8Array; factory: boolean } | undefined {
    for (const key of this.#keys) {
      const plain = unseal(key, frame.payload);
      if (!plain || (from === 'lock' && plain.length > 0 && !readReply(plain))) continue;
      return { plain, factory: key === FACTORY_KEY };
    }
    return undefined;
  }

  /** A second net: whatever of ours should still stand there takes the whole message with it. */
  #blank(message: Message): Uint8Array {
    const plain = blanked(message, this.#standIns);
    const text = Buffer.from(plain);
    return this.#needles.some(needle => text.includes(Buffer.from(needle))) ? plain.fill(0, 2) : plain;
  }

  #name(what: string): string {
    return `${String(this.#vectors.length + 1).padStart(4, '0')}-${what}`;
  }
}

const SHORT_COMPANY = '0503';

/** Only that it can be read is tested; the reasons of a no are compared. */
function parsedOf(plain: Uint8Array): Fields {
  const [, status, reason] = plain;
  return status === 0 && reason !== undefined ? { status, error: reason } : {};
}

function headerText({ type, version, scene, group, org }: Header): string {
  return hex(Uint8Array.of(type, version, scene, group >> 8, group & 0xff, org >> 8, org & 0xff));
}

function numberBytes(value: number): Uint8Array[] {
  const big = fromHex(value.toString(16).padStart(8, '0'));
  return [big, big.toReversed(), new Uint8Array(Buffer.from(String(value), 'latin1'))];
}
