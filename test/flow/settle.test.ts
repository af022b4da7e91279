import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import type { LockRecord } from '../../src/lock/ports.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { openStore } from '../../src/store/store.ts';
import { OWNER, failureOf } from '../support/fake-family.ts';
import { House, makePlace, seeded } from '../support/house.ts';

const OTHER = 'f2:c1:ad:4c:ae:00';

function addLock(house: House, name: string, address: string): VirtualTTLock {
  const { clock, air } = house.place;
  const lock = new VirtualTTLock({ name, address, variant: 'deadbolt', clock, random: seeded(9) });
  lock.hands.act('thumb', { value: 'unlock' });
  air.add(lock);
  return lock;
}

const recordOf = (house: House): LockRecord => house.registry.keeper('front_door')!.record;
const statuses = (house: House): string[] => house.store.vault.of(recordOf(house).id).map(kept => kept.status);

describe('an advert that comes in the middle of a flow', () => {
  it('settles nothing: the lock that is being paired again stays with its new key', async () => {
    const house = new House(makePlace());
    const { clock, place } = house;
    await house.pair();
    place.lock.hands.act('hold_reset', { seconds: 10 });
    expect(place.lock.paired).toBe(false);
    // The radio takes its time, and meanwhile the lock goes on advertising.
    place.air.knobs.connectMs = 3000;
    place.lock.hands.act('press_key');
    const view = await clock.run(house.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER));
    expect(view).toMatchObject({ lifecycle: 'managed', generation: 2 });
    place.air.knobs.connectMs = 30;
    for (let i = 0; i < 6; i++) {
      place.lock.hands.act('press_key');
      await clock.advance(5000);
    }
    expect(house.view.lifecycle).toBe('managed');
    await clock.run(house.command('lock'));
    expect(place.lock.bolt).toBe('locked');
    await house.stop();
  });
});

describe('a pairing again that was cut after the lock took it', () => {
  it('counts as a pairing once it is settled: the old codes and the old place in the log are gone', async () => {
    const place = makePlace();
    const { clock, lock } = place;
    const store = openStore({ clock, random: seeded(3), log: silent });
    const first = new House(place, { store });
    await first.pair();
    await clock.run(first.command('lock'));
    await clock.run(first.command('unlock'));
    await clock.advance(40_000);
    first.registry.save({ ...recordOf(first), logCursor: 77 });
    lock.hands.act('hold_reset', { seconds: 10 });
    lock.hands.act('press_key');
    const pairing = first.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER).catch(() => undefined);
    while (!lock.paired) await clock.advance(10);
    await first.crash();
    await clock.run(pairing);
    const house = new House(place, { store });
    for (let i = 0; i < 5; i++) {
      lock.hands.act('press_key');
      await clock.advance(6000);
    }
    expect(house.view).toMatchObject({ lifecycle: 'managed', generation: 2 });
    expect(house.wiped).toEqual([house.view.id]);
    expect(recordOf(house).logCursor).not.toBe(77);
    await house.stop();
  });
});

describe('a lock that refused our key for a while', () => {
  it('is ours again when it takes the key: an impostor in between does not cost us the lock', async () => {
    const house = new House(makePlace());
    const { clock, place } = house;
    await house.pair();
    await clock.advance(40_000);
    house.registry.save({ ...recordOf(house), lifecycle: 'orphaned' });
    for (let i = 0; i < 5; i++) await clock.advance(30 * 60_000);
    expect(house.view.lifecycle).toBe('managed');
    await clock.run(house.command('lock'));
    expect(place.lock.bolt).toBe('locked');
    await house.stop();
  });

  it('is ours again with the key that a wrong import replaced', async () => {
    const house = new House(makePlace());
    const { clock, store } = house;
    const { id } = await house.pair();
    await clock.advance(40_000);
    const [live] = store.vault.of(id);
    const data = { ...live!.credential.data.reveal(), aesKey: '00112233445566778899aabbccddeeff' };
    store.vault.promote(store.vault.keep(id, { family: 'ttlock', data: new Secret(data) }, 1).id);
    for (let i = 0; i < 3; i++) await clock.run(failureOf(house.command('lock')));
    expect(house.view.lifecycle).toBe('orphaned');
    await clock.advance(60_000);
    expect(house.view.lifecycle).toBe('managed');
    await clock.run(house.command('lock'));
    await house.stop();
  });
});

