// Reading the log of a virtual lock: nothing twice, nothing lost.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { opened } from './virtual.ts';

describe('the log', () => {
  test('says who did what, oldest first', async () => {
    const { session, clock, lock } = await opened();
    await clock.run(session.codes!.add({ digits: new Secret('4711'), kind: 'permanent', validity: {} }));
    await clock.run(session.act('lock'));
    lock.hands.act('type_code', { digits: '4711' });
    lock.hands.act('type_code', { digits: '9999' });
    const { records, more } = await clock.run(session.records!.read(undefined, 50));
    expect(more).toBe(false);
    const told = records.map(one => `${one.source} ${one.type} ${one.credential?.value.reveal() ?? ''}`);
    expect(told).toEqual(expect.arrayContaining(['app locked 0', 'keypad unlocked 4711', 'keypad wrong_code 9999']));
    expect(records.map(one => one.record)).toEqual(records.map(one => one.record).toSorted((a, b) => a! - b!));
  });

  test('goes on where it ended, without gap or repeat', async () => {
    const { session, clock } = await opened();
    const all: (number | undefined)[] = [];
    let cursor: number | undefined;
    for (let round = 0; round < 6; round++) {
      await clock.run(session.act(round % 2 ? 'unlock' : 'lock'));
      const read = await clock.run(session.records!.read(cursor, 1));
      all.push(...read.records.map(one => one.record));
      cursor = read.cursor;
    }
    for (let more = true; more;) {
      const read = await clock.run(session.records!.read(cursor, 3));
      all.push(...read.records.map(one => one.record));
      ({ cursor, more } = read);
    }
    const first = all[0] as number;
    expect(all).toEqual(all.map((_, i) => first + i));
    expect(all.length).toBeGreaterThanOrEqual(6);
  });

  test('gives again what was read and never stored', async () => {
    const { session, clock } = await opened();
    await clock.run(session.act('lock'));
    const stored = await clock.run(session.records!.read(undefined, 50));
    await clock.run(session.act('unlock'));
    const lost = await clock.run(session.records!.read(stored.cursor, 50));
    await clock.run(session.act('lock'));
    const again = await clock.run(session.records!.read(stored.cursor, 50));
    expect(again.records.map(one => one.type)).toEqual([...lost.records.map(one => one.type), 'locked']);
  });

  test('has nothing to tell twice', async () => {
    const { session, clock } = await opened();
    await clock.run(session.act('lock'));
    const { cursor } = await clock.run(session.records!.read(undefined, 50));
    expect((await clock.run(session.records!.read(cursor, 50))).records).toEqual([]);
  });

  test('clears the advert’s sign of new records', async () => {
    const at = await opened();
    await at.clock.run(at.session.act('lock'));
    await at.clock.run(at.session.records!.read(undefined, 50));
    await at.clock.run(at.session.close());
    await at.clock.advance(100);
    expect((at.lock.advert()?.manufacturer?.[3] ?? 0) & 0x02).toBe(0);
  });

  test.each([{ staleCursor: 1 }, { staleCursor: 5 }, { needLogin: [0x25] }, { explicitReadsMoveBookmark: true }])(
    'is read from a lock with %j',
    async knobs => {
      const { session, clock, lock } = await opened();
      await clock.run(session.act('lock'));
      Object.assign(lock.knobs, knobs);
      const first = await clock.run(session.records!.read(undefined, 50));
      const second = await clock.run(session.records!.read(first.cursor, 50));
      const third = await clock.run(session.records!.read(second.cursor, 50));
      const all = [...first.records, ...second.records, ...third.records].map(one => one.type);
      expect(all.filter(type => type === 'locked')).toEqual(['locked']);
    },
  );
});
