// Codes that open only at some hours of the week: what is asked for, what the lock is told, and what it has been told by others.
import { beforeEach, describe, expect, test } from 'vitest';
import type { CredentialView } from '../../src/access/access.ts';
import type { WeeklyWindow } from '../../src/lock/driver.ts';
import { rejectionOf } from '../store/kit.ts';
import { type Door, makeDoor, owner, pin } from './keypad.ts';

const CLEANING: WeeklyWindow[] = [
  { day: 2, startMinute: 540, endMinute: 720 },
  { day: 5, startMinute: 540, endMinute: 720 },
];

let door: Door;
beforeEach(() => {
  door = makeDoor();
  if (door.abilities.codes) door.abilities.codes.weekly = true;
});

const set = (digits: string, more = {}): Promise<CredentialView> =>
  door.access.setCode(door.lock, 1, { ...pin(digits), ...more }, owner);
const onLock = (): (readonly WeeklyWindow[] | undefined)[] => door.keypad.codes.map(({ code }) => code.weekly);

describe('a code with hours of the week', () => {
  test('is of its own kind, and the lock is told the hours', async () => {
    expect(await set('1234', { weekly: CLEANING })).toMatchObject({ codeKind: 'cyclic', weekly: CLEANING });
    expect(onLock()).toEqual([CLEANING]);
  });

  test('keeps them when it is switched off and on', async () => {
    await set('1234', { weekly: CLEANING });
    await door.access.setEnabled(door.lock, 1, false, owner);
    await door.access.setEnabled(door.lock, 1, true, owner);
    expect(onLock()).toEqual([CLEANING]);
  });

  test('gets others with the same digits, and loses them', async () => {
    await set('1234', { weekly: CLEANING });
    await set('1234', { weekly: CLEANING.slice(0, 1) });
    expect(onLock()).toEqual([CLEANING.slice(0, 1)]);
    expect((await set('1234')).weekly).toBeUndefined();
    expect(onLock()).toEqual([undefined]);
  });

  test('may have a first and a last day besides', async () => {
    const until = door.clock.now() + 86_400_000;
    expect(await set('1234', { weekly: CLEANING, until })).toMatchObject({ codeKind: 'cyclic', until });
  });

  test.each([
    ['without any', { kind: 'cyclic' }, 'weekly'],
    ['that end before they begin', { weekly: [{ day: 1, startMinute: 600, endMinute: 540 }] }, 'weekly'],
    ['on an eighth day', { weekly: [{ day: 8, startMinute: 0, endMinute: 60 }] }, 'weekly'],
    ['and of a kind that opens always', { kind: 'permanent', weekly: CLEANING }, 'validity'],
  ])('%s is refused before the lock is asked', async (_what, more, reason) => {
    expect(await rejectionOf(set('1234', more))).toMatchObject({ reason });
    expect(door.keypad.calls).toEqual([]);
  });

  test('is refused for a lock that knows no hours', async () => {
    if (door.abilities.codes) door.abilities.codes.weekly = false;
    expect(await rejectionOf(set('1234', { weekly: CLEANING }))).toMatchObject({
      code: 'unsupported',
      reason: 'code_kind',
    });
  });
});

describe('comparing with the lock', () => {
  const reconcile = (): Promise<CredentialView[]> => door.access.reconcile(door.lock, owner);

  test('brings in the hours of a code that somebody put there with an app', async () => {
    door.keypad.typedIn('8888');
    door.keypad.codes[0] = { digits: '8888', code: { ...pin('8888'), kind: 'cyclic', validity: {}, weekly: CLEANING } };
    expect(await reconcile()).toMatchObject([{ codeKind: 'cyclic', weekly: CLEANING }]);
  });

  test('follows hours that were changed there', async () => {
    await set('1234', { weekly: CLEANING });
    const [kept] = door.keypad.codes;
    if (kept) kept.code = { ...kept.code, weekly: CLEANING.slice(0, 1) };
    expect(await reconcile()).toMatchObject([{ weekly: CLEANING.slice(0, 1) }]);
  });
});
