import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { sealed } from '../../src/store/key-file.ts';
import { rejectionOf } from '../store/kit.ts';
import { CAPACITY, type Door, kept, makeDoor, owner, pin } from './keypad.ts';

let door: Door;
beforeEach(() => {
  door = makeDoor();
});

const set = (slot: number, digits: string, more = {}): Promise<unknown> =>
  door.access.setCode(door.lock, slot, { ...pin(digits), ...more }, owner);

describe('setting a code', () => {
  test('puts it on the lock and into its slot', async () => {
    const view = await door.access.setCode(door.lock, 2, pin('1234'), owner);
    expect(door.keypad.digits).toEqual(['1234']);
    expect(view).toMatchObject({ lock: door.lock, kind: 'code', slot: 2, state: 'on_lock', known: true });
    expect(view.codeKind).toBe('permanent');
    expect(door.access.credentials(door.lock)).toEqual([view]);
  });

  test('takes the name of the lock as well as its id', async () => {
    await door.access.setCode('front_door', 1, pin('1234'), owner);
    expect(door.access.credentials('front_door')).toHaveLength(1);
  });

  test('is on the disk as wanted before the lock is told', async () => {
    const seen: string[][] = [];
    door.keypad.before = () => seen.push(kept(door));
    await set(1, '1234');
    expect(seen).toEqual([['1 wanted 1234']]);
  });

  test('for a time and a person keeps both', async () => {
    const until = door.clock.now() + 3600_000;
    const view = await door.access.setCode(door.lock, 1, { ...pin('1234'), until, person: 'Anna' }, owner);
    expect(view).toMatchObject({ codeKind: 'period', from: door.clock.now(), until, person: { name: 'Anna' } });
    expect(door.keypad.codes[0]?.code.validity).toEqual({ from: door.clock.now(), until });
  });

  test.each([
    ['too short', { digits: new Secret('123') }, 'code_rules'],
    ['too long', { digits: new Secret('1234567890') }, 'code_rules'],
    ['not digits', { digits: new Secret('12a4') }, 'code_rules'],
    ['other digits', { digits: new Secret('١٢٣٤') }, 'code_rules'],
    ['empty', { digits: new Secret('') }, 'code_rules'],
    ['over already', { ...pin('1234'), from: 1, until: 2 }, 'validity'],
    ['ending before it begins', { ...pin('1234'), from: 9e12, until: 8e12 }, 'validity'],
    ['at half a millisecond', { ...pin('1234'), until: 9e12 + 0.5 }, 'validity'],
    ['permanent with an end', { ...pin('1234'), kind: 'permanent' as const, until: 9e12 }, 'validity'],
    ['for a period without an end', { ...pin('1234'), kind: 'period' as const }, 'validity'],
    ['of a person without a name', { ...pin('1234'), person: ' ' }, 'person'],
    ['of a person with a hidden name', { ...pin('1234'), person: 'An\u202ena' }, 'person'],
  ])('%s is invalid, and the lock hears nothing', async (_what, request, reason) => {
    expect(await rejectionOf(door.access.setCode(door.lock, 1, request, owner))).toMatchObject({
      code: 'invalid',
      reason,
    });
    expect([door.keypad.calls, kept(door)]).toEqual([[], []]);
  });

  test.each([0, CAPACITY + 1, 1.5, -1, Number.NaN])('in slot %s is invalid', async slot => {
    expect(await rejectionOf(set(slot, '1234'))).toMatchObject({ code: 'invalid', reason: 'slot' });
  });

  test('of a kind that the lock does not have is unsupported', async () => {
    expect(await rejectionOf(set(1, '1234', { kind: 'cyclic' }))).toMatchObject({ reason: 'code_kind' });
  });

  test('on a lock without a keypad is unsupported', async () => {
    delete (door.abilities as { codes?: unknown }).codes;
    expect((await rejectionOf(set(1, '1234'))).code).toBe('unsupported');
  });

  test('on a lock that is not there is not found', async () => {
    expect((await rejectionOf(door.access.setCode('nowhere', 1, pin('1234'), owner))).code).toBe('not_found');
  });

  test('that another slot has is refused before the lock is asked', async () => {
    await set(1, '1234');
    expect(await rejectionOf(set(2, '1234'))).toMatchObject({ code: 'rejected', reason: 'duplicate_code' });
    expect(door.keypad.calls).toEqual(['add 1234']);
  });

  test('that a disabled slot has is refused too', async () => {
    await set(1, '1234', { enabled: false });
    expect((await rejectionOf(set(2, '1234'))).reason).toBe('duplicate_code');
  });

  test('never says the digits in an error', async () => {
    await set(1, '1234');
    const errors = await Promise.all([rejectionOf(set(2, '1234')), rejectionOf(set(3, '98'))]);
    expect(errors.map(error => error.message).join(' ')).not.toMatch(/1234|98/);
  });

  test('when the lock refuses leaves nothing behind', async () => {
    door.keypad.troubles.push({ on: 'add', code: 'rejected', reason: 'code_rules' });
    expect((await rejectionOf(set(1, '1111'))).reason).toBe('code_rules');
    expect(kept(door)).toEqual([]);
  });

  test('when the lock is not reached leaves nothing behind', async () => {
    door.keypad.troubles.push({ on: 'connect', code: 'unreachable' });
    await rejectionOf(set(1, '1234'));
    expect(kept(door)).toEqual([]);
  });

  test('when nobody knows whether the lock took it stays wanted', async () => {
    door.keypad.troubles.push({ on: 'add', code: 'timeout', done: true });
    expect((await rejectionOf(set(1, '1234'))).acted).toBe('maybe');
    expect(kept(door)).toEqual(['1 wanted 1234']);
  });

  test('by somebody who may not leaves nothing behind', async () => {
    const voice = { ...owner, role: 'voice' as const };
    expect((await rejectionOf(door.access.setCode(door.lock, 1, pin('1234'), voice))).code).toBe('forbidden');
    expect(kept(door)).toEqual([]);
  });

  test('on a lock that is full fails, and overwrites nothing', async () => {
    for (const digits of ['1111', '2222', '3333', '4444', '5555']) door.keypad.typedIn(digits);
    expect((await rejectionOf(set(1, '1234'))).reason).toBe('no_space');
    expect([door.keypad.digits, kept(door)]).toEqual([['1111', '2222', '3333', '4444', '5555'], []]);
  });
});

