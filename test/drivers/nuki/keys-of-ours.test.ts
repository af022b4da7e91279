// Keys of ours: taken off the lock with proof, renewed without anybody at the door.
import { describe, expect, test } from 'vitest';
import { fromHex } from '../../../src/base/bytes.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import type { Credential } from '../../../src/lock/driver.ts';
import { type Answers, DONE, FakeNuki, OTHER_KEY, no } from './fake-nuki.ts';
import { credential, errorOf, opened, stage, without } from './stage.ts';

describe('unpairing', () => {
  function forgetting(answers: (lock: FakeNuki) => Answers, key: Credential = credential()) {
    const at = stage();
    const lock = new FakeNuki();
    lock.answers = answers(lock);
    return { ...at, lock, work: nuki.forget(lock, at.ground, key) };
  }
  /** From now on the lock knows nobody. */
  const forgets = (lock: FakeNuki): void => void (lock.key = OTHER_KEY);

  test('is proven when the lock does not know us afterwards', async () => {
    const { work, clock, lock } = forgetting(lock => ({
      '0008': () => {
        // Behind its answer.
        queueMicrotask(() => queueMicrotask(() => forgets(lock)));
        return [DONE];
      },
    }));
    expect(await clock.run(work)).toBe('proven');
    expect([lock.asked.find(line => line.startsWith('0008')), lock.isOpen]).toEqual(['0008 f8870000', false]);
  });

  test('is proven when its answer is lost and the lock does not know us afterwards', async () => {
    const { work, clock } = forgetting(lock => ({ '0008': () => (forgets(lock), []) }));
    expect(await clock.run(work)).toBe('proven');
  });

  test('is not proven by a yes alone', async () => {
    const { work, clock } = forgetting(() => ({ '0008': [DONE] }));
    expect(await clock.run(work)).toBe('unproven');
  });

  test('without the PIN is not tried, and not proven', async () => {
    const { work, clock, lock } = forgetting(() => ({}), without('pin'));
    expect([await clock.run(work), lock.commands]).toEqual(['unproven', '?0c']);
  });

  test('with a wrong PIN has not happened', async () => {
    const { work, clock, lock } = forgetting(() => ({}));
    lock.pin = '9999';
    const error = await clock.run(errorOf(work));
    expect([error.reason, error.acted, lock.pins.length]).toEqual(['wrong_code', 'no', 1]);
  });

  test('may have happened when the link drops', async () => {
    const { work, clock } = forgetting(() => ({ '0008': 'drop' }));
    const error = await clock.run(errorOf(work));
    expect([error.code, error.acted]).toEqual(['unreachable', 'maybe']);
  });

  test('of a lock that does not know us says so', async () => {
    const { work, clock, lock } = forgetting(() => ({}));
    forgets(lock);
    expect((await clock.run(errorOf(work))).reason).toBe('key_refused');
  });
});

describe('a new key', () => {
  const invited: Answers = { '000b': ['001f 63000000ea07010a090000', DONE] };

  test('is kept before the lock can know it, and again with its number', async () => {
    const kept: { data: Readonly<Record<string, unknown>>; heard: string }[] = [];
    const { session, clock, lock } = await opened(invited);
    const renewed = await clock.run(
      session.renewKey!(async key => void kept.push({ data: key.data.reveal(), heard: lock.commands })),
    );
    expect(kept.map(({ data, heard }) => [data['authId'], data['status'], heard])).toEqual([
      [undefined, 'provisional', ''],
      [0x63, 'provisional', '?04 0b'],
    ]);
    const { shared } = renewed.data.reveal();
    expect([kept[0]?.data['shared'], lock.asked.at(-1)?.includes(shared as string)]).toEqual([shared, true]);
    expect(shared).not.toBe(credential().data.reveal()['shared']);
  });

  test('opens a session, which proves it, and takes the old one off the lock', async () => {
    const first = await opened(invited);
    const renewed = await first.clock.run(first.session.renewKey!(async () => undefined));
    const at = stage();
    const lock = new FakeNuki({ '0008': [DONE] });
    lock.key = fromHex(renewed.data.reveal()['shared'] as string);
    lock.authId = 0x63;
    const session = await at.clock.run(nuki.open(lock, at.ground, renewed));
    await at.clock.run(session.retireKey!(credential()));
    expect(lock.asked.at(-1)).toBe('0008 f8870000');
    expect(session.updated?.data.reveal()).toMatchObject({ status: 'committed', pin: '4711', authId: 0x63 });
  });

  test('never takes itself off the lock', async () => {
    const { session, clock, lock } = await opened();
    await clock.run(session.retireKey!(credential()));
    expect(lock.asked).toEqual([]);
  });

  test('that the lock refuses leaves the old one', async () => {
    const { session, clock, lock } = await opened({ '000b': [no(0x29)] });
    const error = await clock.run(errorOf(session.renewKey!(async () => undefined)));
    expect([error.reason, error.acted, lock.isOpen, session.updated]).toEqual(['no_space', 'no', true, undefined]);
  });

  test('is not made without the PIN', async () => {
    const { session, clock } = await opened({}, without('pin'));
    const kept: Credential[] = [];
    const error = await clock.run(errorOf(session.renewKey!(async key => void kept.push(key))));
    expect([error.reason, kept.length]).toEqual(['admin_code_needed', 0]);
  });

  test('is another each time', async () => {
    const { session, clock } = await opened(invited);
    const keys = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const { shared } = (await clock.run(session.renewKey!(async () => undefined))).data.reveal();
      keys.add(shared as string);
    }
    expect(keys.size).toBe(3);
  });
});
