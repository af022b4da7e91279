// What is set on a lock itself, over its real wire: settings, log, keys of apps, its own code, the phone.
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import type { Asker, SettingAbility, SettingValue } from '../../src/lock/lock.ts';
import type { VariantName } from '../../src/sim/ttlock/variants.ts';
import { OWNER, failureOf } from '../support/fake-family.ts';
import { House, type Place, makePlace } from '../support/house.ts';

const AUTOMATION: Asker = { via: 'mqtt', who: 'mqtt', role: 'automation' };

async function paired(
  options: { variant?: VariantName; place?: Place; session?: 'held' | 'on_demand' } = {},
): Promise<House> {
  const place = options.place ?? makePlace({ variant: options.variant ?? 'deadbolt' });
  const house = new House(place, { settings: { session: options.session ?? 'on_demand' } });
  await house.pair();
  return house;
}

/** Another value than the lock has now, inside what it offers. */
function other(ability: SettingAbility, now: SettingValue): SettingValue {
  if (ability.kind === 'switch') return now !== true;
  if (ability.kind === 'select') return ability.options.find(option => option !== now) as string;
  return now === ability.max ? ability.max - 1 : ability.max;
}

describe('settings', () => {
  it.each(['deadbolt', 'lever', 'cylinder', 'padlock', 'key_box'] as const)(
    'of a %s are each read, changed, read back and put back',
    async variant => {
      const house = await paired({ variant });
      const { clock, workbench } = house;
      const first = await clock.run(workbench.readSettings('front_door', OWNER));
      const abilities = house.view.abilities?.settings ?? [];
      expect(Object.keys(first).toSorted()).toEqual(abilities.map(one => one.name).toSorted());
      for (const ability of abilities) {
        const now = first[ability.name] as SettingValue;
        for (const value of [other(ability, now), now]) {
          const said = await clock.run(workbench.writeSetting('front_door', ability.name, value, OWNER));
          const read = await clock.run(workbench.readSettings('front_door', OWNER));
          expect([ability.name, said, read[ability.name]]).toEqual([ability.name, value, value]);
        }
      }
    },
    60_000,
  );

  it('are read once after pairing, without anybody asking, and told', async () => {
    const house = new House(makePlace());
    const told: unknown[] = [];
    house.workbench.hear((lock, values) => told.push([lock, Object.keys(values).length]));
    await house.pair();
    await house.clock.advance(10_000);
    expect(told).toEqual([[house.view.id, house.view.abilities?.settings.length]]);
    expect(house.workbench.known('front_door')).toMatchObject({ sound: true, auto_lock_seconds: 0 });
  });

  it('are known again after a restart, before the lock was asked', async () => {
    const house = await paired();
    await house.clock.advance(10_000);
    const before = house.workbench.known('front_door');
    await house.crash();
    house.place.air.power(false);
    const again = new House(house.place, { store: house.store });
    expect(again.workbench.known('front_door')).toEqual(before);
    expect(before).toHaveProperty('sound');
  });

  it('do not make a person wait who wants the door opened', async () => {
    const house = new House(makePlace({ knobs: { replyLatency: { min: 100, max: 100 } } }));
    await house.pair();
    await house.clock.advance(100);
    const began = house.clock.elapsed();
    await house.clock.run(house.command('unlock'));
    expect(house.clock.elapsed() - began).toBeLessThan(2500);
    await house.clock.advance(40_000);
    expect(Object.keys(house.workbench.known('front_door'))).toHaveLength(house.view.abilities!.settings.length);
  });

  it('that the lock lacks, or values that it does not take, are refused before it is asked', async () => {
    const house = await paired();
    await house.clock.advance(60_000);
    const opens = house.view.stats.opens;
    const write = (name: string, value: SettingValue): Promise<unknown> =>
      failureOf(house.workbench.writeSetting('front_door', name, value, OWNER));
    expect(await write('colour', 'red')).toMatchObject({ code: 'unsupported' });
    expect(await write('auto_lock_seconds', 99_999)).toMatchObject({ code: 'invalid' });
    expect(await write('direction', 'up')).toMatchObject({ code: 'invalid' });
    expect(house.view.stats.opens).toBe(opens);
  });

  it('that the lock says yes to and keeps are an error, and the old value is what is known', async () => {
    const house = await paired();
    await house.clock.advance(10_000);
    house.place.lock.knobs.refuse = [0x62];
    const work = failureOf(house.workbench.writeSetting('front_door', 'sound', false, OWNER));
    expect(await house.clock.run(work)).toMatchObject({ code: 'rejected' });
    expect(house.workbench.known('front_door')).toMatchObject({ sound: true });
  });

  it('are forgotten when the lock was wiped', async () => {
    const house = await paired();
    await house.clock.advance(10_000);
    const plan = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
    await house.clock.run(house.unpairer.confirm('front_door', plan.confirm_token, OWNER));
    expect(house.workbench.known('front_door')).toEqual({});
  });
});

