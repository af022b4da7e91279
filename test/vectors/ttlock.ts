// TTLock vectors against the driver's wire and the virtual lock's own (ttlock.md 28.1).
import { concat, fromHex, hex, pieces } from '../../src/base/bytes.ts';
import { readAdvert } from '../../src/drivers/ttlock/advert.ts';
import { crc8, crcTable } from '../../src/drivers/ttlock/crc.ts';
import { FrameCutter, type Frame, type Header, ended, frameBytes } from '../../src/drivers/ttlock/frame.ts';
import { exportedNumber, mask } from '../../src/drivers/ttlock/mask.ts';
import { seal, unseal } from '../../src/drivers/ttlock/seal.ts';
import { command } from '../../src/drivers/ttlock/wire.ts';
import { type AdvertFields, manufacturerData, updateModeData } from '../../src/sim/ttlock/advert.ts';
import * as sim from '../../src/sim/ttlock/frames.ts';
import { decode } from './ttlock/replies.ts';
import { encode, stampOfDigits } from './ttlock/requests.ts';
import { checkTranscript } from './ttlock/transcript.ts';
import { type Vector, differences, unlike } from './vector.ts';

export async function check(vector: Vector): Promise<readonly string[]> {
  const name = String(vector['kind']);
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) return ['this kind of vector is unknown'];
  try {
    return await kind(vector);
  } catch (thrown) {
    return [`cannot be checked: ${String(thrown)}`];
  }
}

const PUSHED = 0x00;
const ASKED = 0xaa;
/** The header under which the vectors' replies were made. */
const REPLY_HEADER = '05030200010001';
const PIECE = 20;
const MAC = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;

type Check = (vector: Vector) => readonly string[] | Promise<readonly string[]>;

const kinds: Readonly<Record<string, Check>> = {
  crc: checkCrc,
  aes: vector => {
    const [key, plain, cipher] = ['key', 'plaintext', 'ciphertext'].map(name => bytes(vector, name)) as Three;
    return [
      ...unlike('driver seals', hex(cipher), hex(seal(key, plain))),
      ...unlike('driver unseals', hex(plain), opened(unseal(key, cipher))),
      ...unlike('virtual lock seals', hex(cipher), hex(sim.seal(key, plain))),
      ...unlike('virtual lock unseals', hex(plain), opened(sim.unseal(key, cipher))),
    ];
  },
  xor: vector => {
    const seed = vector['seed'] as number;
    return [
      ...unlike('driver masks', text(vector, 'encoded'), hex(mask(bytes(vector, 'plaintext'), seed))),
      ...unlike('driver unmasks', text(vector, 'plaintext'), hex(mask(bytes(vector, 'encoded'), seed))),
    ];
  },
  credential: vector => {
    const raw = Buffer.from(text(vector, 'encoded'), 'base64').toString('latin1').split(',').map(Number);
    return [
      ...unlike('driver decodes', text(vector, 'decoded'), exportedNumber(text(vector, 'encoded'))),
      ...(vector['rawBytes'] === undefined
        ? []
        : unlike('raw bytes', text(vector, 'rawBytes'), hex(Uint8Array.from(raw)))),
    ];
  },
  date: vector => {
    const ours = hex(Uint8Array.from(stampOfDigits(text(vector, 'in'))));
    if (vector['expect'] !== 'differs') return unlike('driver writes the date', text(vector, 'bytes'), ours);
    return ours === vector['bytes'] ? ['driver writes the date in a way that must not be copied'] : [];
  },
  // A trace holds what was sent, not what it was made from.
  request: vector => [...(vector['in'] === undefined ? [] : checkPayload(vector)), ...checkFrame(vector)],
  payload: checkPayload,
  reply: vector => checkReply(vector, ASKED),
  push: vector => checkReply(vector, PUSHED),
  chunks: vector => {
    const frame = bytes(vector, 'frameWithCrlf');
    const due = (vector['chunks'] as string[]).join(' ');
    return [
      ...unlike('driver cuts', due, pieces(frame, PIECE).map(hex).join(' ')),
      ...unlike('virtual lock cuts', due, sim.cut(frame, PIECE).map(hex).join(' ')),
    ];
  },
  advert: checkAdvert,
  transcript: checkTranscript,
};

