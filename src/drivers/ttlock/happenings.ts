// What a record of the lock's log means (ttlock.md 17).
import { Secret } from '../../base/log.ts';
import type { Zone } from '../../base/zone.ts';
import type { Happening } from '../../lock/lock.ts';
import { momentOf } from './dates.ts';
import type { LogRecord } from './log-wire.ts';
import { batteryOf } from './status.ts';

export function happeningOf(record: LogRecord, zone: Zone): Happening {
  const { type, source, ok, credential } = meanings[record.type] ?? unknown;
  const value = credential && valueOf(record, credential);
  return {
    type,
    source,
    ok,
    at: momentOf(zone, record.stamp),
    record: record.number,
    ...(credential && value !== undefined && { credential: { kind: credential, value: new Secret(value) } }),
    ...batteryOf(record.battery),
    raw: String(record.type),
  };
}

type CredentialKind = NonNullable<Happening['credential']>['kind'];
type Meaning = Pick<Happening, 'type' | 'source' | 'ok'> & { credential?: CredentialKind };

function valueOf(record: LogRecord, kind: CredentialKind): string | undefined {
  if (kind === 'code') return record.text;
  if (kind === 'app') return record.uid === undefined ? undefined : String(record.uid);
  return kind === 'fob' ? record.mac : record.id?.toString();
}

function did(type: Happening['type'], source: Happening['source'], credential?: CredentialKind): Meaning {
  return { type, source, ok: true, ...(credential && { credential }) };
}

function refused(source: Happening['source'], credential?: CredentialKind, type: Happening['type'] = 'refused') {
  return { ...did(type, source, credential), ok: false };
}

const unknown: Meaning = did('other', 'unknown');

/**
 * Numbers whose direction nobody has described (remote keys, fobs, faces, palms) are `other`: a guess would write a bolt
 * that was not seen.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  1: did('unlocked', 'app', 'app'),
  4: did('unlocked', 'keypad', 'code'),
  5: did('code_changed', 'keypad', 'code'),
  6: did('code_deleted', 'keypad', 'code'),
  7: refused('keypad', 'code', 'wrong_code'),
  8: did('code_deleted', 'keypad'),
  9: did('code_deleted', 'keypad', 'code'),
  10: did('code_deleted', 'keypad'),
  11: refused('keypad', 'code'),
  12: refused('keypad', undefined, 'operation_failed'),
  13: refused('keypad', 'code'),
  14: did('restarted', 'lock'),
  15: did('card_added', 'card', 'card'),
  16: did('card_deleted', 'card'),
  17: did('unlocked', 'card', 'card'),
  18: did('card_deleted', 'card', 'card'),
  19: did('unlocked', 'unknown', 'fob'),
  20: did('unlocked', 'finger', 'finger'),
  21: did('finger_added', 'finger', 'finger'),
  22: refused('finger', 'finger'),
  23: did('finger_deleted', 'finger', 'finger'),
  24: did('finger_deleted', 'finger'),
  25: refused('card', 'card'),
  26: did('locked', 'app', 'app'),
  27: did('unlocked', 'key'),
  28: did('unlocked', 'remote', 'app'),
  29: refused('unknown', undefined, 'tamper'),
  30: did('door_closed', 'sensor'),
  31: did('door_opened', 'sensor'),
  32: did('unlocked', 'manual'),
  33: did('locked', 'finger', 'finger'),
  34: did('locked', 'keypad', 'code'),
  35: did('locked', 'card', 'card'),
  36: did('locked', 'key'),
  37: did('other', 'remote', 'app'),
  38: refused('keypad', 'code'),
  39: refused('card', 'card'),
  40: refused('finger', 'finger'),
  41: refused('app', 'app'),
  51: refused('card', 'card'),
  52: did('locked', 'app', 'app'),
  55: did('other', 'remote', 'fob'),
  56: did('other', 'keypad', 'fob'),
  57: did('unlocked', 'unknown'),
  58: refused('unknown'),
  75: did('other', 'app', 'app'),
  76: did('other', 'app', 'app'),
  77: did('other', 'app', 'app'),
  78: did('other', 'keypad', 'code'),
  79: did('other', 'finger', 'finger'),
  82: did('other', 'remote', 'fob'),
  92: did('unlocked', 'keypad', 'code'),
  93: did('code_added', 'keypad', 'code'),
};
