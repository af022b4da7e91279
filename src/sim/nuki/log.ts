// Reading the log, and switching it on and off. Source: nuki.md 8.7.
import { Reader, bytesOf, u16 } from './bytes.ts';
import { command, entryType, error } from './codes.ts';
import type { Device } from './device.ts';
import { logEntry } from './layouts.ts';
import { type Reply, complete, listOf, refused } from './reply.ts';

const DESCENDING = 1;
const SHORT_COUNT = 4;
/** A lock that has only four bytes of count is of the first generation. */
const FIRST_STATE = 15;

/** start index (0: from the end that the order begins with) · count · order · whether the count comes first. */
export function listLog(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const start = read.u32();
  const most = read.u16();
  const order = read.u8();
  const total = read.u8();
  if (order > DESCENDING || total > 1) return refused(error.badParameter);
  const { kept, knobs } = device;
  const ordered = order === DESCENDING ? kept.log.toReversed() : kept.log;
  const behind = ordered.filter(({ index }) => start === 0 || (order === DESCENDING ? index < start : index > start));
  const shown = behind.slice(0, most);
  return listOf(
    device,
    total === 1 ? count(device) : undefined,
    shown.map(entry => ({ command: command.logEntry, payload: logEntry(entry, knobs.logPadding) })),
  );
}

function count({ kept, variant }: Device): { command: number; payload: Uint8Array } {
  const sensor = variant.doorSensor ? 1 : 0;
  const payload = bytesOf(kept.logging ? 1 : 0, u16(kept.log.length), sensor, sensor);
  return {
    command: command.logCount,
    payload: variant.stateSize === FIRST_STATE ? payload.subarray(0, SHORT_COUNT) : payload,
  };
}

/** Both are noted: what is off says last that it was switched off. */
export function enableLogging(device: Device, [on = 2]: Uint8Array): Reply {
  if (on > 1) return refused(error.badParameter);
  const { kept } = device;
  if (kept.logging === (on === 1)) return complete();
  kept.logging = true;
  device.log(entryType.logging, on === 1 ? '01' : '00');
  kept.logging = on === 1;
  device.changed();
  return complete();
}
