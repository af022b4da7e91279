import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { drivers } from '../../src/drivers/index.ts';
import { Carrier } from '../../src/flow/carry.ts';
import type { Json } from '../../src/lock/driver.ts';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace, seeded } from '../support/house.ts';

function carrierOf(house: House): Carrier {
  const { registry, store, clock } = house;
  return new Carrier({
    registry,
    drivers,
    vault: store.vault,
    shelf: store.locks,
    audit: store.audit,
    clock,
    random: seeded(9),
  });
}

/** A lock of another house, paired there, and what was packed. */
async function packed(): Promise<{ old: House; parcel: Secret<Json> }> {
  const old = new House(makePlace());
  await old.pair();
  return { old, parcel: carrierOf(old).pack(undefined, OWNER) };
}

describe('keys that are carried to another daemon', () => {
  it('open the lock there under the same id and name, without pairing', async () => {
    const { old, parcel } = await packed();
    const { id } = old.view;
    await old.stop();
    const house = new House(old.place);
    expect(carrierOf(house).unpack(parcel, OWNER)).toEqual([
      { id, name: 'front_door', family: 'ttlock', outcome: 'added' },
    ]);
    await house.clock.run(house.command('lock'));
    expect(old.place.lock.bolt).toBe('locked');
    expect(house.view).toMatchObject({ id, lifecycle: 'managed', generation: 1 });
    await house.stop();
  });

  it('are kept when they are here already', async () => {
    const { old, parcel } = await packed();
    expect(carrierOf(old).unpack(parcel, OWNER)).toMatchObject([{ outcome: 'kept' }]);
    expect(old.store.vault.of(old.view.id)).toHaveLength(1);
    await old.stop();
  });

  it('are not packed for a lock that nobody knows', async () => {
    const { old } = await packed();
    expect(() => carrierOf(old).pack(['nowhere'], OWNER)).toThrow(expect.objectContaining({ code: 'not_found' }));
    await old.stop();
  });

  it.each<[string, Json]>([
    ['nothing', null],
    ['another format', { format: 'other/1', locks: [] }],
    ['a lock without an address', { format: 'latchbridge-locks/1', locks: [{ id: '00000000000a' }] }],
    ['a name that means something else', { format: 'latchbridge-locks/1', locks: [{ name: 'bridge' }] }],
  ])('that are %s change nothing', async (_what, parcel) => {
    const { old } = await packed();
    expect(() => carrierOf(old).unpack(new Secret(parcel), OWNER)).toThrow(
      expect.objectContaining({ code: 'invalid', reason: 'unknown_format' }),
    );
    expect(old.registry.all()).toHaveLength(1);
    await old.stop();
  });
});

describe('the file of the TTLock add-on', () => {
  it('brings its lock in, flagged as made with weak random', async () => {
    const place = makePlace();
    const first = new House(place);
    await first.pair();
    const secrets = place.lock.secrets!;
    await first.stop();
    const house = new House(place);
    const [lock] = carrierOf(house).adopt(
      new Secret<Json>([
        {
          address: place.lock.address.toUpperCase(),
          battery: 90,
          rssi: -60,
          autoLockTime: 0,
          lockedStatus: 1,
          privateData: {
            aesKey: secrets.aesKey,
            admin: { adminPs: secrets.adminPs, unlockKey: secrets.unlockKey },
            adminPasscode: '1234567',
          },
          operationLog: [],
        },
      ]),
      OWNER,
    );
    expect(lock).toMatchObject({ family: 'ttlock', outcome: 'added' });
    expect(lock?.weak).toContain('random');
    await house.clock.run(
      house.registry.command({
        id: 'c',
        lock: lock!.name,
        verb: 'lock',
        asker: OWNER,
        deadline: house.clock.elapsed() + 15_000,
      }),
    );
    expect(place.lock.bolt).toBe('locked');
    await house.stop();
  });

  it('of a lock that takes many clients are not needed, and that is said', async () => {
    const house = new House(makePlace());
    const asked = () => carrierOf(house).adopt(new Secret<Json>({ authorizationId: 7, secretKeyK: 'aabb' }), OWNER);
    expect(asked).toThrow('(Nuki) needs no import: pair it beside the other program');
    expect(asked).not.toThrow('aabb');
    await house.stop();
  });

  it('that is no such file is named as one', async () => {
    const house = new House(makePlace());
    expect(() => carrierOf(house).adopt(new Secret<Json>({ some: 'thing' }), OWNER)).toThrow(
      expect.objectContaining({ reason: 'unknown_format' }),
    );
    await house.stop();
  });
});