describe('the log', () => {
  it('is read back newest first, with slots and persons, and without a digit of a code', async () => {
    const house = await paired({ session: 'held' });
    const { clock, place, access, workbench } = house;
    await clock.run(access.setCode('front_door', 3, { digits: new Secret('472913'), person: 'Ada' }, OWNER));
    place.lock.hands.act('type_code', { value: '472913' });
    place.lock.hands.act('thumb', { value: 'lock' });
    place.lock.hands.act('type_code', { value: '999111' });
    await clock.advance(5000);
    const log = await clock.run(workbench.readLog('front_door', 20, OWNER));
    expect(log.map(one => one.type)).toEqual(expect.arrayContaining(['wrong_code', 'unlocked']));
    expect(log.find(one => one.type === 'unlocked' && one.source === 'keypad')).toMatchObject({
      slot: 3,
      person: 'Ada',
    });
    expect(log.every((one, i) => i === 0 || (one.record ?? 0) < (log[i - 1]?.record ?? 0))).toBe(true);
    expect(log.some(one => one.credential !== undefined)).toBe(false);
  });

  it('is as long as asked, and the follower of the log misses nothing by it', async () => {
    const house = await paired();
    const { clock, place, workbench } = house;
    await clock.advance(60_000);
    for (let i = 0; i < 30; i++) place.lock.hands.act('turn_key', { value: i % 2 === 0 ? 'lock' : 'unlock' });
    const read = await clock.run(workbench.readLog('front_door', 12, OWNER));
    await clock.advance(60_000);
    expect(read).toHaveLength(12);
    const told = house.events.filter(event => event.kind === 'happened' && event.happening.source === 'key');
    expect(told).toHaveLength(30);
  });

  it.each([0, 201, 1.5])('is not read for %s records', async most => {
    const house = await paired();
    expect(await failureOf(house.workbench.readLog('front_door', most, OWNER))).toMatchObject({ code: 'invalid' });
  });

  it('lets a person who wants the door opened in between', async () => {
    const house = await paired({ place: makePlace({ knobs: { replyLatency: { min: 150, max: 150 } } }) });
    const { clock, place } = house;
    await clock.advance(60_000);
    for (let i = 0; i < 100; i++) place.lock.hands.act('turn_key', { value: i % 2 === 0 ? 'lock' : 'unlock' });
    const reading = house.workbench.readLog('front_door', 100, OWNER);
    await clock.advance(3000);
    const opened = await clock.run(house.command('unlock'));
    expect(opened.tookMs).toBeLessThan(4000);
    expect(await clock.run(reading)).toHaveLength(100);
  });
});

describe('while a session is held', () => {
  const told = (house: House): string[] =>
    house.events.flatMap(event => (event.kind === 'happened' ? [event.happening.type] : []));

  it('a code that opens a door that is open already is told within seconds', async () => {
    const house = await paired({ session: 'held' });
    await house.clock.run(house.access.setCode('front_door', 3, { digits: new Secret('472913') }, OWNER));
    await house.clock.advance(10_000);
    house.place.lock.hands.act('type_code', { value: '472913' });
    await house.clock.advance(6000);
    expect(told(house)).toEqual(['unlocked']);
  });

  it('a wrong code, of which the lock says nothing, is told within a minute', async () => {
    const house = await paired({ session: 'held' });
    await house.clock.advance(10_000);
    house.place.lock.hands.act('type_code', { value: '999111' });
    await house.clock.advance(63_000);
    expect(told(house)).toEqual(['wrong_code']);
  });

  it('a lock that tells of every word with us is not read without end', async () => {
    const house = await paired({ session: 'held', place: makePlace({ knobs: { pushInside: 'event' } }) });
    await house.clock.advance(30_000);
    const before = house.view.stats.roundTrips;
    await house.clock.advance(60_000);
    // Half of these keep the session.
    expect(house.view.stats.roundTrips - before).toBeLessThan(80);
  });
});