type Three = [Uint8Array, Uint8Array, Uint8Array];

function checkCrc(vector: Vector): string[] {
  const data = bytes(vector, 'data');
  const due = text(vector, 'crc');
  const found = [
    ...unlike('driver checksum', due, byteText(crc8(data))),
    ...unlike('virtual lock checksum', due, byteText(sim.checksum(data))),
  ];
  const plain = vector['crcPlainMaxim'] as string | undefined;
  if (plain !== undefined) {
    found.push(...unlike('virtual lock, clean checksum', plain, byteText(sim.checksum(data, 'clean'))));
  }
  if (vector['pathHitsIndex33'] !== undefined) {
    found.push(...unlike('altered entry met', JSON.stringify(vector['pathHitsIndex33']), String(meetsAltered(data))));
  }
  const captured = vector['capturedCrc'] as string | undefined;
  if (captured === undefined) return found;
  found.push(...wholeFrame('captured frame', concat(data, fromHex(captured)), 1));
  if (plain !== undefined && plain !== captured) {
    found.push(...wholeFrame('frame with the clean checksum', concat(data, fromHex(plain)), 0));
  }
  return found;
}

function wholeFrame(what: string, frame: Uint8Array, due: number): string[] {
  const ours = new FrameCutter().feed(frame);
  const theirs = new sim.SimSplitter().feed(concat(frame, sim.CR_LF)).filter(one => one.checksum !== 'wrong');
  const right = theirs.filter(one => one.checksum !== 'clean');
  return [
    ...unlike(`driver, ${what}: frames`, String(due), String(ours.length)),
    ...unlike(`virtual lock, ${what}: frames`, String(due), String(right.length)),
  ];
}

function meetsAltered(data: Uint8Array): boolean {
  let crc = 0;
  for (const byte of data) {
    if ((crc ^ byte) === 33) return true;
    crc = crcTable[crc ^ byte] as number;
  }
  return false;
}

function checkPayload(vector: Vector): string[] {
  const payload = bytes(vector, 'payload');
  const made = encode(text(vector, 'cmd'), vector['in'] as Vector, payload[0]);
  if (!made) return ['driver knows no such request'];
  return [
    ...unlike('driver command', text(vector, 'cmd'), byteText(made.command)),
    ...unlike('driver payload', hex(payload), hex(made.payload)),
  ];
}

function checkFrame(vector: Vector): string[] {
  const [key, payload, frame] = ['key', 'payload', 'frame'].map(name => bytes(vector, name)) as Three;
  const cmd = Number.parseInt(text(vector, 'cmd'), 16);
  const header = headerOf(text(vector, 'header'));
  const splitter = new sim.SimSplitter();
  const heard = [...ended(frame)].flatMap(byte => splitter.feed(Uint8Array.of(byte)));
  const one = heard[0];
  return [
    ...unlike('driver frame', hex(frame), hex(frameBytes(header, cmd, seal(key, payload)))),
    ...unlike('virtual lock hears frames', '1', String(heard.length)),
    ...(one
      ? [
          ...unlike('virtual lock hears the command', byteText(cmd), byteText(one.command)),
          ...unlike('virtual lock hears the header', text(vector, 'header'), simHeaderText(one.header)),
          ...unlike('virtual lock unseals', hex(payload), opened(sim.unseal(key, one.payload))),
        ]
      : []),
  ];
}

