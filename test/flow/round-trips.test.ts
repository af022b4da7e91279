// The questions that work costs on the air, exactly: none that the protocol does not need.
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import type { AirChunk } from '../../src/sim/air-link.ts';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

const CHALLENGE = 0x55;
const PROOF = 0x30;
const ADMIN = 0x41;
const STATE = 0x14;
const UNLOCK = 0x47;
const LOCK = 0x58;
const LOG = 0x25;
const CODES = 0x03;
const RESET = 0x52;

/** Notes the number of every frame that the lock is sent. */
function listen(house: House): number[] {
  const asked: number[] = [];
  house.place.air.knobs.fault = ({ direction, kind, bytes }: AirChunk) => {
    const begins = direction === 'down' && kind !== 'subscribe' && bytes[0] === 0x7f && bytes[1] === 0x5a;
    if (begins) asked.push(bytes[9] as number);
    return 'deliver';
  };
  return asked;
}

/** A paired lock that has been looked at; nobody is connected and its advert says no news. */
async function quiet(): Promise<{ house: House; asked: number[] }> {
  const house = new House(makePlace());
  await house.pair();
  await house.clock.advance(90_000);
  expect(house.view.stats.open).toBe(false);
  return { house, asked: listen(house) };
}

/** As above, with an open session that nothing is due in. */
async function open(): Promise<{ house: House; asked: number[] }> {
  const { house, asked } = await quiet();
  await house.clock.run(house.command('unlock'));
  await house.clock.advance(1500);
  asked.length = 0;
  return { house, asked };
}

describe('round trips of', () => {
  it('a pairing are the six of the protocol, whatever is asked of the lock when it is ours', async () => {
    const house = new House(makePlace());
    const asked = listen(house);
    await house.pair();
    expect(asked.slice(0, asked.indexOf(0x57) + 1)).toEqual([0x45, 0x19, 0x56, 0x43, 0x01, 0x57]);
  });

  it('a command on an open session are its challenge and the act', async () => {
    const { house, asked } = await open();
    await house.clock.run(house.command('lock'));
    expect(asked).toEqual([CHALLENGE, LOCK]);
  });

  it('a cold command are no more: the proof of the session is its challenge', async () => {
    const { house, asked } = await quiet();
    await house.clock.run(house.command('lock'));
    expect(asked).toEqual([CHALLENGE, LOCK]);
  });

  it('a command that comes while a visit is connecting are no more: the visit gives way before its first question', async () => {
    const { house, asked } = await quiet();
    house.place.lock.hands.act('thumb', { value: 'lock' });
    await house.clock.advance(300);
    expect(house.place.air.links()).toHaveLength(1);
    expect(asked).toEqual([]);
    await house.clock.run(house.command('unlock'));
    expect(asked).toEqual([CHALLENGE, UNLOCK]);
    await house.clock.advance(5000);
    expect(asked, 'what the visit was for').toContain(LOG);
  });

  it('a question for the state are asked for, even when somebody else waits to open the door', async () => {
    const { house, asked } = await quiet();
    const told = house.registry.refresh('front_door', OWNER);
    const moved = house.command('unlock');
    await house.clock.run(Promise.all([told, moved]));
    expect(asked).toEqual([CHALLENGE, STATE, CHALLENGE, UNLOCK]);
  });

  it('20 codes are one login and one each', async () => {
    const { house, asked } = await open();
    for (let slot = 1; slot <= 20; slot++) {
      const digits = new Secret(String(700_000 + slot * 37));
      await house.clock.run(house.access.setCode('front_door', slot, { digits }, OWNER));
    }
    expect(asked).toEqual([ADMIN, PROOF, ...Array.from({ length: 20 }, () => CODES)]);
  });

  it('50 records of the log are one each and one that says that there are no more', async () => {
    const { house, asked } = await quiet();
    for (let i = 0; i < 50; i++) house.place.lock.hands.act('turn_key', { value: i % 2 === 0 ? 'lock' : 'unlock' });
    await house.clock.advance(60_000);
    asked.length = 0;
    expect(await house.clock.run(house.workbench.readLog('front_door', 50, OWNER))).toHaveLength(50);
    expect(asked.filter(one => one === LOG)).toHaveLength(51);
    expect(asked.filter(one => one !== LOG && one !== STATE)).toEqual([CHALLENGE]);
  });

  it('a reset are the proof that it is our lock, the login and the reset', async () => {
    const { house, asked } = await quiet();
    const keeper = house.registry.keeper('front_door')!;
    const { credential } = house.store.vault.of(keeper.record.id).find(kept => kept.status === 'live')!;
    const driver = house.registry.driver(keeper.record.family);
    const reset = keeper.lend(20_000, (link, ground, advert) => driver.forget(link, ground, credential, advert));
    expect(await house.clock.run(reset)).toBe('proven');
    expect(asked).toEqual([CHALLENGE, ADMIN, PROOF, RESET]);
  });
});
