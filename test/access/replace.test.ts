import { beforeEach, describe, expect, test } from 'vitest';
import { rejectionOf } from '../store/kit.ts';
import { type Door, kept, makeDoor, owner, pin } from './keypad.ts';

let door: Door;
beforeEach(() => {
  door = makeDoor();
});

const set = (slot: number, digits: string, more = {}): Promise<unknown> =>
  door.access.setCode(door.lock, slot, { ...pin(digits), ...more }, owner);

describe.each([
  ['a lock that can change a code', true],
  ['a lock that can only remove and add', false],
])('another code in an occupied slot, on %s', (_what, changes) => {
  beforeEach(async () => {
    if (changes) door.keypad.learnToChange();
    await set(1, '1111', { person: 'Anna' });
    door.keypad.calls.length = 0;
  });

  test('replaces the old one', async () => {
    await set(1, '2222');
    expect([door.keypad.digits, kept(door)]).toEqual([['2222'], ['1 on_lock 2222']]);
    expect(door.keypad.calls).toEqual(changes ? ['change 1111 2222'] : ['remove 1111', 'add 2222']);
  });

  test('does not belong to the person of the old one', async () => {
    await set(1, '2222');
    expect(door.access.credentials(door.lock)[0]?.person).toBeUndefined();
  });

  test('keeps both on the disk until the lock has confirmed', async () => {
    const seen: string[][] = [];
    door.keypad.before = () => seen.push(kept(door));
    await set(1, '2222');
    expect(new Set(seen.map(String))).toEqual(new Set(['1 wanted 2222,1 removing 1111']));
  });

  test('when the lock refuses the new one, the old one is there again', async () => {
    door.keypad.troubles.push({ on: changes ? 'change' : 'add', code: 'rejected', reason: 'code_rules' });
    expect((await rejectionOf(set(1, '2222'))).reason).toBe('code_rules');
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('when the link is lost before the lock heard it, all is as before', async () => {
    door.keypad.troubles.push({ on: changes ? 'change' : 'remove', code: 'unreachable' });
    await rejectionOf(set(1, '2222'));
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('when the outcome is unknown, both are kept until the lock is read', async () => {
    door.keypad.troubles.push({ on: changes ? 'change' : 'remove', code: 'timeout', done: true });
    await rejectionOf(set(1, '2222'));
    expect(kept(door)).toEqual(['1 wanted 2222', '1 removing 1111']);
    await door.restarted().reconcile(door.lock, owner);
    expect([door.keypad.digits, kept(door)]).toEqual([['2222'], ['1 on_lock 2222']]);
  });

  test('shows one entry for the slot meanwhile', async () => {
    door.keypad.troubles.push({ on: changes ? 'change' : 'remove', code: 'timeout', done: true });
    await rejectionOf(set(1, '2222'));
    expect(door.access.credentials(door.lock)).toMatchObject([{ slot: 1, state: 'wanted' }]);
  });

  test('is put on even if the old one was taken off at the lock', async () => {
    door.keypad.takenOff('1111');
    await set(1, '2222');
    expect([door.keypad.digits, kept(door)]).toEqual([['2222'], ['1 on_lock 2222']]);
  });

  test('after a failure can be set again, with the digits of the old one', async () => {
    door.keypad.troubles.push({ on: changes ? 'change' : 'remove', code: 'timeout', done: true });
    await rejectionOf(set(1, '2222'));
    await set(1, '1111');
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('the same digits again cost the lock nothing and keep the person', async () => {
    await set(1, '1111');
    expect(door.keypad.calls).toEqual([]);
    expect(door.access.credentials(door.lock)[0]?.person?.name).toBe('Anna');
  });

  test('the same digits with another end are told to the lock', async () => {
    const until = door.clock.now() + 3600_000;
    await set(1, '1111', { until });
    expect(door.keypad.codes.map(one => [one.digits, one.code.validity.until])).toEqual([['1111', until]]);
    expect(door.access.credentials(door.lock)).toMatchObject([{ slot: 1, state: 'on_lock', until }]);
  });

  test('the same digits for another person are not the lock’s business', async () => {
    await set(1, '1111', { person: 'Ben' });
    expect(door.keypad.calls).toEqual([]);
    expect(door.access.credentials(door.lock)[0]?.person?.name).toBe('Ben');
  });
});

test('a lock that refuses the new code and then falls silent keeps the old one as wanted', async () => {
  await set(1, '1111');
  door.keypad.troubles.push(
    { on: 'add', code: 'rejected', reason: 'code_rules' },
    { on: 'add', code: 'timeout', acted: 'maybe' },
  );
  expect((await rejectionOf(set(1, '2222'))).reason).toBe('code_rules');
  expect(kept(door)).toEqual(['1 wanted 1111']);
  await door.access.reconcile(door.lock, owner);
  expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
});
