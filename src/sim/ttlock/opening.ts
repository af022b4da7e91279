// Opening at the door by code, card or finger: the motor, the record and the pushes. Source: ttlock.md 8, 12, 13, 17.
import type { HandResult } from '../hands.ts';
import { enrolCard } from './cards.ts';
import type { Device } from './device.ts';
import { enrolPress } from './fingers.ts';
import type { KeptToken } from './kept.ts';
import { isValid } from './tokens.ts';
import { fromHexText, hexOf } from './answer.ts';
import { type Mover, move } from './mechanism.ts';
import { tell } from './voice.ts';

const CARD = { opened: 17, refused: 25, doubleLocked: 39 };
const FINGER = { opened: 20, refused: 22, doubleLocked: 40 };

export function openFromOutside(
  device: Device,
  how: { by: Mover; type: number; tail: Uint8Array; said: string },
): HandResult {
  if (device.knobs.jam !== 'none') {
    return { done: false, opened: false, said: 'The motor hums and stops: the bolt is stuck.' };
  }
  const number = device.record(how.type, how.tail);
  move(device, 'unlocked', how.by);
  tell(device, number);
  return { done: true, opened: true, said: how.said };
}

/** A card, by its number: 4 bytes if it fits, else 8. */
export function presentCard(device: Device, number: bigint): HandResult {
  device.touch();
  if (number >= 1n << 64n) return { done: false, opened: false, said: 'There is no card with so large a number.' };
  const id = new Uint8Array(number < 1n << 32n ? 4 : 8);
  for (let at = id.length - 1, rest = number; at >= 0; at--, rest >>= 8n) id[at] = Number(rest & 0xffn);
  if (device.session?.enrolment?.kind === 'card') {
    enrolCard(device, id);
    return { done: true, opened: false, said: 'One beep: the card is stored.' };
  }
  const card = device.kept.cards.find(each => each.id === hexOf(id));
  return open(device, card, { types: CARD, id, by: 'card', what: 'card' });
}

export function presentFinger(device: Device, print: string): HandResult {
  device.touch();
  if (device.session?.enrolment?.kind === 'finger') return enrolled(enrolPress(device, print));
  const finger = device.kept.fingers.find(each => each.finger === print);
  const id = finger ? fromHexText(finger.id) : new Uint8Array(6);
  return open(device, finger, { types: FINGER, id, by: 'finger', what: 'finger' });
}

function enrolled(outcome: ReturnType<typeof enrolPress>): HandResult {
  const said = {
    again: 'A short beep: lift the finger and press again.',
    stored: 'A long beep: the finger is stored.',
    other: 'Three short beeps: that is another finger.',
    known: 'Three short beeps: this finger is stored already.',
  };
  return { done: outcome === 'again' || outcome === 'stored', opened: false, said: said[outcome] };
}

function open(
  device: Device,
  token: KeptToken | undefined,
  how: { types: typeof CARD; id: Uint8Array; by: Mover; what: string },
): HandResult {
  const { types, id, by, what } = how;
  if (device.kept.settings.freeze === 1) {
    return { done: false, opened: false, said: 'The lock is frozen: nothing opens it.' };
  }
  if (!token || !isValid(device, token)) {
    device.record(types.refused, id);
    return { done: false, opened: false, said: `Three short beeps: the ${what} is refused.` };
  }
  if (device.privacy) {
    device.record(types.doubleLocked, id);
    return { done: false, opened: false, said: 'It is double-locked from inside.' };
  }
  return openFromOutside(device, { by, type: types.opened, tail: id, said: `The ${what} opens it.` });
}
