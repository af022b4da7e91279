// People of a lock under numbers: a view of its credentials, with no copy of them.
import { describe, expect, test } from 'vitest';
import type { CredentialView } from '../../src/access/access.ts';
import { Holders } from '../../src/access/holders.ts';
import type { Json } from '../../src/lock/driver.ts';

const LOCK = '0123456789ab';

function setting() {
  const kept = new Map<string, Json>();
  const credentials: CredentialView[] = [];
  const notes = {
    get: (name: string) => kept.get(name),
    set: (name: string, value: Json) => void kept.set(name, value),
    remove: (name: string) => void kept.delete(name),
  };
  const holders = new Holders({ credentials: () => credentials }, notes);
  const code = (slot: number, more: Partial<CredentialView> = {}): void => {
    credentials.push({ id: `${slot}`, lock: LOCK, kind: 'code', slot, state: 'on_lock', known: true, ...more });
  };
  const all = () => holders.all(LOCK, ['code', 'card']);
  return { holders, credentials, code, all, kept };
}

describe('a credential that came by another way', () => {
  test('has a user with its own number', () => {
    const { code, all } = setting();
    code(3);
    expect(all()).toMatchObject([{ index: 3, kind: 'always', enabled: true, credentials: [{ view: { slot: 3 } }] }]);
  });

  test('joins the user of its person', () => {
    const { code, all } = setting();
    const person = { id: 'p1', name: 'Ann' };
    code(3, { person });
    code(5, { person });
    expect(all()).toMatchObject([{ index: 3, name: 'Ann', credentials: [{}, {}] }]);
  });

  test('gets the next number where its own is taken', () => {
    const { holders, code, all } = setting();
    holders.say(LOCK, 3, { name: 'Ann' }, 1);
    code(3);
    expect(all().map(one => [one.index, one.credentials.length])).toEqual([
      [1, 1],
      [3, 0],
    ]);
  });

  test('keeps its number when others go', () => {
    const { code, credentials, all } = setting();
    code(1);
    code(2);
    all();
    credentials.shift();
    expect(all().map(one => one.index)).toEqual([2]);
  });
});

describe('a user', () => {
  test('that was made without a credential stays until it has had one', () => {
    const { holders, code, credentials, all } = setting();
    holders.say(LOCK, 4, { name: 'Ann' }, 1);
    expect(all()).toMatchObject([{ index: 4, name: 'Ann', creator: 1 }]);
    code(1);
    holders.give(LOCK, 4, { kind: 'code', slot: 1 }, 1);
    expect(all()).toMatchObject([{ index: 4, credentials: [{ creator: 1, view: { slot: 1 } }] }]);
    credentials.pop();
    expect(all()).toEqual([]);
  });

  test('is what its credentials are: for a period, for once, switched off', () => {
    const { code, all } = setting();
    code(1, { codeKind: 'period', from: 1, until: 2 });
    code(2, { codeKind: 'once' });
    code(3, { state: 'disabled' });
    expect(all()).toMatchObject([
      { kind: 'period', period: { from: 1, until: 2 }, enabled: true },
      { kind: 'once', enabled: true },
      { kind: 'always', enabled: false },
    ]);
  });

  test('for remote use is so only while its code is off the lock', () => {
    const { holders, code, credentials, all } = setting();
    holders.say(LOCK, 1, { kind: 'remote' }, 1);
    code(1, { state: 'disabled' });
    holders.give(LOCK, 1, { kind: 'code', slot: 1 }, 1);
    expect(all()).toMatchObject([{ kind: 'remote', enabled: true }]);
    credentials[0] = { ...(credentials[0] as CredentialView), state: 'on_lock' };
    expect(all()).toMatchObject([{ kind: 'always', enabled: true }]);
  });

  test('shows hours that were set elsewhere under free numbers', () => {
    const { code, all } = setting();
    const weekly = [1, 2].map(day => ({ day, startMinute: 60, endMinute: 120 }));
    code(1, { kind: 'card', weekly });
    expect(all()).toMatchObject([{ kind: 'weekly', hours: [{ index: 1, days: [1, 2], startMinute: 60 }] }]);
  });

  test('of a controller that has left has no maker that could be mistaken for the next one', () => {
    const { holders, all } = setting();
    holders.say(LOCK, 1, {}, 2);
    holders.left(LOCK, 2);
    expect(all()).toMatchObject([{ creator: 0, modifier: 0 }]);
  });

  test('is not hurt by notes that are damaged', () => {
    const { code, all, kept } = setting();
    kept.set(`matter.users.${LOCK}`, [{ index: 'x' }, 7, null]);
    code(2);
    expect(all()).toMatchObject([{ index: 2 }]);
  });
});