describe('a lock whose outcome is open and that refuses all our keys', () => {
  it('is asked ever more rarely: it may be somebody else’s, and every question costs its battery', async () => {
    const house = new House(makePlace());
    const { clock, store } = house;
    const { id } = await house.pair();
    await clock.advance(40_000);
    const [live] = store.vault.of(id);
    const data = { ...live!.credential.data.reveal(), aesKey: '00112233445566778899aabbccddeeff' };
    store.vault.replace(live!.id, { family: 'ttlock', data: new Secret(data) });
    house.registry.save({ ...recordOf(house), lifecycle: 'limbo' });
    const before = house.registry.keeper('front_door')!.links;
    await clock.advance(6 * 3600_000);
    expect(house.registry.keeper('front_door')!.links - before).toBeLessThan(30);
    await house.stop();
  });
});

describe('an end in the middle of the question what became of a wipe', () => {
  it('leaves no timer behind', async () => {
    const house = new House(makePlace());
    const { clock, place } = house;
    await house.pair();
    await clock.advance(40_000);
    const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
    const wiping = failureOf(house.unpairer.confirm('front_door', token, OWNER));
    while (place.lock.paired) await clock.advance(5);
    place.air.remove(place.lock.address);
    await clock.advance(3000);
    await house.stop();
    await clock.advance(100);
    expect(clock.armed).toBe(0);
    await wiping;
  });
});

describe('an open pairing window', () => {
  it('does not pair a lock a second time that we hold a session with since it was paired', async () => {
    const house = new House(makePlace(), { settings: { session: 'held' } });
    const { clock, place } = house;
    const told: string[] = [];
    house.pairer.hear(event => void told.push(event.kind));
    house.pairer.permitJoin(60, OWNER);
    place.lock.hands.act('press_key');
    await clock.advance(50_000);
    expect(told.filter(kind => kind === 'started' || kind === 'paired' || kind === 'failed')).toEqual([
      'started',
      'paired',
    ]);
    await house.stop();
  });
});

describe('a pairing window in which two locks offer themselves', () => {
  it('says so and closes, and does not pair the one that stays awake longer', async () => {
    const house = new House(makePlace());
    const { clock, place, pairer } = house;
    const neighbours = addLock(house, 'neighbours', OTHER);
    const reasons: string[] = [];
    pairer.hear(event => event.kind === 'failed' && reasons.push(event.reason));
    pairer.permitJoin(60, OWNER);
    place.lock.hands.act('press_key');
    for (let i = 0; i < 12; i++) {
      neighbours.hands.act('press_key');
      await clock.advance(5000);
    }
    expect([reasons, pairer.openUntil]).toEqual([['ambiguous_lock'], undefined]);
    expect([place.lock.paired, neighbours.paired]).toEqual([false, false]);
    await house.stop();
  });
});

