// TTLock: frames, replies, adverts and the lock's log.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, fromHex } from '../../src/base/bytes.ts';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { recognise } from '../../src/drivers/ttlock/advert.ts';
import * as codes from '../../src/drivers/ttlock/codes-wire.ts';
import { readFeatures } from '../../src/drivers/ttlock/features.ts';
import { FrameCutter, ended, frameBytes } from '../../src/drivers/ttlock/frame.ts';
import { happeningOf } from '../../src/drivers/ttlock/happenings.ts';
import { readLog } from '../../src/drivers/ttlock/log-wire.ts';
import { readReply, refusal } from '../../src/drivers/ttlock/reply.ts';
import { FACTORY_KEY, seal, unseal } from '../../src/drivers/ttlock/seal.ts';
import * as settings from '../../src/drivers/ttlock/settings-wire.ts';
import { hearPush } from '../../src/drivers/ttlock/status.ts';
import * as tokens from '../../src/drivers/ttlock/tokens-wire.ts';
import { mask } from '../../src/drivers/ttlock/trace.ts';
import * as wire from '../../src/drivers/ttlock/wire.ts';
import type { Ground } from '../../src/lock/driver.ts';
import type { FuzzFamily } from './family.ts';
import { type Draw, randomBytes } from './inputs.ts';

const file = join(import.meta.dirname, '../vectors/data/ttlock.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Record<string, unknown>[] };
const field = (name: string): Uint8Array[] =>
  vectors.flatMap(one => (typeof one[name] === 'string' ? [fromHex(one[name])] : []));
const plaintexts = [...field('plaintext'), ...field('payload')].filter(bytes => bytes.length > 0);
const logs = plaintexts.filter(bytes => bytes[0] === wire.command.log).map(bytes => bytes.subarray(2));
const commands = Object.values(wire.command);
const header = { type: 5, version: 3, scene: 2, group: 1, org: 1 };

const ground: Ground = {
  clock: { now: () => 0, elapsed: () => 0, after: () => () => undefined },
  zone: utc,
  random: count => new Uint8Array(count),
  report: () => undefined,
  signal: new AbortController().signal,
  log: silent,
};

type Read = (data: ByteReader) => unknown;
const readers: readonly Read[] = [
  wire.readChallenge,
  wire.readKey,
  data => wire.readTokenEchoed(data, 'SCIENER'),
  wire.readMoved,
  wire.readStatus,
  wire.readClockStamp,
  wire.readInfo,
  readFeatures,
  codes.readPinList,
  codes.readAdminPin,
  codes.readDone,
  data => tokens.readTokenList(tokens.cardKind, data),
  data => tokens.readTokenList(tokens.fingerKind, data),
  data => tokens.readEnrol(tokens.cardKind, data),
  data => tokens.readEnrol(tokens.fingerKind, data),
  settings.readAutoLock,
  settings.readByte,
  settings.readWord,
  settings.readSound,
  settings.readSwitches,
  settings.readPassage,
];

/** Each input goes to a third of the readers, chosen by its length. */
const TURNS = 3;

/** A reply of a known command, or its data alone, with lengths that mostly fit. */
function reply(draw: Draw): Uint8Array {
  const command = commands[draw(commands.length)] ?? 0;
  return Uint8Array.of(command, draw(8) === 0 ? draw(256) : 1, ...randomBytes(draw, 40));
}

function frame(draw: Draw): Uint8Array {
  const sealed = draw(3) === 0 ? randomBytes(draw, 15).slice(0, 0) : seal(FACTORY_KEY, reply(draw));
  const bytes = frameBytes(header, draw(4) === 0 ? draw(256) : wire.command.reply, sealed, draw(2) ? 0xaa : 0);
  const before = draw(3) === 0 ? randomBytes(draw, 12) : new Uint8Array();
  const end = draw(4) === 0 ? bytes : ended(bytes);
  return Uint8Array.from([...before, ...end, ...(draw(3) === 0 ? bytes.subarray(0, draw(bytes.length)) : [])]);
}

function log(draw: Draw): Uint8Array {
  const records: number[] = [];
  for (let count = draw(5); count > 0; count--) {
    const tail = randomBytes(draw, 16);
    const text = draw(2) === 0 ? [draw(10), ...tail] : [...tail];
    const body = [draw(110), 26, 5, 11, 14, 23, 7, draw(120), ...text];
    records.push(draw(10) === 0 ? draw(256) : body.length, ...body);
  }
  const total = draw(10) === 0 ? draw(0x10000) : records.length + 2;
  return Uint8Array.of(total >> 8, total & 0xff, draw(256), draw(256), ...records);
}

function advert(draw: Draw): Uint8Array {
  const head = draw(3) === 0 ? [draw(256), draw(256)] : [0x05, 0x03];
  return Uint8Array.of(...head, draw(14), draw(256), draw(256), ...randomBytes(draw, 20));
}

export const family: FuzzFamily = {
  framer: {
    known: field('frame'),
    made: frame,
    make: () => new FrameCutter(),
    longest: 12 + 240 + 1,
  },
  entries: {
    decoder: {
      known: plaintexts,
      made: reply,
      read(bytes) {
        const plain = readReply(bytes);
        if (plain && !plain.ok) refusal(plain.data, 'it');
        if (plain) hearPush(ground, plain, undefined);
        const data = plain?.data ?? bytes;
        const turn = bytes.length % TURNS;
        const some = readers.filter((_, i) => i % TURNS === turn);
        each(some, read => read(new ByteReader(data)));
      },
    },
    seal: {
      known: field('ciphertext'),
      made: draw => seal(FACTORY_KEY, reply(draw)),
      read: bytes => void unseal(FACTORY_KEY, bytes),
    },
    advert: {
      known: field('manufacturerData'),
      made: advert,
      read(bytes) {
        const name = `${String.fromCharCode(...bytes.subarray(0, 8))}_${bytes.length}`;
        const heard = {
          address: 'c0:00:00:00:00:01',
          addressType: 'random',
          connectable: true,
          rssi: 0,
          at: 0,
        } as const;
        recognise({ ...heard, name, services: ['1910'], manufacturer: bytes });
        recognise({ ...heard, services: [], manufacturer: bytes });
      },
    },
    log: {
      known: logs,
      made: log,
      read: bytes => void readLog(new ByteReader(bytes)).records.map(record => happeningOf(record, utc)),
    },
    trace: {
      known: field('frame'),
      made: frame,
      read(bytes) {
        const where = { at: 0, link: 1, characteristic: 'fff4' };
        mask([{ ...where, kind: bytes.length % 2 ? 'heard' : 'wrote', bytes }], {
          credentials: [],
          random: count => new Uint8Array(count),
        });
      },
    },
  },
};

/** Every one of them gets the same bytes: what one refuses, another may take. */
function each(all: readonly Read[], call: (read: Read) => void): void {
  let first: unknown;
  for (const read of all) {
    try {
      call(read);
    } catch (thrown) {
      if (!(thrown instanceof Error) || thrown.name !== 'LockError') throw thrown;
      first ??= thrown;
    }
  }
  if (first !== undefined) throw first;
}
