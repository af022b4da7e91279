// A whole TTLock session: its bytes, the driver replaying it, and the virtual lock answering it (ttlock.md 28.1).
import { ByteReader, concat, fromHex, hex } from '../../../src/base/bytes.ts';
import { silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { utc } from '../../../src/base/zone.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import { FrameCutter, ended, frameBytes } from '../../../src/drivers/ttlock/frame.ts';
import { readKey } from '../../../src/drivers/ttlock/wire.ts';
import { FACTORY_KEY, seal, unseal } from '../../../src/drivers/ttlock/seal.ts';
import type { Ground } from '../../../src/lock/driver.ts';
import type { Advert } from '../../../src/radio/radio.ts';
import { type Vector, unlike } from '../vector.ts';
import { type Exchanged, ScriptedLink } from './script.ts';
import { replayAtVirtualLock } from './virtual.ts';

export interface Line {
  dir: 'app>lock' | 'lock>app';
  note: string;
  cmd: string;
  plaintext: string;
  key: 'default' | 'session';
  frame: string;
}

const KEY_REPLY = '1901';
const START = Date.UTC(2026, 4, 11, 14, 23, 7);
/** The two numbers of the owner, as the driver draws them. */
const DRAWN = ['045b1923', '048b9751'];

export async function checkTranscript(vector: Vector): Promise<readonly string[]> {
  const lines = vector['frames'] as readonly Line[];
  const told = lines.find(line => line.plaintext.startsWith(KEY_REPLY));
  if (!told) return ['the transcript tells no session key'];
  const sessionKey = readKey(new ByteReader(fromHex(told.plaintext).subarray(2)));
  return [
    ...lines.flatMap(line => checkLine(line, line.key === 'default' ? FACTORY_KEY : sessionKey)),
    ...(await replayAtDriver(lines, sessionKey)),
    ...(await replayAtVirtualLock(lines, sessionKey)),
  ];
}

function checkLine(line: Line, key: Uint8Array): string[] {
  const [frame, ...more] = new FrameCutter().feed(fromHex(line.frame));
  if (!frame || more.length > 0) return [`driver, ${line.note}: one frame is due`];
  const command = Number.parseInt(line.cmd, 16);
  const made = ended(frameBytes(frame.header, command, seal(key, fromHex(line.plaintext)), frame.encrypt));
  const plain = unseal(key, frame.payload);
  return [
    ...unlike(`driver frame, ${line.note}`, line.frame, hex(made)),
    ...unlike(`driver unseals, ${line.note}`, line.plaintext, plain && hex(plain)),
  ];
}

/** Pairs, unlocks and resets; what it writes must be what the app wrote, frame for frame of the same command. */
async function replayAtDriver(lines: readonly Line[], sessionKey: Uint8Array): Promise<string[]> {
  const link = new ScriptedLink(exchangesOf(lines), sessionKey);
  const clock = new VirtualClock(START);
  try {
    await clock.run(steps(link, clock));
  } catch (thrown) {
    return [`driver, replay: ${String(thrown)}`];
  }
  const due = lines.filter(line => line.dir === 'app>lock');
  const written = new Map(link.written.map(frame => [frame[9] as number, hex(frame)]));
  return [
    ...due.flatMap(line =>
      unlike(`driver writes, ${line.note}`, line.frame, written.get(Number.parseInt(line.cmd, 16))),
    ),
    ...missesInOrder(link.written.map(hex), due),
  ];
}

async function steps(link: ScriptedLink, clock: VirtualClock): Promise<void> {
  const drawn = [...DRAWN];
  const ground: Ground = {
    // The transcript was made with a wall clock that stands still.
    clock: { now: () => START, elapsed: () => clock.elapsed(), after: (ms, call) => clock.after(ms, call) },
    zone: utc,
    random: () => fromHex(drawn.shift() as string),
    report: () => undefined,
    signal: new AbortController().signal,
    log: silent,
  };
  const { credential } = await ttlock.pair(link, ground, { advert }, async () => undefined);
  const session = await ttlock.open(link, ground, credential, advert);
  await session.act('unlock');
  await ttlock.forget(link, ground, credential, advert);
}

const advert: Advert = {
  address: 'f2:c1:ad:4c:ae:fd',
  addressType: 'random',
  connectable: true,
  services: ['1910'],
  manufacturer: fromHex('0503021c64b000f4f95365fdae4cadc1f2'),
  rssi: -60,
  at: START,
};

/** What the lock said after each thing that the app wrote. */
function exchangesOf(lines: readonly Line[]): Exchanged[] {
  const exchanges: { asked: Uint8Array; answers: Uint8Array[] }[] = [];
  for (const line of lines) {
    if (line.dir === 'app>lock') exchanges.push({ asked: fromHex(line.frame), answers: [] });
    else exchanges.at(-1)?.answers.push(fromHex(line.frame));
  }
  return exchanges;
}

/** Further frames of ours (a proof before a reset, a question for what is not known) may stand between those of the app. */
function missesInOrder(written: readonly string[], due: readonly Line[]): string[] {
  let at = 0;
  for (const line of due) {
    const found = written.indexOf(line.frame, at);
    if (found < 0) return [`driver, replay: "${line.note}" (${line.cmd}) does not come where it is due`];
    at = found + 1;
  }
  return [];
}

/** For the virtual lock's side: everything that it said, in order. */
export function saidAfter(lines: readonly Line[], at: number): string {
  const rest = lines.slice(at + 1);
  const end = rest.findIndex(line => line.dir === 'app>lock');
  return hex(concat(...rest.slice(0, end < 0 ? rest.length : end).map(line => fromHex(line.frame))));
}
