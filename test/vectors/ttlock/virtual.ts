// The virtual TTLock as the lock of a transcript: it is written what the app wrote, and must say what the lock said.
import { concat, fromHex, hex } from '../../../src/base/bytes.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';
import { unlike } from '../vector.ts';
import { type Line, saidAfter } from './transcript.ts';

const START = Date.UTC(2026, 4, 11, 14, 23, 7);
/** 16-bit numbers that the lock of the transcript drew, in order. */
const CHALLENGES = ['db7a', '04d2'];
const FEATURES = [0x71c4f5f7, 0x00000510];
const FULL = 100;
const LATER = 90;
/** Longer than an answer and its push take, shorter than the lock's patience. */
const ANSWER_MS = 200;
const SECOND_MS = 1000;

export async function replayAtVirtualLock(lines: readonly Line[], sessionKey: Uint8Array): Promise<string[]> {
  const clock = new VirtualClock(START);
  const lock = makeLock(clock, sessionKey);
  const said: Uint8Array[] = [];
  let hungUp = false;
  lock.hands.act('press_key');
  const taken = lock.connected({
    mtu: 23,
    notify: (_characteristic, bytes) => void said.push(bytes),
    hangUp: () => (hungUp = true),
  });
  if (!taken) return ['virtual lock: refuses the connection'];
  lock.subscribed();
  const found: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.dir !== 'app>lock') continue;
    if (line.cmd === '55') lock.battery = LATER;
    if (line.cmd === '47') await clock.advance(SECOND_MS - (clock.elapsed() % SECOND_MS));
    said.length = 0;
    lock.written('fff2', fromHex(line.frame));
    await clock.advance(ANSWER_MS);
    found.push(...unlike(`virtual lock answers, ${line.note}`, saidAfter(lines, i), hex(concat(...said))));
  }
  if (lines.at(-1)?.plaintext === '' && !hungUp) found.push('virtual lock: does not hang up after the reset');
  lock.stop();
  return found;
}

function makeLock(clock: VirtualClock, sessionKey: Uint8Array): VirtualTTLock {
  const challenges = [...CHALLENGES];
  const random = (count: number): Uint8Array => {
    if (count === 16) return sessionKey;
    return count === 2 ? fromHex(challenges.shift() ?? '0001') : new Uint8Array(count);
  };
  return new VirtualTTLock({
    name: 'transcript',
    address: 'F2:C1:AD:4C:AE:FD',
    clock,
    random,
    features: FEATURES,
    header: { scene: 2 },
    battery: FULL,
    knobs: { replyLatency: { min: 5, max: 5 } },
  });
}
