// What an entry of the lock's log means (nuki.md 8.7, 9.2 to 9.4).
import { Secret } from '../../base/log.ts';
import type { Happening } from '../../lock/lock.ts';
import { momentOf } from './dates.ts';
import { type LogEntry, logType } from './log-wire.ts';
import { action } from './wire.ts';

export interface Knowing {
  /** Our own number in the lock's list of users. */
  ours: number | undefined;
  /** Codes by the lock's number for them. */
  digits: ReadonlyMap<number, string> | undefined;
}

type What = Pick<Happening, 'type' | 'source'> & { ok?: boolean };

export function happeningOf(entry: LogEntry, knowing: Knowing): Happening {
  const { type, source, ok = true } = whatOf(entry, knowing);
  const credential = credentialOf(entry, knowing);
  return {
    type,
    source,
    ok,
    at: momentOf(entry.time),
    record: entry.index,
    ...(credential && { credential }),
    raw: [entry.type, entry.action, entry.trigger ?? entry.source, entry.completion]
      .filter(part => part !== undefined)
      .join('.'),
  };
}

function whatOf(entry: LogEntry, knowing: Knowing): What {
  switch (entry.type) {
    case logType.action:
      return moved(entry, sourceOf(entry, knowing));
    case logType.keypad:
      return moved(entry, entry.source === BY_FINGER ? 'finger' : 'keypad');
    case logType.doorSensor:
      return { type: doors[entry.door ?? -1] ?? 'other', source: 'sensor' };
    case logType.bootRun:
      return { type: 'restarted', source: 'lock', ok: (entry.completion ?? 0) === 0 };
    case logType.calibration:
      return { type: 'other', source: 'lock', ok: (entry.completion ?? 0) === 0 };
    default:
      return { type: 'other', source: 'lock' };
  }
}

const BY_CODE = 1;
const BY_FINGER = 2;
const SYSTEM = 0x00;
const AUTO_LOCK = 0x06;
const BLOCKED = 0x01;
const INVALID: readonly number[] = [0xe0, 0xe1];

const doors: Readonly<Record<number, Happening['type']>> = { 0: 'door_opened', 1: 'door_closed', 3: 'tamper' };

const sources: Readonly<Record<number, Happening['source']>> = {
  [SYSTEM]: 'app',
  0x01: 'manual',
  0x02: 'manual',
  0x03: 'auto',
  [AUTO_LOCK]: 'auto',
  0xab: 'remote',
  0xac: 'remote',
};

const types: Readonly<Record<number, Happening['type']>> = {
  [action.unlock]: 'unlocked',
  [action.lock]: 'locked',
  [action.unlatch]: 'opened',
  [action.lockNGo]: 'unlocked',
  [action.lockNGoUnlatch]: 'opened',
  [action.fullLock]: 'locked',
};

/** Over Bluetooth without a user's number it was the lock itself. */
function sourceOf({ trigger = SYSTEM, authId }: LogEntry, { ours }: Knowing): Happening['source'] {
  if (trigger === SYSTEM && authId === 0 && ours !== 0) return 'lock';
  return sources[trigger] ?? 'unknown';
}

function moved({ action: what = 0, trigger, completion = 0 }: LogEntry, source: Happening['source']): What {
  if (completion === BLOCKED) return { type: 'jammed', source, ok: false };
  if (INVALID.includes(completion)) return { type: 'wrong_code', source, ok: false };
  if (completion !== 0) return { type: 'operation_failed', source, ok: false };
  const type = types[what] ?? 'other';
  return { type: type === 'locked' && trigger === AUTO_LOCK ? 'auto_locked' : type, source };
}

/** All codes share the keypad's own number among the users; only the number of the code says whose it was. */
function credentialOf(entry: LogEntry, { digits }: Knowing): Happening['credential'] | undefined {
  if (entry.type === logType.keypad) {
    const { codeId = 0, source } = entry;
    if (source === BY_FINGER && codeId > 0) return { kind: 'finger', value: new Secret(String(codeId)) };
    const typed = source === BY_CODE ? digits?.get(codeId) : undefined;
    return typed === undefined ? undefined : { kind: 'code', value: new Secret(typed) };
  }
  if (entry.type !== logType.action || entry.authId === 0) return undefined;
  const isFob = (entry.action ?? 0) >= FIRST_FOB || entry.action === FOB_PRESS;
  return { kind: isFob ? 'fob' : 'app', value: new Secret(String(entry.authId)) };
}

const FOB_PRESS = 0x50;
const FIRST_FOB = 0x81;