describe('while the vault is sealed', () => {
  beforeEach(async () => {
    await set(1, '1111');
    door.keypad.calls.length = 0;
    for (const call of ['setSecret', 'secret'] as const) {
      vi.spyOn(door.store.vault, call).mockImplementation(() => {
        throw sealed('the key file is missing');
      });
    }
    vi.spyOn(door.store.vault, 'hasSecret').mockReturnValue(false);
  });

  test('no code is set, and the lock hears nothing', async () => {
    expect(await rejectionOf(set(2, '2222'))).toMatchObject({ code: 'unauthenticated', reason: 'sealed' });
    expect(door.keypad.calls).toEqual([]);
    expect(door.store.access.of(door.lock)).toHaveLength(1);
  });

  test('slots are shown all the same, with values unknown', () => {
    expect(door.access.credentials(door.lock)).toMatchObject([{ slot: 1, state: 'on_lock', known: false }]);
  });

  test('nobody is recognised', () => {
    expect(door.access.match(door.lock, 'code', new Secret('1111'))).toBeUndefined();
  });
});

describe('clearing a slot', () => {
  beforeEach(() => set(1, '1111'));

  const clear = (slot = 1): Promise<void> => door.access.clearCode(door.lock, slot, owner);

  test('takes the code off the lock, and its value out of the vault', async () => {
    const [entry] = door.store.access.of(door.lock);
    await clear();
    expect([door.keypad.digits, kept(door)]).toEqual([[], []]);
    expect(door.store.vault.secret(`pin:${entry?.id}`)).toBeUndefined();
  });

  test('is on the disk as removing before the lock is told', async () => {
    const seen: string[][] = [];
    door.keypad.before = () => seen.push(kept(door));
    await clear();
    expect(seen).toEqual([['1 removing 1111']]);
  });

  test('that is empty asks nobody', async () => {
    door.keypad.troubles.push({ on: 'connect', code: 'unreachable' });
    await expect(clear(3)).resolves.toBeUndefined();
  });

  test('whose code is gone already is fine', async () => {
    door.keypad.takenOff('1111');
    await clear();
    expect(kept(door)).toEqual([]);
  });

  test.each(['unreachable', 'timeout'] as const)(
    'while the lock is %s stays on the list of what must go',
    async code => {
      door.keypad.troubles.push({ on: 'connect', code });
      const error = await rejectionOf(clear());
      expect(error).toMatchObject({ code });
      expect(error.message).toContain('may still open the door');
      expect(kept(door)).toEqual(['1 removing 1111']);
      await door.access.reconcile(door.lock, owner);
      expect([door.keypad.digits, kept(door)]).toEqual([[], []]);
    },
  );

  test('by somebody who may not changes nothing', async () => {
    const voice = { ...owner, role: 'voice' as const };
    expect((await rejectionOf(door.access.clearCode(door.lock, 1, voice))).code).toBe('forbidden');
    expect(kept(door)).toEqual(['1 on_lock 1111']);
  });

  test('when the lock says no leaves it on the lock, and says so', async () => {
    door.keypad.troubles.push({ on: 'remove', code: 'rejected', reason: 'busy_lock' });
    expect((await rejectionOf(clear())).reason).toBe('busy_lock');
    expect(kept(door)).toEqual(['1 on_lock 1111']);
  });

  test('that is asked while the code is still being set comes after it', async () => {
    await Promise.all([set(2, '2222'), clear(2)]);
    expect(door.keypad.digits).toEqual(['1111']);
  });
});

