// Fingerprints, command 06. Source: ttlock.md 13.
import { type Answer, done, error, fromHexText, hexOf, readU16, refused, u16 } from './answer.ts';
import { ALWAYS } from './dates.ts';
import type { Device } from './device.ts';
import { beginEnrolment, datesOf, endEnrolment, enrolmentTimer } from './tokens.ts';
import { say } from './voice.ts';

/** Presses until a print is known, and how long it waits for each. */
const PRESSES = 4;
const PRESS_MS = 10_000;
const ID_SIZE = 6;
const A_PAGE = 2;
const LAST = 0xffff;
const ADDED = 21;
const DELETED = 23;
const CLEARED = 24;

export function fingers(device: Device, data: Uint8Array): Answer {
  const { kept } = device;
  const op = data[0] ?? 0;
  const id = hexOf(data.subarray(1, 1 + ID_SIZE));
  const found = kept.fingers.find(finger => finger.id === id);
  if (op === 2) {
    if (kept.fingers.length >= device.variant.fingers) return refused(error.noSpace);
    beginEnrolment(device, 'finger', PRESS_MS);
    return done(kept.battery, 2, 2, PRESSES);
  }
  if (op === 3) {
    if (!found) return refused(error.noSuchFinger);
    kept.fingers = kept.fingers.filter(finger => finger !== found);
    device.record(DELETED, fromHexText(id));
    return done(kept.battery, 3);
  }
  if (op === 4) {
    kept.fingers = [];
    device.record(CLEARED);
    return done(kept.battery, 4);
  }
  if (op === 5) {
    const dates = datesOf(data.subarray(1 + ID_SIZE));
    if (!found || !dates) return refused(found ? error.invalid : error.noSuchFinger);
    Object.assign(found, dates);
    device.changed();
    return done(kept.battery, 5);
  }
  return op === 6 ? list(device, readU16(data, 1)) : refused(error.invalid);
}

/** A press while it learns one; the last press stores it. Says what the lock thought of it. */
export function enrolPress(device: Device, print: string): 'again' | 'stored' | 'other' | 'known' {
  const enrolment = device.session?.enrolment;
  if (!enrolment) return 'other';
  if (enrolment.finger !== undefined && enrolment.finger !== print) return 'other';
  if (device.kept.fingers.some(({ finger }) => finger === print)) {
    endEnrolment(device);
    say(device, 0x06, refused(error.duplicateFinger));
    return 'known';
  }
  enrolment.finger = print;
  enrolment.presses++;
  if (enrolment.presses < PRESSES) {
    enrolment.stopTimer();
    enrolment.stopTimer = enrolmentTimer(device, 'finger', PRESS_MS);
    say(device, 0x06, done(device.kept.battery, 2, 3, enrolment.presses, PRESSES));
    return 'again';
  }
  endEnrolment(device);
  const id = freeId(device);
  device.kept.fingers.push({ id: hexOf(id), ...ALWAYS, weekly: [], finger: print });
  device.record(ADDED, id);
  device.commit();
  say(device, 0x06, done(device.kept.battery, 2, 1, id));
  return 'stored';
}

function list(device: Device, at: number): Answer {
  const page = device.kept.fingers.slice(at, at + A_PAGE);
  const next = at + page.length < device.kept.fingers.length ? at + page.length : LAST;
  const records = page.flatMap(finger => [...fromHexText(finger.id + finger.start + finger.end)]);
  return done(device.kept.battery, 6, u16(next), records);
}

/** The lowest number that no print has, in the first of six bytes. */
function freeId(device: Device): Uint8Array {
  for (let number = 1; ; number++) {
    const id = Uint8Array.of(number, 0, 0, 0, 0, 0);
    if (!device.kept.fingers.some(finger => finger.id === hexOf(id))) return id;
  }
}
