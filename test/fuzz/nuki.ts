// Nuki: messages, adverts, the lock's log, lists and settings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, fromHex } from '../../src/base/bytes.ts';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { recognise } from '../../src/drivers/nuki/advert.ts';
import * as authorisations from '../../src/drivers/nuki/authorisations-wire.ts';
import * as codes from '../../src/drivers/nuki/codes-wire.ts';
import { readConfig, setAdvancedConfig, setConfig } from '../../src/drivers/nuki/config-wire.ts';
import { timesOf } from '../../src/drivers/nuki/dates.ts';
import { Gatherer, LONGEST, openFrame, plainFrame, readPlain, sealedFrame } from '../../src/drivers/nuki/frame.ts';
import { happeningOf } from '../../src/drivers/nuki/happenings.ts';
import * as log from '../../src/drivers/nuki/log-wire.ts';
import * as pairing from '../../src/drivers/nuki/pair-wire.ts';
import { refusal } from '../../src/drivers/nuki/refusals.ts';
import { readStates } from '../../src/drivers/nuki/state-wire.ts';
import { hearStates } from '../../src/drivers/nuki/status.ts';
import * as timers from '../../src/drivers/nuki/timers-wire.ts';
import { mask } from '../../src/drivers/nuki/trace.ts';
import * as wire from '../../src/drivers/nuki/wire.ts';
import type { Ground } from '../../src/lock/driver.ts';
import type { FuzzFamily } from './family.ts';
import { type Draw, randomBytes } from './inputs.ts';

interface Published {
  kind: string;
  in: Readonly<Record<string, unknown>>;
  out: Readonly<Record<string, unknown>>;
}
const file = join(import.meta.dirname, '../vectors/data/nuki.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Published[] };
const field = (name: string): Uint8Array[] =>
  vectors.flatMap(({ in: given, out }) =>
    [given[name], out[name]].flatMap(text => (typeof text === 'string' && text !== '' ? [fromHex(text)] : [])),
  );
const KEY = new Uint8Array(32).fill(1);
const commands = Object.values(wire.command);

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
  readStates,
  wire.readChallenge,
  wire.readStatus,
  data => refusal(wire.readError(data), 'it'),
  wire.readBatteryReport,
  wire.readInvited,
  data => wire.readPin('g5', data),
  data => timesOf(codes.readCode(data).limit),
  codes.readCodeCount,
  codes.readCodeId,
  data => timesOf(authorisations.readAuthorisation(data).limit),
  authorisations.readAuthorisationCount,
  timers.readTimer,
  timers.readTimerId,
  timers.readTimerCount,
  log.readLogCount,
  pairing.readAuthorisationId,
  pairing.readSealedAuthorisationId,
  pairing.readSealedAuthorisationData,
  data => readConfig(data.rest()),
  data => setConfig(data.rest()),
  data => setAdvancedConfig('g4', data.rest()),
];

/** Each input goes to a third of the readers, chosen by its length. */
const TURNS = 3;

function message(draw: Draw): { command: number; payload: Uint8Array } {
  return { command: commands[draw(commands.length)] ?? 0, payload: randomBytes(draw, 90) };
}

function frame(draw: Draw): Uint8Array {
  const nonce = Uint8Array.from({ length: 24 }, () => draw(256));
  const sealed = sealedFrame({ key: KEY, authId: draw(256), nonce }, message(draw));
  const before = draw(4) === 0 ? randomBytes(draw, 12) : new Uint8Array();
  const plain = draw(3) === 0 ? plain7(draw) : new Uint8Array();
  return Uint8Array.from([...before, ...plain, ...sealed.subarray(0, draw(8) === 0 ? draw(sealed.length) : undefined)]);
}

function plain7(draw: Draw): Uint8Array {
  return plainFrame({ command: wire.command.error, payload: Uint8Array.of(draw(256), draw(256), 0) });
}

function entry(draw: Draw): Uint8Array {
  const head = [
    draw(256),
    draw(4),
    0,
    0,
    0xea,
    7,
    draw(14),
    draw(34),
    draw(26),
    draw(62),
    draw(62),
    draw(256),
    0,
    0,
    0,
  ];
  const name = Array.from({ length: 32 }, () => (draw(3) === 0 ? 0 : draw(256)));
  return Uint8Array.of(...head, ...name, draw(12), ...randomBytes(draw, 8));
}

function advert(draw: Draw): Uint8Array {
  const head = fromHex('4c000215a92ee200550111e4916c0800200c9a66');
  return Uint8Array.of(...head.subarray(0, draw(6) === 0 ? draw(20) : 20), ...randomBytes(draw, 6));
}

export const family: FuzzFamily = {
  framer: {
    known: [...field('frame'), ...field('message')],
    made: frame,
    make: () => new Gatherer('sealed'),
    longest: LONGEST,
  },
  entries: {
    readers: {
      known: field('payload'),
      made: draw => message(draw).payload,
      read(bytes) {
        hearStates(ground, { command: wire.command.state, payload: bytes });
        const turn = bytes.length % TURNS;
        each(
          readers.filter((_, i) => i % TURNS === turn),
          read => read(new ByteReader(bytes)),
        );
      },
    },
    sealed: {
      known: field('frame'),
      made: frame,
      read: bytes => void openFrame(KEY, bytes),
    },
    plain: {
      known: [...field('frame'), ...field('message')],
      made: draw => (draw(2) === 0 ? plain7(draw) : plainFrame(message(draw))),
      read(bytes) {
        new Gatherer('plain').feed(bytes);
        readPlain(bytes);
      },
    },
    log: {
      known: vectors.filter(one => one.kind === 'parse_log').map(one => fromHex(String(one.in['payload']))),
      made: entry,
      read: bytes =>
        void happeningOf(log.readLogEntry(new ByteReader(bytes)), { ours: 1, digits: new Map([[1, '345678']]) }),
    },
    trace: {
      known: field('frame'),
      made: frame,
      read(bytes) {
        const characteristic = `a92ee${bytes.length % 2 ? '202' : '301'}550111e4916c0800200c9a66`;
        mask([{ at: 0, link: 1, characteristic, kind: bytes.length % 3 ? 'heard' : 'wrote', bytes }], {
          credentials: [],
          random: count => new Uint8Array(count),
        });
      },
    },
    advert: {
      known: field('manufacturer_data_with_company'),
      made: advert,
      read(bytes) {
        const heard = {
          address: '54:d2:72:00:00:01',
          addressType: 'public',
          connectable: true,
          services: [],
          rssi: 0,
          at: 0,
        } as const;
        recognise({ ...heard, name: `Nuki_${bytes.length}`, manufacturer: bytes });
        const service = bytes.length % 2 ? 'a92ee100550111e4916c0800200c9a66' : 'a92ee300550111e4916c0800200c9a66';
        recognise({ ...heard, serviceData: new Map([[service, bytes]]) });
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
