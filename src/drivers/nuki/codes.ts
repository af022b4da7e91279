// Codes of the keypad (nuki.md 8.8). The lock knows them by a number of its own; we know them by their digits.
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Code, Codes } from '../../lock/driver.ts';
import { CODE_DIGITS, CODE_RULE } from './abilities.ts';
import * as wire from './codes-wire.ts';
import { limitOf, timesOf } from './dates.ts';
import type { Message } from './frame.ts';
import { type ListOf, everyPage } from './lists.ts';
import type { Shared } from './session.ts';
import { type Asking, done, only } from './talk.ts';
import { command } from './wire.ts';

/** How the lock's log and the maker's app call what we have put there. */
const NAME = 'Latchbridge';

const list: ListOf<wire.CodeRecord> = {
  what: 'to its list of codes',
  countCommand: command.codeCount,
  readCount: wire.readCodeCount,
  entryCommand: command.code,
  readEntry: wire.readCode,
};

export function makeCodes(shared: Shared): Codes {
  const { talk, guard } = shared;
  const change = (message: Message, what: string): Promise<true> =>
    guard.withPin(message, { what, read: done, act: true });
  const remove = (id: number): Promise<true> => change(wire.removeCode(id), 'to the removal of a code');
  return {
    list: async () => (await codeRecords(shared)).map(codeOf),
    async add(code) {
      const what = 'to the new code';
      const read = either(only(command.codeId, wire.readCodeId));
      const said = await guard.withPin(wire.addCode(wishOf(code)), { what, read, act: true });
      if (said !== true) await talk.trailing(what);
    },
    async remove(code) {
      await remove((await find(shared, code)).id);
    },
    async change(code, next) {
      const { id, name } = await find(shared, code);
      await change(wire.updateCode(id, { ...wishOf(next), name, enabled: true }), 'to the change of a code');
    },
    async clear() {
      for (const { id } of await codeRecords(shared)) await remove(id);
    },
  };
}

export function codeRecords(shared: Shared): Promise<wire.CodeRecord[]> {
  return everyPage(shared, list, wire.requestCodes);
}

export function digitsOf({ code }: wire.CodeRecord): string {
  return String(code).padStart(CODE_DIGITS, '0');
}

/** Some answer with data and then "done", some with "done" alone. */
export function either<T>(read: Asking<T>['read']): Asking<T | true>['read'] {
  return message => read(message) ?? done(message);
}

async function find(shared: Shared, { digits }: Code): Promise<wire.CodeRecord> {
  const found = (await codeRecords(shared)).find(record => digitsOf(record) === digits.reveal());
  if (found) return found;
  throw new LockError('rejected', 'The lock has no such code.', { reason: 'not_there' });
}

function codeOf(record: wire.CodeRecord): Code {
  const { validity, weekly } = timesOf(record.limit);
  const isLimited = validity.from !== undefined || validity.until !== undefined;
  return {
    digits: new Secret(digitsOf(record)),
    kind: weekly ? 'cyclic' : isLimited ? 'period' : 'permanent',
    validity,
    ...(weekly && { weekly }),
  };
}

function wishOf(code: Code): wire.CodeWish {
  const digits = code.digits.reveal();
  const fits = digits.length === CODE_DIGITS && Array.from(digits).every(digit => CODE_RULE.digits.includes(digit));
  if (!fits || CODE_RULE.notStarting.some(start => digits.startsWith(start))) {
    throw new LockError('invalid', CODE_RULE.text, { reason: 'code_rules' });
  }
  if (code.kind === 'once') {
    throw new LockError('unsupported', 'This lock has no codes that work once; make one for a period.', {
      reason: 'code_kind',
    });
  }
  if (code.kind === 'cyclic' && !code.weekly?.length) {
    throw new LockError('invalid', 'A weekly code needs its days and hours.', { reason: 'validity' });
  }
  return { code: Number(digits), name: NAME, limit: limitOf(code) };
}
