// Codes of the keypad: add, list, change, remove. Source: nuki.md 8.8.
import { Reader, bytesOf, date7, u16 } from './bytes.ts';
import { command, error } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptCode } from './kept.ts';
import { codeEntry } from './layouts.ts';
import { isAllowedNow, readLimit } from './limits.ts';
import { type Reply, complete, done, listOf, refused } from './reply.ts';

const NAME = 20;
/** Six digits, none of them 0, and not 12 in front. */
const RULE = /^(?!12)[1-9]{6}$/;

/** code · name · limited · limit. */
export function addCode(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const code = read.u32();
  const name = read.text(NAME);
  const limit = readLimit(read);
  const { kept } = device;
  const no = objection(device, code) ?? (limit === undefined ? error.badParameter : undefined);
  if (no !== undefined) return refused(no);
  if (kept.codes.length >= device.variant.codes) return refused(error.tooManyEntries);
  const now = device.time();
  const made = { id: kept.nextCodeId++, code, name, enabled: true, created: now, lastActive: now, lockCount: 0 };
  kept.codes.push({ ...made, ...(limit ? { limit } : {}) });
  device.changed();
  return done(device, { command: command.codeId, payload: bytesOf(u16(made.id), date7(now)) });
}

/** offset · count */
export function listCodes(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const offset = read.u16();
  const most = read.u16();
  const { codes } = device.kept;
  const count = { command: command.codeCount, payload: bytesOf(u16(codes.length)) };
  const shown = codes.slice(offset, offset + most);
  return listOf(
    device,
    count,
    shown.map(entry => ({ command: command.code, payload: codeEntry(entry) })),
  );
}

/** id · code · name · enabled · limited · limit. */
export function updateCode(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const id = read.u16();
  const found = device.kept.codes.find(each => each.id === id);
  const code = read.u32();
  const name = read.text(NAME);
  const enabled = read.u8();
  const limit = readLimit(read);
  if (!found || enabled > 1 || limit === undefined) return refused(error.badParameter);
  const no = objection(device, code, found);
  if (no !== undefined) return refused(no);
  Object.assign(found, { code, name, enabled: enabled === 1 });
  if (limit) found.limit = limit;
  else delete found.limit;
  device.changed();
  return complete();
}

export function removeCode(device: Device, data: Uint8Array): Reply {
  const id = new Reader(data).u16();
  const { kept } = device;
  if (!kept.codes.some(each => each.id === id)) return refused(error.badParameter);
  kept.codes = kept.codes.filter(each => each.id !== id);
  device.changed();
  return complete();
}

/** The code that opens now with these digits. */
export function findCode(device: Device, digits: number): KeptCode | undefined {
  const found = device.kept.codes.find(({ code }) => code === digits);
  return found?.enabled && isAllowedNow(device, found.limit) ? found : undefined;
}

export function used(device: Device, code: KeptCode): void {
  code.lastActive = device.time();
  code.lockCount = (code.lockCount + 1) & 0xffff;
  device.changed();
}

function objection(device: Device, code: number, itself?: KeptCode): number | undefined {
  if (!RULE.test(String(code))) return error.badParameter;
  const taken = device.kept.codes.some(each => each.code === code && each !== itself);
  return taken ? error.codeExists : undefined;
}
