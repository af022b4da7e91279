// PIN codes: managed by 03, listed by 07. Source: ttlock.md 11.
import {
  type Answer,
  bytesOf,
  digitsOf,
  done,
  error,
  fromHexText,
  hexOf,
  readU16,
  refused,
  textBytes,
  u16,
} from './answer.ts';
import { ALWAYS, dateText, minuteText } from './dates.ts';
import type { Device } from './device.ts';
import { feature } from './features.ts';
import type { KeptCode } from './kept.ts';

const SHORTEST = 4;
const LONGEST = 9;
const LAST = 0xffff;
const CYCLIC = 4;
const DELETED = 6;
const ALL_ERASED = 8;

export function codes(device: Device, data: Uint8Array): Answer {
  const op = data[0] ?? 0;
  const run = ops.get(op);
  if (!run) return refused(error.invalid);
  const no = run(device, data);
  if (no !== undefined) return refused(no);
  device.changed();
  return done(device.kept.battery, op);
}

/** 07: one code a page. */
export function listCodes(device: Device, data: Uint8Array): Answer {
  const at = readU16(data, 0);
  const code = device.kept.codes[at];
  if (!code) return done(u16(0));
  const next = at + 1 < device.kept.codes.length ? at + 1 : LAST;
  const shown = record(code);
  return done(u16(2 + shown.length), u16(next), shown);
}

/** Why these digits cannot be a code, or undefined. */
export function wrongDigits(digits: string | undefined): number | undefined {
  if (digits === undefined) return error.invalid;
  return digits.length < SHORTEST || digits.length > LONGEST ? error.length : undefined;
}

export function wipeCodes(device: Device): void {
  device.kept.codes = [];
  device.kept.wipedAt = minuteText(device.wall());
}

type Op = (device: Device, data: Uint8Array) => number | undefined;

const ops: ReadonlyMap<number, Op> = new Map<number, Op>([
  [1, clear],
  [2, add],
  [3, remove],
  [5, modify],
  [6, restore],
]);

function clear(device: Device): undefined {
  wipeCodes(device);
  device.record(ALL_ERASED, fromHexText(device.kept.wipedAt));
}

/** 02 · type · len · digits · start(5) [· end(5)]. A permanent code may carry five bytes of nothing for its end. */
function add(device: Device, data: Uint8Array): number | undefined {
  const type = data[1] ?? 0;
  if (type < 1 || type >= CYCLIC) return error.invalid;
  const [digits, rest] = text(data, 2);
  const dates = validity(type, rest);
  return dates === undefined || rest.length === 0 ? error.invalid : store(device, digits, { type, ...dates });
}

function remove(device: Device, data: Uint8Array): number | undefined {
  const [digits] = text(data, 2);
  const found = device.kept.codes.find(code => code.digits === digits);
  if (!found) return error.noSuchPin;
  device.kept.codes = device.kept.codes.filter(code => code !== found);
  device.record(DELETED, twoTexts(found.digits, found.old));
  return undefined;
}

/** 05 · type · len · old · len · new [· start [· end]]. */
function modify(device: Device, data: Uint8Array): number | undefined {
  if (!device.has(feature.modifyPin)) return error.unknown;
  const [old, behind] = text(data, 2);
  const [fresh, rest] = text(behind, 0);
  const found = device.kept.codes.find(code => code.digits === old);
  if (!found) return error.noSuchPin;
  const no = wrongDigits(fresh) ?? (fresh !== old && taken(device, fresh) ? error.exists : undefined);
  if (no !== undefined) return no;
  const type = data[1] ?? found.type;
  const dates = rest.length === 0 ? {} : validity(type, rest);
  if (dates === undefined) return error.invalid;
  Object.assign(found, { digits: fresh }, rest.length === 0 ? {} : { type, ...dates });
  return undefined;
}

/** 06 · type · len · digits · len · digits · start [· end, or two cycle bytes]. */
function restore(device: Device, data: Uint8Array): number | undefined {
  const type = data[1] ?? 0;
  const [digits, behind] = text(data, 2);
  const [old, rest] = text(behind, 0);
  if (type < 1 || type > CYCLIC || wrongDigits(old) !== undefined) return error.invalid;
  const dates = validity(type, rest);
  if (dates === undefined || rest.length === 0) return error.invalid;
  return store(device, digits, { type, old: old as string, ...dates });
}

function store(
  device: Device,
  digits: string | undefined,
  how: Omit<KeptCode, 'digits' | 'old'> & { old?: string },
): number | undefined {
  const no = wrongDigits(digits);
  if (no !== undefined || digits === undefined) return no;
  if (taken(device, digits)) return error.exists;
  if (device.kept.codes.length >= device.variant.codes) return error.noSpace;
  device.kept.codes.push({ old: digits, ...how, digits });
  return undefined;
}

function taken(device: Device, digits: string | undefined): boolean {
  const { codes: all, adminCode, eraseCode } = device.kept;
  return all.some(code => code.digits === digits) || digits === adminCode || digits === eraseCode;
}

/** The dates behind the digits; undefined when they do not fit the type. */
function validity(type: number, rest: Uint8Array): Pick<KeptCode, 'start' | 'end' | 'cycle'> | undefined {
  const start = dateText(rest.subarray(0, 5));
  if (start === undefined) return undefined;
  if (type === CYCLIC) {
    return rest.length === 7 ? { start, end: ALWAYS.end, cycle: hexOf(rest.subarray(5)) } : undefined;
  }
  if (type === 1) return rest.length === 5 || rest.length === 10 ? { start, end: ALWAYS.end } : undefined;
  const end = dateText(rest.subarray(5));
  return end !== undefined && end >= start ? { start, end } : undefined;
}

/** Length and digits at a place, and what follows them. */
function text(bytes: Uint8Array, at: number): [string | undefined, Uint8Array] {
  const length = bytes[at] ?? 0;
  const digits = bytes.subarray(at + 1, at + 1 + length);
  return [digits.length === length ? digitsOf(digits) : undefined, bytes.subarray(at + 1 + length)];
}

/** len · text · len · text, as the log has it too. */
export function twoTexts(first: string, second: string): Uint8Array {
  return bytesOf(first.length, textBytes(first), second.length, textBytes(second));
}

/** Its length · type · len · digits · len · first digits · start [· end or cycle]. */
function record(code: KeptCode): Uint8Array {
  const end = code.type === 1 ? '' : (code.cycle ?? code.end);
  const body = bytesOf(code.type, twoTexts(code.digits, code.old), fromHexText(code.start), fromHexText(end));
  return bytesOf(body.length, body);
}
