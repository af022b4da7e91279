// What a lock holds, and taking it off: nothing is believed but what the lock lists afterwards.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Erased } from '../../src/access/access.ts';
import { rejectionOf } from '../store/kit.ts';
import { type Door, kept, makeDoor, owner, pin } from './keypad.ts';

let door: Door;
beforeEach(() => {
  door = makeDoor();
});

const set = async (slot: number, digits: string, more = {}): Promise<string> =>
  (await door.access.setCode(door.lock, slot, { ...pin(digits), ...more }, owner)).id;
const erase = (keep: readonly string[] = []): Promise<Erased | undefined> =>
  door.access.erase({ lock: door.lock, kind: 'code', keep }, owner);

describe('a census', () => {
  test('names our slots and persons, and flags what was not put there from here', async () => {
    await set(2, '2222', { person: 'Ada' });
    door.keypad.typedIn('8888');
    const [codes] = await door.access.census(door.lock, owner);
    expect(codes).toMatchObject({ kind: 'code', listed: true });
    expect(codes?.there).toMatchObject([
      { slot: 2, person: 'Ada', stranger: false, state: 'on_lock' },
      { stranger: true },
    ]);
  });

  test('changes neither the lock nor our list, and holds no digits', async () => {
    await set(1, '4711');
    door.keypad.typedIn('8888');
    const before = kept(door);
    const census = await door.access.census(door.lock, owner);
    expect([door.keypad.digits, kept(door)]).toEqual([['4711', '8888'], before]);
    expect(JSON.stringify(census)).not.toMatch(/4711|8888/);
  });

  test('of a lock that does not list its codes says so and gives our list', async () => {
    await set(1, '1111');
    await set(2, '2222', { enabled: false });
    Object.assign(door.abilities.codes as object, { readable: false });
    const [codes] = await door.access.census(door.lock, owner);
    expect(codes).toMatchObject({ listed: false, there: [{ slot: 1 }] });
    expect(codes?.there).toHaveLength(1);
  });
});

describe('erasing', () => {
  test('everything takes one word, strangers too, and is read back', async () => {
    await set(1, '1111');
    door.keypad.typedIn('8888');
    door.keypad.calls.length = 0;
    expect(await erase()).toEqual({ kind: 'code', method: 'cleared', readBack: true, before: 2, left: [] });
    expect([door.keypad.calls, door.keypad.digits, kept(door)]).toEqual([['list', 'clear', 'list', 'list'], [], []]);
  });

  test('leaves what is to stay, what is switched off, and what is still to come', async () => {
    const stays = await set(1, '1111');
    await set(2, '2222');
    await set(3, '3333', { enabled: false });
    expect(await erase([stays])).toMatchObject({ method: 'one_by_one', before: 1, left: [] });
    expect([door.keypad.digits, kept(door)]).toEqual([['1111'], ['1 on_lock 1111', '3 disabled 3333']]);
  });

  test('goes one by one where the lock does not empty itself', async () => {
    door.keypad.clearsOneByOne = true;
    await set(1, '1111');
    await set(2, '2222');
    expect(await erase()).toMatchObject({ method: 'one_by_one', before: 2, left: [] });
    expect(door.keypad.digits).toEqual([]);
  });

  test('does not believe a yes: what the lock still lists is told, and stays on the list of what must go', async () => {
    await set(1, '1111');
    await set(2, '2222');
    door.keypad.sticky = ['2222'];
    expect(await erase()).toMatchObject({ before: 2, left: [{ slot: 2, stranger: false }] });
    expect(kept(door)).toEqual(['2 removing 2222']);
  });

  test.each(['clear', 'list'] as const)('that ends at a %s that nobody answered leaves all of them to go', async on => {
    await set(1, '1111');
    door.keypad.troubles.push({ on, nth: on === 'list' ? 2 : 1, done: true, code: 'timeout' });
    expect(await rejectionOf(erase())).toMatchObject({ code: 'timeout', acted: 'maybe' });
    expect(kept(door)).toEqual(['1 removing 1111']);
    expect(await erase()).toMatchObject({ left: [] });
    expect(kept(door)).toEqual([]);
  });

  test('a lock that does not list its codes is told each one that we know, and nothing is said to be read back', async () => {
    Object.assign(door.abilities.codes as object, { readable: false });
    door.keypad.clearsOneByOne = true;
    await set(1, '1111');
    expect(await erase()).toEqual({ kind: 'code', method: 'one_by_one', readBack: false, before: 1, left: [] });
    expect(door.keypad.digits).toEqual([]);
  });

  test('what a lock has no reader for is nothing', async () => {
    expect(await door.access.erase({ lock: door.lock, kind: 'finger', keep: [] }, owner)).toBeUndefined();
  });
});
