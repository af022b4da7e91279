// Weekly windows of cards and fingerprints, command 70. Source: ttlock.md 14.
import { type Answer, done, error, hexOf, refused } from './answer.ts';
import { cardId } from './cards.ts';
import type { Device } from './device.ts';
import type { KeptToken, KeptWindow } from './kept.ts';

const FINGER = 1;
const CARD = 2;
const WEEKLY = 1;

/** 02 · userType · idLen · id · 01 · weekday · 00 · from · until · 0000, or 04 · userType · idLen · id. */
export function cyclic(device: Device, data: Uint8Array): Answer {
  const [op = 0, userType = 0, length = 0] = data;
  const id = data.subarray(3, 3 + length);
  const found = tokenOf(device, userType, id);
  if (userType !== FINGER && userType !== CARD) return refused(error.invalid);
  if (!found) return refused(userType === CARD ? error.noSuchCard : error.noSuchFinger);
  if (op === 4) found.weekly = [];
  else {
    const window = op === 2 ? windowOf(data.subarray(3 + length)) : undefined;
    if (!window) return refused(error.invalid);
    found.weekly = [...found.weekly, window];
  }
  device.changed();
  return done(device.kept.battery, op);
}

function tokenOf(device: Device, userType: number, id: Uint8Array): KeptToken | undefined {
  if (userType === FINGER) return device.kept.fingers.find(finger => finger.id === hexOf(id));
  const card = cardId(id);
  return card && device.kept.cards.find(other => other.id === hexOf(card));
}

function windowOf(bytes: Uint8Array): KeptWindow | undefined {
  const [kind, day = 0, , startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = bytes;
  if (kind !== WEEKLY || bytes.length !== 11 || day < 1 || day > 7) return undefined;
  if (startHour > 23 || endHour > 24 || startMinute > 59 || endMinute > 59) return undefined;
  return { day, from: startHour * 60 + startMinute, until: endHour * 60 + endMinute };
}
