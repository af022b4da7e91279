// The driver as the client of a pairing: it is told what the lock said, and must write what the client wrote.
import { fromHex, hex, pieces } from '../../../src/base/bytes.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { utc } from '../../../src/base/zone.ts';
import { openFrame, sealedFrame } from '../../../src/drivers/nuki/frame.ts';
import { publicKey } from '../../../src/drivers/nuki/keys.ts';
import { pairAs } from '../../../src/drivers/nuki/pair.ts';
import type { Ground } from '../../../src/lock/driver.ts';
import type { Advert, Link } from '../../../src/radio/radio.ts';
import { type Vector, differences, unlike } from '../vector.ts';
import { generationIn, inOf, number, outOf, text } from './names.ts';
import { type Line, TO_LOCK, linesOf } from './replay.ts';

const SMALL = 20;
const LARGE = 244;
/** Of the client's messages, the one that the fifth generation seals. */
const SEALED = 3;
const NUKI_ID = '4cca88ec';

export async function replayAtNukiDriver(vector: Vector): Promise<readonly string[]> {
  const found: string[] = [];
  for (const size of [LARGE, SMALL]) {
    found.push(...(await replay(vector, size)).map(each => `in pieces of ${size}: ${each}`));
  }
  return found;
}

async function replay(vector: Vector, size: number): Promise<string[]> {
  const lines = linesOf(vector);
  const written: string[] = [];
  const clock = new VirtualClock();
  const idType = inOf(vector)['id_type'] === 1 ? 'bridge' : 'app';
  const identity = { appId: number(inOf(vector), 'app_id'), name: text(inOf(vector), 'name'), idType } as const;
  const pin = inOf(vector)['pin'];
  const secret = typeof pin === 'number' ? { secret: new Secret(String(pin).padStart(6, '0')) } : {};
  const hint = { advert: advertOf(vector), ...secret };
  const link = linkTo(lines, size, written);
  const ground = groundOf(vector, clock, lines);
  const paired = await clock.run(pairAs(link, ground, { hint, identity }, async () => undefined));
  const shared = fromHex(text(outOf(vector), 'shared'));
  const due = lines.filter(({ dir }) => dir === TO_LOCK).map(line => line.hex);
  const fifth = generationIn(inOf(vector)) === 'g5';
  const shown = (frame: string, i: number): string => (fifth && i === SEALED ? opened(shared, frame) : frame);
  const told = { auth_id: outOf(vector)['auth_id'], uuid: outOf(vector)['lock_uuid'], shared: hex(shared) };
  const { authId, uuid, shared: ours } = paired.credential.data.reveal() as Record<string, unknown>;
  const clientPublic = hex(publicKey(fromHex(text(inOf(vector), 'client_private'))));
  return [
    ...unlike('public key', text(outOf(vector), 'client_public'), clientPublic),
    ...unlike('messages written', String(due.length), String(written.length)),
    ...due.flatMap((line, i) => unlike(`message ${2 * i + 1}`, shown(line, i), shown(written[i] ?? '', i))),
    ...differences(told, { auth_id: authId, uuid, shared: ours }),
  ];
}

/** In the place of an id that there is not yet, clients write what they like: a sealed message is compared without it. */
function opened(key: Uint8Array, frame: string): string {
  const bytes = fromHex(frame);
  const { command, payload, authId } = openFrame(key, bytes);
  const nonce = bytes.subarray(0, 24);
  const again = hex(sealedFrame({ key, authId, nonce }, { command, payload }));
  return `${hex(nonce)} ${command} ${hex(payload)} ${again === frame ? 'sealed well' : 'sealed otherwise'}`;
}

/** What it draws: its private key, then the nonce of the message with which it says who it is. */
function groundOf(vector: Vector, clock: VirtualClock, lines: readonly Line[]): Ground {
  const seventh = fromHex((lines[6] as Line).hex);
  const nonce = generationIn(inOf(vector)) === 'g5' ? seventh.subarray(0, 24) : seventh.subarray(71, 103);
  const drawn = [fromHex(text(inOf(vector), 'client_private')), nonce];
  return {
    clock,
    zone: utc,
    random: () => drawn.shift() ?? new Uint8Array(),
    report: () => undefined,
    signal: new AbortController().signal,
    log: silent,
  };
}

/** Answers each message with what followed it. */
function linkTo(lines: readonly Line[], size: number, written: string[]): Link {
  const rest = [...lines];
  let ear: (bytes: Uint8Array) => void = () => undefined;
  return {
    mtu: size + 3,
    closed: new Promise(() => undefined),
    async write(_, bytes) {
      written.push(hex(bytes));
      rest.shift();
      while (rest[0] && rest[0].dir !== TO_LOCK) {
        const answer = fromHex((rest.shift() as Line).hex);
        for (const piece of pieces(answer, size)) queueMicrotask(() => ear(piece));
      }
    },
    read: async () => new Uint8Array(),
    async subscribe(_, heard) {
      ear = heard;
    },
    close: async () => undefined,
  };
}

function advertOf(vector: Vector): Advert {
  const service = `a92e${generationIn(inOf(vector)) === 'g5' ? 'e300' : 'e100'}550111e4916c0800200c9a66`;
  return {
    address: '54:d2:72:ca:88:ec',
    addressType: 'public',
    connectable: true,
    services: [],
    serviceData: new Map([[service, fromHex(NUKI_ID)]]),
    rssi: -60,
    at: 0,
  };
}
