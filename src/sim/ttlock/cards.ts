// IC cards, command 05. Source: ttlock.md 12.
import { type Answer, bytesOf, done, error, fromHexText, hexOf, readU16, refused, u16 } from './answer.ts';
import { ALWAYS } from './dates.ts';
import type { Device } from './device.ts';
import type { KeptToken } from './kept.ts';
import { beginEnrolment, datesOf, endEnrolment } from './tokens.ts';
import { say } from './voice.ts';

/** How long it waits for a card. */
const ENROL_MS = 20_000;
const SHORT_CARDS_A_PAGE = 2;
const LAST = 0xffff;
const ADDED = 15;
const CLEARED = 16;
const DELETED = 18;
const DATES_SIZE = 10;

export function cards(device: Device, data: Uint8Array): Answer {
  const { kept } = device;
  const op = data[0] ?? 0;
  if (op === 1) return list(device, readU16(data, 1));
  if (op === 2 && data.length === 1) {
    if (kept.cards.length >= device.variant.cards) return refused(error.noSpace);
    beginEnrolment(device, 'card', ENROL_MS);
    return done(kept.battery, 2, 2);
  }
  if (op === 2) return addKnown(device, data.subarray(1));
  if (op === 3) return remove(device, data.subarray(1));
  if (op === 4) {
    kept.cards = [];
    device.record(CLEARED);
    return done(kept.battery, 4);
  }
  return op === 5 ? setValidity(device, data.subarray(1)) : refused(error.invalid);
}

/** Somebody holds a card to it while it waits for one. */
export function enrolCard(device: Device, id: Uint8Array): void {
  endEnrolment(device);
  put(device, { id: hexOf(id), ...ALWAYS, weekly: [] });
  device.record(ADDED, id);
  device.commit();
  const padded = device.knobs.paddedCards && id.length === 4 ? [0xff, 0xff, 0xff, 0xff] : [];
  say(device, 0x05, done(device.kept.battery, 2, 1, id, padded));
}

/** Its number as the lock keeps it: 4 bytes, or 8 where the last four say something. */
export function cardId(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 4) return bytes;
  if (bytes.length !== 8) return undefined;
  return hexOf(bytes.subarray(4)) === 'ffffffff' ? bytes.subarray(0, 4) : bytes;
}

/** All cards of a page are of one width, and one of 8 bytes is alone: by that a client tells the widths apart. */
function list(device: Device, at: number): Answer {
  const all = device.kept.cards;
  const first = all[at];
  if (!first) return done(device.kept.battery, 1, u16(LAST));
  const page = [first];
  for (const card of all.slice(at + 1, at + SHORT_CARDS_A_PAGE)) {
    if (first.id.length > 8 || card.id.length > 8) break;
    page.push(card);
  }
  const next = at + page.length < all.length ? at + page.length : LAST;
  const records = page.flatMap(card => [...fromHexText(card.id + card.start + card.end)]);
  return done(device.kept.battery, 1, u16(next), records);
}

function addKnown(device: Device, data: Uint8Array): Answer {
  const id = cardId(data.subarray(0, -DATES_SIZE));
  const dates = datesOf(data.subarray(-DATES_SIZE));
  if (!id || !dates) return refused(error.invalid);
  const known = device.kept.cards.some(card => card.id === hexOf(id));
  if (!known && device.kept.cards.length >= device.variant.cards) return refused(error.noSpace);
  put(device, { id: hexOf(id), ...dates, weekly: [] });
  device.record(ADDED, id);
  return done(device.kept.battery, 2, 1, bytesOf(data.subarray(0, -DATES_SIZE)));
}

function remove(device: Device, data: Uint8Array): Answer {
  const id = cardId(data);
  const found = id && device.kept.cards.find(card => card.id === hexOf(id));
  if (!found || !id) return refused(error.noSuchCard);
  device.kept.cards = device.kept.cards.filter(card => card !== found);
  device.record(DELETED, id);
  return done(device.kept.battery, 3);
}

function setValidity(device: Device, data: Uint8Array): Answer {
  const id = cardId(data.subarray(0, -DATES_SIZE));
  const dates = datesOf(data.subarray(-DATES_SIZE));
  if (!id || !dates) return refused(error.invalid);
  const found = device.kept.cards.find(card => card.id === hexOf(id));
  if (!found) return refused(error.noSuchCard);
  Object.assign(found, dates);
  device.changed();
  return done(device.kept.battery, 5);
}

function put(device: Device, card: KeptToken): void {
  device.kept.cards = [...device.kept.cards.filter(other => other.id !== card.id), card];
}
