// The virtual Nuki lock as the lock of a pairing: it is written what the client wrote, and must say what the lock said.
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { publicOf } from '../../../src/sim/nuki/keys.ts';
import { VirtualNuki } from '../../../src/sim/nuki/virtual-nuki.ts';
import { uuid } from '../../../src/sim/nuki/voice.ts';
import { type Vector, unlike } from '../vector.ts';
import { inOf, outOf, text } from './names.ts';

export interface Line {
  dir: string;
  char: string;
  hex: string;
}

/** Longer than an answer takes. */
const ANSWER_MS = 50;
export const TO_LOCK = 'client->lock';
const FROM_LOCK = 'lock->client';

/** The messages, each of which goes to the lock or comes from it. */
export function linesOf(vector: Vector): readonly Line[] {
  const lines = outOf(vector)['messages'] as Line[];
  const odd = lines.find(({ dir }) => dir !== TO_LOCK && dir !== FROM_LOCK);
  if (odd) throw new RangeError(`the direction "${odd.dir}" is unknown`);
  return lines;
}

export async function replayAtVirtualNuki(vector: Vector): Promise<readonly string[]> {
  const lines = linesOf(vector);
  const clock = new VirtualClock();
  const lock = makeLock(vector, lines, clock);
  let heard = '';
  let hungUp = false;
  lock.hands.act('hold_button', { seconds: 5 });
  const taken = lock.connected({
    mtu: 247,
    notify: (characteristic, bytes) => void (heard += `${characteristic} ${hex(bytes)} `),
    hangUp: () => (hungUp = true),
  });
  if (!taken) return ['refuses the connection'];
  const found: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.dir !== TO_LOCK) continue;
    heard = '';
    lock.written(uuid(line.char), fromHex(line.hex));
    await clock.advance(ANSWER_MS);
    const due = lines.slice(i + 1).findIndex(({ dir }) => dir === TO_LOCK);
    const answers = lines.slice(i + 1, due < 0 ? undefined : i + 1 + due);
    found.push(...unlike(`answer to message ${i + 1}`, answers.map(shown).join(''), heard));
  }
  if (hungUp) found.push('hangs up');
  const lockPublic = hex(publicOf(fromHex(text(inOf(vector), 'lock_private'))));
  found.push(...unlike('public key', text(outOf(vector), 'lock_public'), lockPublic));
  const key = lock.secrets.keys.get(outOf(vector)['auth_id'] as number);
  found.push(...unlike('shared key', text(outOf(vector), 'shared'), key));
  lock.stop();
  return found;
}

function shown({ char, hex: bytes }: Line): string {
  return `${uuid(char)} ${bytes} `;
}

/** Chance gives it what the lock of the vector drew, in order. */
function makeLock(vector: Vector, lines: readonly Line[], clock: VirtualClock): VirtualNuki {
  const isFifth = text(inOf(vector), 'generation') === 'g5';
  const answers = lines.filter(({ dir }) => dir !== TO_LOCK).map(line => fromHex(line.hex));
  const slice = (message: number, from: number, size: number): Uint8Array =>
    (answers[message] ?? new Uint8Array()).subarray(from, from + size);
  // Public key, challenge, then a challenge and a proof, or the sealed id.
  const drawn = [fromHex(text(inOf(vector), 'lock_private')), slice(1, 2, 32)];
  if (isFifth) drawn.push(slice(3, 0, 24));
  else drawn.push(slice(2, 2, 32), slice(3, 54, 32));
  const out = outOf(vector);
  return new VirtualNuki({
    name: 'vector',
    address: '54:D2:72:CA:88:EC',
    variant: isFifth ? 'ultra' : 'smart_lock_4',
    clock,
    random: () => drawn.shift() ?? new Uint8Array(),
    uuid: text(out, 'lock_uuid'),
    nextAuthId: out['auth_id'] as number,
    ...(isFifth ? { pin: String(inOf(vector)['pin']).padStart(6, '0') } : {}),
    knobs: { replyLatency: { min: 5, max: 5 } },
  });
}
