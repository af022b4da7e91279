// From the key and what the lock has told to what bridges may show (nuki.md 1, 8, 11).
import type { Abilities, Facts } from '../../lock/lock.ts';
import type { Key, Seen } from './credential.ts';
import { offeredSettings } from './settings-offered.ts';
import { actions } from './actions.ts';
import { pinDigits } from './wire.ts';

/** The lock hangs up after about 20 s without a word. */
const HOLD_EVERY_MS = 10_000;
/** What other clients do: a question costs battery, and a beacon whose bit stays set tells of one change only. */
const ASK_EVERY_MS = 30 * 60_000;
/** What a keypad is known to hold at least. */
const CODES = 100;

/** Codes with a zero or with 12 in front are kept by the maker for itself. */
export const CODE_RULE = {
  digits: '123456789',
  notStarting: ['12'],
  text: 'A code of a Nuki keypad has six digits from 1 to 9 and does not begin with 12.',
};
export const CODE_DIGITS = 6;
const UNLISTED =
  'Fingerprints, if its keypad reads any, are taught and taken off in the Nuki app alone: look there which still open it.';

/** Without the PIN of the lock it can be moved and asked, and nothing else. */
export function abilitiesOf({ generation, idType, pin, seen }: Key): Abilities {
  const told = pin !== undefined;
  return {
    kind: 'cylinder',
    verbs: ['lock', 'unlock', 'unlatch'],
    battery: true,
    door: seen.door === true,
    pushes: false,
    clock: told,
    log: told,
    ...(told && seen.keypad && { codes: codes() }),
    settings: told ? offeredSettings(generation, seen) : [],
    actions: actions.filter(one => told || !one.guarded).map(({ name, label, moves }) => ({ name, label, moves })),
    ...(told && { authorisations: {}, timers: {} }),
    adminCode: { ...pinDigits[generation], known: told },
    ...(seen.keypad && { unlisted: UNLISTED }),
    orientation: 'itself',
    holdEveryMs: HOLD_EVERY_MS,
    // A client that was paired as a bridge clears the bit by asking; for any other it stays.
    ...(idType === 'app' && { askEveryMs: ASK_EVERY_MS }),
  };
}

/** Never a secret. */
export function factsOf({ generation, idType, nukiId, seen }: Key): Facts {
  return {
    model: modelOf(generation, seen),
    manufacturer: 'Nuki',
    ...(seen.firmware !== undefined && { firmware: seen.firmware }),
    ...(seen.hardware !== undefined && { hardware: seen.hardware }),
    ...(nukiId !== undefined && { serial: nukiId.toUpperCase() }),
    raw: {
      generation: generation === 'g5' ? '5' : '1 to 4',
      authorisation: idType,
      ...(seen.deviceType !== undefined && { deviceType: String(seen.deviceType) }),
    },
  };
}

function codes(): NonNullable<Abilities['codes']> {
  return {
    kinds: ['permanent', 'period'],
    minDigits: CODE_DIGITS,
    maxDigits: CODE_DIGITS,
    capacity: CODES,
    readable: true,
    weekly: true,
    rule: CODE_RULE,
  };
}

/** Generations 1 and 2 say no type, 3 and 4 the same one: their firmware is numbered after them. */
function modelOf(generation: Key['generation'], { deviceType, firmware }: Seen): string {
  if (generation === 'g5') return 'Nuki Smart Lock, 5th generation';
  if (deviceType === 3) return 'Nuki Smart Door';
  const number = firmware?.split('.')[0];
  return number !== undefined && /^[1-4]$/.test(number) ? `Nuki Smart Lock ${number}.0` : 'Nuki Smart Lock';
}
