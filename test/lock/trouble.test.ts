import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { Registry } from '../../src/lock/registry.ts';
import { ABILITIES, OWNER, failureOf, makeWorld } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

const SEALED = new LockError('unauthenticated', 'The keys of the locks are sealed.', { reason: 'sealed' });

describe('a vault without its key', () => {
  it('is not the lock’s refusal: no lock is given up for it, and all go on when it is opened', async () => {
    const { clock, command, store, registry, radio } = makeWorld({ session: 'held' });
    const { vault } = store;
    const of = vault.of.bind(vault);
    vault.of = () => {
      throw SEALED;
    };
    await clock.advance(1000);
    for (let i = 0; i < 5; i++) expect(await clock.run(failureOf(command('lock')))).toMatchObject({ reason: 'sealed' });
    await clock.advance(600_000);
    expect(registry.find('door')).toMatchObject({ lifecycle: 'managed', trouble: { reason: 'sealed' } });
    vault.of = of;
    radio.advertise();
    await clock.advance(5000);
    expect(registry.find('door')).toMatchObject({ lifecycle: 'managed', state: { reachable: true } });
  });
});

describe('a disk without room', () => {
  it('does not keep a session from being opened that has learnt something of its key', async () => {
    const { clock, command, lock, store, registry } = makeWorld();
    lock.learns = true;
    store.vault.replace = () => {
      throw new LockError('disk', 'The disk is full.');
    };
    await clock.run(command('lock'));
    expect(lock.connects).toBe(1);
    expect(registry.find('door')?.stats).toMatchObject({ open: true, opens: 1 });
  });
});

describe('an advert with our hardware from another address', () => {
  it('is followed, but neither written down nor taken as good news', async () => {
    const { clock, lock, radio, registry, store } = makeWorld();
    lock.key = 'another';
    let notes = 0;
    const note = store.locks.note.bind(store.locks);
    store.locks.note = record => {
      notes += 1;
      note(record);
    };
    for (let i = 0; i < 40; i++) {
      radio.advertise(-60, `c0:00:00:00:00:${i % 2 === 0 ? '01' : '02'}`);
      await clock.advance(1000);
    }
    expect(registry.find('door')).toMatchObject({ lifecycle: 'orphaned', address: 'c0:00:00:00:00:02' });
    expect(notes).toBe(0);
  });
});

describe('a lock that does not tell its state', () => {
  it('is not asked without end, and its session ends', async () => {
    const { clock, lock, radio, registry } = makeWorld();
    lock.asked = 'refuses';
    radio.advertise();
    await clock.advance(12_000);
    expect(lock.questions).toBeLessThan(5);
    expect(registry.find('door')?.stats.open).toBe(false);
  });
});

describe('an order', () => {
  it('ends by its deadline also when the lock is silent to the question what became of it', async () => {
    const { clock, command, lock } = makeWorld();
    lock.mishaps.push('done_but_lost');
    lock.asked = 'silent';
    const error = await clock.run(failureOf(command('unlock', OWNER, 5000)));
    expect(error).toMatchObject({ code: 'timeout', acted: 'maybe' });
    expect(clock.elapsed()).toBeLessThanOrEqual(5001);
  });

  it('ends by its deadline also when neither the login nor the end of the link comes to an end', async () => {
    const { clock, command, lock, registry } = makeWorld();
    lock.closeHangs = true;
    registry.driver('fake').open = () => new Promise(() => undefined);
    const error = await clock.run(failureOf(command('unlock', OWNER, 5000)));
    expect(error).toMatchObject({ code: 'timeout', acted: 'no' });
    expect(clock.elapsed()).toBeLessThanOrEqual(5001);
  });

  it('to unlock is not sent again after an error that nobody foresaw', async () => {
    const { clock, command, lock } = makeWorld();
    lock.bolt = 'locked';
    lock.mishaps.push('bug');
    lock.turn('locked');
    await clock.run(command('unlock'));
    expect(lock.acts).toEqual(['unlock']);
  });

  it('to unlatch is never sent again', async () => {
    const { clock, command, lock, registry } = makeWorld();
    lock.abilities = { ...ABILITIES, verbs: ['lock', 'unlock', 'unlatch'] };
    registry.save({ ...registry.keeper('door')!.record, abilities: lock.abilities });
    lock.mishaps.push('lost_before', 'lost_before');
    await clock.run(failureOf(command('unlatch')));
    expect(lock.mishaps).toEqual(['lost_before']);
  });

  it('that runs out while another one is carried out does not change what that one shows', async () => {
    const { clock, command, lock, bolts } = makeWorld();
    await clock.run(command('unlock'));
    lock.mishaps.push('stalled');
    const first = failureOf(command('lock', OWNER, 6000));
    await clock.advance(100);
    const second = failureOf(command('unlock', OWNER, 1000));
    await clock.run(second);
    expect(bolts().at(-1)).toBe('locking');
    await clock.run(first);
    expect(bolts().at(-1)).not.toBe('locking');
  });
});

describe('what fails beside a lock', () => {
  it('does not make an order fail that the lock has carried out', async () => {
    const { clock, command, lock, registry } = makeWorld();
    registry.annotateWith(() => {
      throw new TypeError('a bug in the codes');
    });
    await clock.run(command('lock'));
    expect(lock.bolt).toBe('locked');
  });

  it('is not a lock of a family that only a newer version knows', async () => {
    const { clock, registry, store, leases, radio } = makeWorld();
    const record = registry.keeper('door')!.record;
    store.locks.add({ ...record, id: '00000000000c', name: 'from_the_future', family: 'newer' });
    const { vault, audit, locks: shelf } = store;
    const parts = { radio, vault, audit, shelf, leases, clock, zone: utc, log: silent, configured: () => ({}) };
    const random = (n: number): Uint8Array => new Uint8Array(n);
    const drivers = [registry.driver('fake')];
    const again = new Registry({ ...parts, random, drivers, gate: makeGate(clock, leases) });
    expect(again.all().map(view => view.name)).toEqual(['door']);
  });
});

describe('a lock that is removed', () => {
  it('is not spoken of again when the order that was under way ends', async () => {
    const { clock, command, lock, registry, events } = makeWorld();
    lock.mishaps.push('stalled');
    const running = failureOf(command('lock'));
    await clock.advance(200);
    registry.remove('door', OWNER, { force: true });
    await clock.run(running);
    await clock.advance(60_000);
    expect(events.at(-1)?.kind).toBe('removed');
  });
});

describe('a held lock', () => {
  it('whose outcome is unknown is let go, settled, and then reachable again', async () => {
    const house = new House(makePlace(), { settings: { session: 'held' } });
    const { clock, registry } = house;
    await house.pair();
    await clock.advance(5000);
    registry.save({ ...registry.keeper('front_door')!.record, lifecycle: 'limbo' });
    await clock.advance(30_000);
    expect(house.view).toMatchObject({ lifecycle: 'managed', state: { reachable: true }, stats: { open: true } });
    await house.stop();
  });

  it('that is only forgotten here is let go at once, so that its own app can connect', async () => {
    const house = new House(makePlace(), { settings: { session: 'held' } });
    const { clock, unpairer } = house;
    await house.pair();
    await clock.advance(5000);
    const { confirm_token: token } = await unpairer.plan({ lock: 'front_door', forget_only: true }, OWNER);
    await clock.run(unpairer.confirm('front_door', token, OWNER));
    await clock.advance(100);
    expect(house.place.air.links()).toEqual([]);
    await house.stop();
  });
});