function checkReply(vector: Vector, encrypt: number): string[] {
  const [key, plain, frame] = ['key', 'plaintext', 'frame'].map(name => bytes(vector, name)) as Three;
  const heard = [...new FrameCutter().feed(frame)];
  const byByte = new FrameCutter();
  const slowly = [...frame].flatMap(byte => byByte.feed(Uint8Array.of(byte)));
  const header = headerOf((vector['header'] as string | undefined) ?? REPLY_HEADER);
  const cmd = Number.parseInt((vector['cmd'] as string | undefined) ?? byteText(command.reply), 16);
  // A lock may say no more than that it has heard.
  const fields = plain.length === 0 ? {} : decode(plain);
  const theirs = sim.frame(simHeader(header), cmd, { sealed: sim.seal(key, plain), encrypt });
  return [
    ...['whole', 'byte by byte'].flatMap((how, i) =>
      checkHeard(how, i === 0 ? heard : slowly, { key, plain, encrypt, cmd }),
    ),
    ...(fields ? differences(vector['parsed'], fields, sameLeaf) : ['driver knows no such reply']),
    ...unlike('virtual lock frame', hex(frame), hex(theirs)),
  ];
}

function checkHeard(
  how: string,
  heard: readonly Frame[],
  due: { key: Uint8Array; plain: Uint8Array; encrypt: number; cmd: number },
) {
  const one = heard[0];
  if (!one || heard.length !== 1) return [`driver, fed ${how}: 1 frame is due, not ${heard.length}`];
  return [
    ...unlike(`driver, fed ${how}: command`, byteText(due.cmd), byteText(one.command)),
    ...unlike(`driver, fed ${how}: encrypt byte`, byteText(due.encrypt), byteText(one.encrypt)),
    ...unlike(`driver, fed ${how}: unseals`, hex(due.plain), opened(unseal(due.key, one.payload))),
  ];
}

/** The peer printed addresses without leading zeros. */
function sameLeaf(expected: unknown, actual: unknown, key: string): boolean {
  if (key !== 'password' || typeof expected !== 'string' || typeof actual !== 'string' || !MAC.test(expected)) {
    return Object.is(expected, actual);
  }
  const numbers = (mac: string): string =>
    mac
      .split(':')
      .map(part => Number.parseInt(part, 16))
      .join();
  return numbers(expected) === numbers(actual);
}

function checkAdvert(vector: Vector): string[] {
  const data = bytes(vector, 'manufacturerData');
  const heard = readAdvert(data);
  const parsed = vector['parsed'] as AdvertFields | { dfu: true } | null;
  if (parsed === null) return heard === undefined ? [] : ['driver: takes it for a lock'];
  if ('dfu' in parsed) {
    const built = updateModeData('00:00:00:00:00:00').subarray(0, 2);
    return [
      ...unlike('driver', JSON.stringify(parsed), JSON.stringify(heard)),
      ...unlike('virtual lock, first two bytes', hex(data.subarray(0, 2)), hex(built)),
    ];
  }
  const middle = vector['middle'] === undefined ? undefined : [...bytes(vector, 'middle')];
  return [
    ...differences(parsed, heard),
    ...unlike('virtual lock builds', hex(data), hex(manufacturerData(parsed, middle))),
  ];
}

function headerOf(digits: string): Header {
  const [type, version, scene, g1, g0, o1, o0] = fromHex(digits) as unknown as number[];
  const word = (high = 0, low = 0): number => high * 256 + low;
  return { type, version, scene, group: word(g1, g0), org: word(o1, o0) } as Header;
}

function simHeader({ org, ...rest }: Header): sim.Header {
  return { ...rest, organisation: org };
}

function simHeaderText({ type, version, scene, group, organisation }: sim.Header): string {
  const word = (value: number): string => value.toString(16).padStart(4, '0');
  return hex(Uint8Array.of(type, version, scene)) + word(group) + word(organisation);
}

function bytes(vector: Vector, name: string): Uint8Array {
  return fromHex(text(vector, name));
}

function text(vector: Vector, name: string): string {
  return vector[name] as string;
}

function byteText(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function opened(plain: Uint8Array | undefined): string {
  return plain ? hex(plain) : 'does not open';
}
