// Keypad codes of an open session (ttlock.md 11).
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Code, Codes } from '../../lock/driver.ts';
import * as pins from './codes-wire.ts';
import { validityOf, windowOf } from './dates.ts';
import { everyPage } from './pages.ts';
import type { Shared } from './session.ts';

/** A code that changes nothing twice: after a lost answer the list is read, the write is not repeated. */
const act = true;

export function makeCodes({ talk, login, ground }: Shared, how: { canChange: boolean }): Codes {
  const { zone } = ground;
  const ask = (request: ReturnType<typeof pins.clearPins>, what: string): Promise<void> =>
    login.asAdmin(async () => {
      await talk.ask(request, { what, act, read: () => true });
    });
  const codes: Codes = {
    async list() {
      const records = await everyPage(seq =>
        login.asAdmin(() => talk.ask(pins.listPins(seq), { what: 'to its list of codes', read: pins.readPinList })),
      );
      return records.map(({ type, digits, start, end }) => ({
        digits: new Secret(digits),
        kind: kinds[type] ?? 'permanent',
        validity: validityOf(zone, start, end),
      }));
    },
    add: code => ask(pins.addPin({ ...plain(code), ...windowOf(zone, code.validity) }), 'to the new code'),
    remove: code => ask(pins.removePin(plain(code)), 'to the removal of a code'),
    clear: () => ask(pins.clearPins(), 'to the removal of all codes'),
  };
  if (!how.canChange) return codes;
  return {
    ...codes,
    change(code, next) {
      const { type, digits } = plain(next);
      const dates = type === pins.pinType.permanent ? undefined : windowOf(zone, next.validity);
      return ask(pins.changePin({ type, old: plain(code).digits, digits }, dates), 'to the change of a code');
    },
  };
}

const kinds: Readonly<Record<number, Code['kind']>> = { 1: 'permanent', 2: 'once', 3: 'period', 4: 'cyclic' };

function plain(code: Code): { type: number; digits: string } {
  const digits = code.digits.reveal();
  if (!/^\d{4,9}$/.test(digits)) {
    throw new LockError('invalid', 'A code of this lock has 4 to 9 digits.', { reason: 'code_rules' });
  }
  if (code.kind === 'cyclic') {
    throw new LockError('unsupported', 'This lock takes weekly codes only from its maker’s app.');
  }
  if (code.kind === 'permanent' && code.validity.until !== undefined) {
    throw new LockError('invalid', 'A permanent code has no end; make it a code for a period.');
  }
  return { type: pins.pinType[code.kind], digits };
}
