import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { rejectionOf } from '../store/kit.ts';
import { type Door, type Trouble, kept, makeDoor, owner, pin } from './keypad.ts';

let door: Door;
beforeEach(() => {
  door = makeDoor();
});

const set = (slot: number, digits: string, more = {}): Promise<unknown> =>
  door.access.setCode(door.lock, slot, { ...pin(digits), ...more }, owner);
const reconcile = (): Promise<unknown> => door.access.reconcile(door.lock, owner);

describe('reading a lock', () => {
  test('that has what it should have changes nothing', async () => {
    await set(1, '1111');
    door.keypad.calls.length = 0;
    await reconcile();
    expect([door.keypad.calls, kept(door)]).toEqual([['list'], ['1 on_lock 1111']]);
  });

  test('gives codes that others put there free slots, with their times, and nobody’s name', async () => {
    await set(1, '1111');
    await set(3, '3333');
    const until = door.clock.now() + 3600_000;
    door.keypad.typedIn('8888', { from: 5, until });
    door.keypad.typedIn('9999');
    await reconcile();
    expect(kept(door)).toEqual(['1 on_lock 1111', '2 on_lock 8888', '3 on_lock 3333', '4 on_lock 9999']);
    const [, foreign] = door.access.credentials(door.lock);
    expect(foreign).toMatchObject({ kind: 'code', slot: 2, known: true, codeKind: 'period', from: 5, until });
    expect(foreign?.person).toBeUndefined();
  });

  test('leaves codes alone that have no slot left here, and says how many', async () => {
    for (let n = 0; n < 7; n++) door.keypad.typedIn(`900${n}`);
    await reconcile();
    expect(kept(door)).toHaveLength(5);
    expect(door.keypad.digits).toHaveLength(7);
    expect(door.store.audit.read({ most: 1 })).toMatchObject([
      { what: 'codes_reconciled', detail: '5 changed, 0 refused, 2 without a slot' },
    ]);
  });

  test('keeps a code that was taken off at the lock here, off the lock', async () => {
    await set(1, '1111');
    door.keypad.takenOff('1111');
    await reconcile();
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([[], ['1 disabled 1111']]);
  });

  test('forgets a code that was for once and is gone', async () => {
    await set(1, '1111', { kind: 'once' });
    door.keypad.takenOff('1111');
    await reconcile();
    expect(kept(door)).toEqual([]);
  });

  test('takes a code off whose time is over', async () => {
    await set(1, '1111', { until: door.clock.now() + 1000 });
    await door.clock.advance(1000);
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([[], []]);
  });

  test('follows the times that the lock has', async () => {
    await set(1, '1111', { until: door.clock.now() + 90_000 });
    const rounded = { from: 60_000, until: door.clock.now() + 60_000 };
    door.keypad.takenOff('1111');
    door.keypad.typedIn('1111', rounded);
    await reconcile();
    expect(door.access.credentials(door.lock)).toMatchObject([{ slot: 1, state: 'on_lock', ...rounded }]);
  });

  test('takes a disabled code off that came back', async () => {
    await set(1, '1111', { enabled: false });
    door.keypad.typedIn('1111');
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([[], ['1 disabled 1111']]);
  });

  test('leaves a code wanted that the lock has no room for, and tries it again next time', async () => {
    door.keypad.troubles.push({ on: 'add', code: 'timeout', acted: 'maybe' });
    await rejectionOf(set(1, '1111'));
    door.keypad.capacity = 0;
    await reconcile();
    expect(kept(door)).toEqual(['1 wanted 1111']);
    door.keypad.capacity = 5;
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('takes off before it puts on, since the lock may be full', async () => {
    await set(1, '1111');
    door.keypad.capacity = 1;
    door.keypad.troubles.push({ on: 'remove', code: 'timeout', acted: 'maybe' });
    await rejectionOf(set(1, '2222'));
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([['2222'], ['1 on_lock 2222']]);
  });

  test('tells the lock the times that it did not hear', async () => {
    await set(1, '1111');
    const until = door.clock.now() + 3600_000;
    door.keypad.learnToChange();
    door.keypad.troubles.push({ on: 'change', code: 'timeout', acted: 'maybe' });
    await rejectionOf(set(1, '1111', { until }));
    await reconcile();
    expect(door.keypad.codes.map(one => one.code.validity.until)).toEqual([until]);
    expect(door.access.credentials(door.lock)).toMatchObject([{ state: 'on_lock', until }]);
  });

  test('of which half was done when the link was lost goes on from there', async () => {
    for (const [slot, digits] of [
      [1, '1111'],
      [2, '2222'],
      [3, '3333'],
    ] as const) {
      await set(slot, digits);
      door.keypad.troubles.push({ on: 'connect', code: 'unreachable' });
      await rejectionOf(door.access.clearCode(door.lock, slot, owner));
    }
    door.keypad.troubles.push({ on: 'remove', nth: 2, code: 'unreachable', acted: 'maybe' });
    await rejectionOf(reconcile());
    expect(kept(door)).toEqual(['2 removing 2222', '3 removing 3333']);
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([[], []]);
  });

  test('tells whoever listens which slots changed', async () => {
    await set(1, '1111');
    door.keypad.typedIn('9999');
    const heard: number[] = [];
    door.access.hear((_lock, slot) => heard.push(slot));
    await reconcile();
    expect(heard).toEqual([2]);
  });

  test('that is not there is not found', async () => {
    expect((await rejectionOf(door.access.reconcile('nowhere', owner))).code).toBe('not_found');
  });
});

describe('a lock that cannot list its codes', () => {
  beforeEach(() => {
    door.abilities = Object.assign(door.abilities, { codes: { ...door.abilities.codes, readable: false } });
  });

  test('is never asked to', async () => {
    await set(1, '1111');
    door.keypad.calls.length = 0;
    await reconcile();
    expect([door.keypad.calls, kept(door)]).toEqual([[], ['1 on_lock 1111']]);
  });

  test('says by its refusal that it has a wanted one already', async () => {
    door.keypad.troubles.push({ on: 'add', code: 'timeout', done: true });
    await rejectionOf(set(1, '1111'));
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111']]);
  });

  test('is told to remove what must go', async () => {
    await set(1, '1111');
    door.keypad.troubles.push({ on: 'remove', code: 'timeout', done: true });
    await rejectionOf(door.access.clearCode(door.lock, 1, owner));
    await reconcile();
    expect([door.keypad.digits, kept(door)]).toEqual([[], []]);
  });
});

describe('cards', () => {
  const cards = (): [number, string | undefined][] =>
    door.access
      .credentials(door.lock)
      .filter(one => one.kind === 'card')
      .map(one => [one.slot, one.state]);

  test('get slots of their own, and are matched', async () => {
    await set(1, '1111');
    door.keypad.cards.push({ id: '4711', validity: {} }, { id: '4712', validity: { until: 9 } });
    await reconcile();
    expect(cards()).toEqual([
      [1, 'on_lock'],
      [2, 'on_lock'],
    ]);
    expect(door.access.match(door.lock, 'card', new Secret('4712'))).toEqual({ slot: 2 });
  });

  test('keep their slots while others come and go', async () => {
    door.keypad.cards.push({ id: '4711', validity: {} }, { id: '4712', validity: {} });
    await reconcile();
    door.keypad.cards.shift();
    await reconcile();
    expect(door.access.match(door.lock, 'card', new Secret('4712'))).toEqual({ slot: 2 });
    expect(door.access.match(door.lock, 'card', new Secret('4711'))).toBeUndefined();
  });
});

describe('our process ends at any call, or the lock fails there', () => {
  const acts: Record<string, () => Promise<unknown>> = {
    'a new code': () => set(2, '2222'),
    'another code in its place': () => set(1, '2222'),
    'another end': () => set(1, '1111', { until: door.clock.now() + 3600_000 }),
    clearing: () => door.access.clearCode(door.lock, 1, owner),
    disabling: () => door.access.setEnabled(door.lock, 1, false, owner),
    enabling: () => door.access.setEnabled(door.lock, 3, true, owner),
    'disabling with another code': () => set(1, '2222', { enabled: false }),
    'reading the lock': () => reconcile(),
  };
  const troubles: Trouble[] = (['list', 'add', 'remove', 'change', 'connect'] as const).flatMap(on =>
    [1, 2].flatMap(nth =>
      [false, true].flatMap(done =>
        (['crash', 'timeout', 'unreachable', 'rejected'] as const).map(code => ({ on, nth, done, code })),
      ),
    ),
  );
  const empties = new Set(['clearing', 'reading the lock', 'disabling with another code']);
  const cases = Object.keys(acts).flatMap(act => [true, false].map(changes => [act, changes] as const));

  test.each(cases)('%s, on a lock that can change codes: %s', async (act, changes) => {
    for (const trouble of troubles) {
      door = makeDoor();
      if (changes) door.keypad.learnToChange();
      await set(1, '1111');
      await set(3, '3333', { enabled: false });
      if (act === 'reading the lock') {
        door.keypad.troubles.push({ on: 'add', code: 'timeout', acted: 'maybe' });
        await rejectionOf(set(2, '2222'));
        door.keypad.troubles.push({ on: 'connect', code: 'timeout' });
        await rejectionOf(door.access.clearCode(door.lock, 1, owner));
      }
      door.keypad.troubles.push({ ...trouble });
      const ended = (acts[act] as () => Promise<unknown>)().then(
        () => 'done',
        () => 'failed',
      );
      await Promise.race([ended, door.clock.settle()]);

      door.keypad.troubles.length = 0;
      door.access = door.restarted();
      await reconcile();
      const where = JSON.stringify({ act, changes, trouble });
      const ours = door.store.access.of(door.lock);
      const onLock = ours.filter(entry => entry.state === 'on_lock');
      const values = onLock.map(entry => door.store.vault.secret(`pin:${entry.id}`)?.reveal() ?? 'lost');
      // Settled: nothing half done, and the lock has exactly what we say it has.
      expect([where, ours.filter(entry => entry.state === 'wanted' || entry.state === 'removing')]).toEqual([
        where,
        [],
      ]);
      expect([where, new Set(values)]).toEqual([where, new Set(door.keypad.digits)]);
      expect([where, values.length]).toEqual([where, door.keypad.digits.length]);
      // Nobody loses a code that nobody touched, and a slot that got another one has the old or the new.
      const slots = kept(door).map(line => Number(line[0]));
      expect([where, kept(door).some(line => line.endsWith('3333'))]).toEqual([where, true]);
      expect([where, slots.includes(1) || empties.has(act)]).toEqual([where, true]);
    }
  });
});