describe('switching a code off and on', () => {
  beforeEach(() => set(1, '1111', { person: 'Anna' }));

  const enable = (enabled: boolean): Promise<unknown> => door.access.setEnabled(door.lock, 1, enabled, owner);

  test('takes it off the lock and keeps it here', async () => {
    await enable(false);
    expect([door.keypad.digits, kept(door)]).toEqual([[], ['1 disabled 1111']]);
    expect(door.access.credentials(door.lock)).toMatchObject([{ state: 'disabled', known: true }]);
  });

  test('and on again puts it back, for the same person', async () => {
    await enable(false);
    await enable(true);
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
    expect(door.access.credentials(door.lock)[0]?.person?.name).toBe('Anna');
  });

  test('never calls it disabled while it still opens the door', async () => {
    door.keypad.troubles.push({ on: 'remove', code: 'timeout', acted: 'maybe' });
    await rejectionOf(enable(false));
    expect(kept(door)).toEqual(['1 on_lock 1111']);
  });

  test('on a full lock fails and stays disabled', async () => {
    await enable(false);
    door.keypad.capacity = 0;
    expect((await rejectionOf(enable(true))).reason).toBe('no_space');
    expect(kept(door)).toEqual(['1 disabled 1111']);
  });

  test('to what it is already asks nobody', async () => {
    door.keypad.calls.length = 0;
    await enable(true);
    expect(door.keypad.calls).toEqual([]);
  });

  test('of an empty slot is not found', async () => {
    expect(await rejectionOf(door.access.setEnabled(door.lock, 4, true, owner))).toMatchObject({
      reason: 'slot_empty',
    });
  });

  test('after its time is over is refused', async () => {
    await set(2, '2222', { until: door.clock.now() + 1000 });
    await door.access.setEnabled(door.lock, 2, false, owner);
    await door.clock.advance(1000);
    const late = door.access.setEnabled(door.lock, 2, true, owner);
    expect((await rejectionOf(late)).reason).toBe('validity');
  });

  test('a code that is set as disabled never reaches the lock', async () => {
    door.keypad.calls.length = 0;
    await set(2, '2222', { enabled: false });
    expect([door.keypad.calls, kept(door)]).toEqual([[], ['1 on_lock 1111', '2 disabled 2222']]);
  });

  test('a code that is set as disabled over one on the lock takes that one off', async () => {
    await set(1, '2222', { enabled: false });
    expect([door.keypad.digits, kept(door)]).toEqual([[], ['1 disabled 2222']]);
  });

  test('a code that is set as disabled over itself is switched off and keeps its person', async () => {
    await set(1, '1111', { enabled: false });
    expect([door.keypad.digits, kept(door)]).toEqual([[], ['1 disabled 1111']]);
    expect(door.access.credentials(door.lock)[0]?.person?.name).toBe('Anna');
  });

  test('a disabled code that is set again is on the lock again', async () => {
    await enable(false);
    await set(1, '1111');
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('another code in the slot of a disabled one replaces it', async () => {
    await enable(false);
    await set(1, '2222');
    expect([door.keypad.digits, kept(door)]).toEqual([['2222'], ['1 on_lock 2222']]);
  });
});

describe('who hears and reads of it', () => {
  test('every change is heard with its slot, and a failure too', async () => {
    const heard: number[] = [];
    const stop = door.access.hear((_lock, slot) => heard.push(slot));
    await set(2, '2222');
    door.keypad.troubles.push({ on: 'connect', code: 'unreachable' });
    await rejectionOf(set(3, '3333'));
    stop();
    await set(4, '4444');
    expect(heard).toEqual([2, 3]);
  });

  test('an ear that throws keeps nobody else from hearing', async () => {
    const heard: number[] = [];
    door.access.hear(() => {
      throw new RangeError('deaf');
    });
    door.access.hear((_lock, slot) => heard.push(slot));
    await set(1, '1111');
    expect(heard).toEqual([1]);
  });

  test('the audit says what, where and who, never the digits', async () => {
    await set(1, '1111');
    door.keypad.troubles.push({ on: 'connect', code: 'unreachable' });
    await rejectionOf(door.access.clearCode(door.lock, 1, owner));
    const lines = door.store.audit.read({ most: 9 });
    expect(lines.map(line => [line.what, line.detail])).toEqual([
      ['failed', 'code_cleared slot 1: unreachable'],
      ['code_set', 'slot 1'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('1111');
  });
});

describe('whose value it was', () => {
  test('a code is found with its slot and person', async () => {
    await set(3, '1234', { person: 'Anna' });
    expect(door.access.match(door.lock, 'code', new Secret('1234'))).toEqual({ slot: 3, person: 'Anna' });
  });

  test.each(['12345', '123', '0000', ''])('%j is nobody’s', async digits => {
    await set(3, '1234');
    expect(door.access.match(door.lock, 'code', new Secret(digits))).toBeUndefined();
  });

  test('a card number is not taken for a code', async () => {
    await set(3, '1234');
    expect(door.access.match(door.lock, 'card', new Secret('1234'))).toBeUndefined();
  });
});

test('the capacity is what the lock says', () => {
  expect(door.access.capacity(door.lock)).toBe(CAPACITY);
  expect(door.access.capacity('nowhere')).toBe(0);
});
