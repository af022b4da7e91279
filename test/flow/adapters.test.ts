// Two adapters in two rooms, one lock between them: who connects, and what happens when one of them fails.
import { describe, expect, it } from 'vitest';
import { AirRadio } from '../../src/demo/air-radio.ts';
import { Air } from '../../src/sim/air.ts';
import { House, makePlace, seeded } from '../support/house.ts';

interface Rooms {
  house: House;
  near: Air;
  far: Air;
  nearRadio: AirRadio;
  farRadio: AirRadio;
}

/** Paired, with a session that is held. */
async function makeRooms(): Promise<Rooms> {
  const place = makePlace();
  const near = place.air;
  const far = new Air({ clock: place.clock, random: seeded(3), mtu: 23 });
  far.add(place.lock, { rssi: -84 });
  near.setSignal(place.lock.address, -52);
  const [farRadio, nearRadio] = [new AirRadio(far), new AirRadio(near)];
  const house = new House(place, { radios: [farRadio, nearRadio], settings: { session: 'held' } });
  await house.pair();
  await house.clock.advance(10_000);
  return { house, near, far, nearRadio, farRadio };
}

const links = ({ near, far }: Rooms): number[] => [near.links().length, far.links().length];

describe('with two adapters', () => {
  it('the one that hears the lock better holds the session', async () => {
    expect(links(await makeRooms())).toEqual([1, 0]);
  });

  it('the other one takes over when it goes off, and commands go on', async () => {
    const rooms = await makeRooms();
    const { house, nearRadio } = rooms;
    await house.clock.advance(70_000);
    nearRadio.power(false);
    const outcome = await house.clock.run(house.command('lock'));
    expect([house.place.lock.bolt, links(rooms)]).toEqual(['locked', [0, 1]]);
    expect(outcome.tookMs).toBeLessThan(8000);
    expect(house.view).toMatchObject({ state: { reachable: true }, stats: { open: true } });
  });

  it('nobody notices when one goes off that has no session', async () => {
    const rooms = await makeRooms();
    rooms.farRadio.power(false);
    await rooms.house.clock.run(rooms.house.command('lock'));
    expect([links(rooms), rooms.house.view.stats.losses]).toEqual([[1, 0], 0]);
  });

  it('the better one is used again once it is back', async () => {
    const rooms = await makeRooms();
    const { house, nearRadio, farRadio } = rooms;
    nearRadio.power(false);
    await house.clock.advance(30_000);
    nearRadio.power(true);
    await house.clock.advance(30_000);
    expect(links(rooms)).toEqual([0, 1]);
    farRadio.power(false);
    farRadio.power(true);
    await house.clock.advance(30_000);
    expect(links(rooms)).toEqual([1, 0]);
  });

  it('a lock that was carried to the other room is held from there', async () => {
    const rooms = await makeRooms();
    const { house, near } = rooms;
    near.remove(house.place.lock.address);
    await house.clock.run(house.command('lock'));
    expect([house.place.lock.bolt, links(rooms)]).toEqual(['locked', [0, 1]]);
  });

  it('both off is one clear word, and one of them back is enough', async () => {
    const rooms = await makeRooms();
    const { house, nearRadio, farRadio } = rooms;
    nearRadio.power(false);
    farRadio.power(false);
    await house.clock.advance(20_000);
    expect(house.radio.state()).toMatchObject({ ready: false });
    expect(house.view).toMatchObject({ state: { reachable: false }, trouble: { reason: 'radio_not_ready' } });
    farRadio.power(true);
    await house.clock.advance(70_000);
    expect([links(rooms), house.view.state.reachable]).toEqual([[0, 1], true]);
  });
});