describe('pairing a lock on the list with other hardware', () => {
  it('is refused while the lock is paired: its key is not given up for a stranger', async () => {
    const house = new House(makePlace());
    const { clock } = house;
    await house.pair();
    const stranger = addLock(house, 'stranger', OTHER);
    stranger.hands.act('press_key');
    const error = await clock.run(failureOf(house.pairer.pair({ lock: 'front_door', address: OTHER }, OWNER)));
    expect(error).toMatchObject({ code: 'forbidden', reason: 'still_paired' });
    expect(recordOf(house).hardware).toBe(house.place.lock.address);
    await clock.run(house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
    await house.stop();
  });

  it('is refused when that hardware is another lock on the list', async () => {
    const house = new House(makePlace());
    const { clock, registry } = house;
    const { id } = await house.pair();
    const stranger = addLock(house, 'stranger', OTHER);
    registry.save({ ...recordOf(house), lifecycle: 'factory' });
    registry.add({ ...recordOf(house), id: '00000000000b', name: 'back_door', address: OTHER, hardware: OTHER });
    stranger.hands.act('press_key');
    const error = await clock.run(failureOf(house.pairer.pair({ lock: 'front_door', address: OTHER }, OWNER)));
    expect(error).toMatchObject({ code: 'invalid', reason: 'other_lock' });
    expect(registry.byHardware(OTHER)?.record.name).toBe('back_door');
    expect(registry.byHardware(house.place.lock.address)?.record.id).toBe(id);
    await house.stop();
  });

  it('that fails leaves it with the hardware that it had', async () => {
    const house = new House(makePlace());
    const { clock, registry, place } = house;
    await house.pair();
    registry.save({ ...recordOf(house), lifecycle: 'orphaned' });
    const stranger = addLock(house, 'stranger', OTHER);
    stranger.hands.act('press_key');
    await clock.advance(500);
    stranger.knobs.deaf = true;
    await clock.run(failureOf(house.pairer.pair({ lock: 'front_door', address: OTHER, seconds: 5 }, OWNER)));
    expect(recordOf(house)).toMatchObject({ hardware: place.lock.address, address: place.lock.address });
    expect(statuses(house)).toContain('live');
    await house.stop();
  });

  it('keeps the keys of the old hardware, which nobody has seen forget them', async () => {
    const house = new House(makePlace());
    const { clock, registry } = house;
    await house.pair();
    registry.save({ ...recordOf(house), lifecycle: 'orphaned' });
    const stranger = addLock(house, 'stranger', OTHER);
    stranger.hands.act('press_key');
    await clock.run(house.pairer.pair({ lock: 'front_door', address: OTHER }, OWNER));
    expect(recordOf(house).hardware).toBe(OTHER);
    expect(statuses(house)).toEqual(['live', 'retired']);
    await house.stop();
  });
});

describe('a vault without its key', () => {
  it('does not end the program when somebody wants to pair beside a lock of ours', async () => {
    const place = makePlace();
    const store = openStore({ clock: place.clock, random: seeded(3), log: silent });
    const first = new House(place, { store });
    await first.pair();
    await first.stop();
    const sealed = new LockError('unauthenticated', 'The keys of the locks are sealed.', { reason: 'sealed' });
    const house = new House(place, {
      store,
      disk: {
        shelf: shelf => shelf,
        vault: vault => ({
          ...vault,
          of: () => {
            throw sealed;
          },
        }),
      },
    });
    await place.clock.advance(5000);
    const error = await place.clock.run(failureOf(house.pairer.pair({ seconds: 5 }, OWNER)));
    expect(error).toBeInstanceOf(LockError);
    expect(house.pairer.candidates()).toMatchObject([{ state: 'ours' }]);
    await house.stop();
  });
});

describe('a first pairing that the end of the program cut off', () => {
  it('is shown at the next start with what to do, on the disk, too', async () => {
    const place = makePlace();
    const store = openStore({ clock: place.clock, random: seeded(3), log: silent });
    const begun = {
      family: 'ttlock',
      address: 'f2:c1:ad:4c:ae:99',
      addressType: 'public',
      facts: {},
      settings: {},
    } as const;
    const id = '00000000000b';
    const more = { hardware: begun.address, lifecycle: 'provisioning', generation: 0, addedAt: 0 } as const;
    store.locks.add({ id, name: 'porch', unit: store.locks.unit('porch'), ...begun, ...more });
    const house = new House(place, { store });
    expect(house.registry.all()).toMatchObject([{ name: 'porch', lifecycle: 'limbo', trouble: { reason: 'limbo' } }]);
    expect(store.locks.all()).toMatchObject([{ lifecycle: 'limbo' }]);
    house.registry.remove('porch', OWNER);
    expect([house.registry.all(), store.locks.all()]).toEqual([[], []]);
    await house.stop();
  });
});