describe('the keys of apps', () => {
  const live = (house: House) => house.store.vault.of(house.view.id).find(kept => kept.status === 'live')!;

  it('that were given out are refused after a revocation, and ours goes on', async () => {
    const house = await paired();
    const { clock } = house;
    await clock.advance(10_000);
    const given = live(house).credential;
    await clock.run(house.workbench.revokeAppKeys('front_door', OWNER));
    await clock.run(house.command('lock'));
    await clock.advance(60_000);
    await clock.run(house.command('unlock'));
    expect(house.place.lock.bolt).toBe('unlocked');
    const probe = failureOf(house.registry.keeper('front_door')!.probe(given, 15_000));
    expect(await clock.run(probe)).toMatchObject({ code: 'unauthenticated', reason: 'key_refused' });
    await clock.run(house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
  });

  it('are revoked with the new number on the disk before the lock can know it', async () => {
    const house = await paired();
    const { clock, place } = house;
    await clock.advance(10_000);
    const raised: unknown[] = [];
    place.air.knobs.fault = chunk => {
      if (chunk.kind === 'command') raised.push(live(house).credential.data.reveal()['lockFlagPos']);
      return 'deliver';
    };
    await clock.run(house.workbench.revokeAppKeys('front_door', OWNER));
    expect(raised.length).toBeGreaterThan(0);
    expect(new Set(raised.slice(-4))).toEqual(new Set([1]));
  });

  it.each(['before_acting', 'before_answering', 'after_answering'] as const)(
    'leave the lock ours when the link breaks %s the login that revokes them',
    async moment => {
      const house = await paired();
      const { clock, place } = house;
      await clock.advance(60_000);
      place.lock.knobs.dropLink = { command: 0x41, moment, times: 1 };
      await clock.run(house.workbench.revokeAppKeys('front_door', OWNER).catch(() => undefined));
      await house.crash();
      const again = new House(place, { store: house.store });
      await clock.run(again.command('lock'));
      await clock.run(again.workbench.readSettings('front_door', OWNER));
      expect([place.lock.bolt, again.view.lifecycle]).toEqual(['locked', 'managed']);
    },
  );

  it('are for owners and managers to revoke', async () => {
    const house = await paired();
    expect(await failureOf(house.workbench.revokeAppKeys('front_door', AUTOMATION))).toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('the lock’s own code', () => {
  it('is set, read back and opens its menu, and stands in no log and no view', async () => {
    const house = await paired();
    const { clock, workbench } = house;
    await clock.run(workbench.setAdminCode('front_door', new Secret('8421973'), OWNER));
    const code = await clock.run(workbench.adminCode('front_door', OWNER));
    expect(code?.reveal()).toBe('8421973');
    await clock.run(workbench.readLog('front_door', 50, OWNER));
    const told = JSON.stringify([house.events, house.store.audit.read({ most: 100 }), house.view]);
    expect(told).not.toContain('8421973');
  });

  it('is known of a lock that does not tell it, because we set it', async () => {
    const house = await paired({ variant: 'padlock' });
    const { clock, workbench } = house;
    await clock.run(workbench.setAdminCode('front_door', new Secret('55512'), OWNER));
    await clock.advance(60_000);
    expect((await clock.run(workbench.adminCode('front_door', OWNER)))?.reveal()).toBe('55512');
  });

  it.each(['123', '1234567890', 'abcd'])('is not "%s"', async digits => {
    const house = await paired();
    const work = failureOf(house.workbench.setAdminCode('front_door', new Secret(digits), OWNER));
    expect(await house.clock.run(work)).toMatchObject({ code: 'invalid' });
  });

  it('is for owners only, and not over MQTT', async () => {
    const house = await paired();
    for (const asker of [AUTOMATION, { ...OWNER, role: 'manager' }, { ...OWNER, via: 'mqtt' }] as Asker[]) {
      expect(() => house.workbench.adminCode('front_door', asker)).toThrow(/Only an owner/);
    }
  });
});
