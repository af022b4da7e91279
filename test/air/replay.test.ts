// Somebody recorded a whole session off the air and plays it again, to the lock and to us (T12.3).
import { describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import type { Ground, Report } from '../../src/lock/driver.ts';
import type { Link } from '../../src/radio/radio.ts';
import type { AirChunk } from '../../src/sim/air-link.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import { families } from '../support/families.ts';
import { House, type Place, makeFamilyPlace, seeded } from '../support/house.ts';

/** Longer than any answer takes. */
const WAIT_MS = 30_000;
const LATER_MS = 15 * 60_000;

interface Recorded {
  house: House<VirtualLock>;
  place: Place<VirtualLock>;
  chunks: AirChunk[];
}

/** A session in which the door is locked and unlocked. */
async function recorded(sim: Parameters<typeof makeFamilyPlace>[0]): Promise<Recorded> {
  const place = makeFamilyPlace(sim);
  const house = new House(place);
  await house.pair();
  await house.tellCode();
  await house.clock.advance(90_000);
  expect(house.view.stats.open).toBe(false);
  const chunks: AirChunk[] = [];
  place.air.knobs.fault = chunk => {
    chunks.push(chunk);
    return 'deliver';
  };
  await house.clock.run(house.command('lock'));
  await house.clock.run(house.command('unlock'));
  await house.clock.advance(90_000);
  place.air.knobs.fault = undefined;
  // Played at once it cannot be told from the lock itself, whatever time it names.
  await house.clock.advance(LATER_MS);
  return { house, place, chunks };
}

/** What a person could see, or come in by. */
function truth({ place, house }: Recorded): unknown {
  const { lock } = place;
  return [lock.moves, lock.bolt, lock.paired, house.view.generation];
}

describe.each(await families())('$name', ({ sim, believesReplayed }) => {
  it.each(['whole', 'without its first piece', 'its last half'])(
    'a recorded session, %s, makes the lock do nothing',
    async how => {
      const taken = await recorded(sim);
      const { house, place, chunks } = taken;
      const before = truth(taken);
      await house.stop();
      const link = await place.clock.run(place.air.connect(place.lock.address));
      const down = chunks.filter(({ direction }) => direction === 'down');
      const skip = how === 'whole' ? 0 : how === 'its last half' ? Math.floor(down.length / 2) : 1;
      for (const { characteristic } of down.filter(({ kind }) => kind === 'subscribe')) {
        await place.clock.run(link.subscribe(characteristic, () => undefined)).catch(() => undefined);
      }
      for (const { characteristic, bytes, kind } of down.filter(one => one.kind !== 'subscribe').slice(skip)) {
        const piece = link.write(characteristic, bytes, { response: kind === 'request' });
        await place.clock.run(piece).catch(() => undefined);
        await place.clock.advance(200);
      }
      await place.clock.advance(WAIT_MS);
      expect(truth(taken)).toEqual(before);
      place.lock.stop();
    },
  );

  it('its answers, played to us in a new session, open nothing and are believed as little as is known', async () => {
    const { house, place, chunks } = await recorded(sim);
    const { registry, store, clock } = house;
    const { credential } = store.vault.of(house.view.id).find(kept => kept.status === 'live')!;
    const reports: Report[] = [];
    const ground: Ground = {
      clock,
      zone: utc,
      random: seeded(99),
      report: report => void reports.push(report),
      signal: new AbortController().signal,
      log: silent,
    };
    const session = registry.driver(sim.name).open(echoing(chunks), ground, credential);
    const done = session.then(async open => {
      await open.act('unlock');
      return 'act';
    });
    const said = await clock.run(
      Promise.race([
        done.catch(() => 'refused'),
        new Promise<string>(resolve => clock.after(4 * WAIT_MS, () => resolve('silent'))),
      ]),
    );
    const believed = [
      ...(reports.some(report => report.kind === 'state' && report.trust === 'proven') ? ['state'] : []),
      ...(said === 'act' ? ['act'] : []),
    ];
    expect(believed).toEqual(believesReplayed);
    await house.stop();
    place.lock.stop();
  });
});

/** A lock that says what the recorded one said after each piece, whatever it is asked. */
function echoing(chunks: readonly AirChunk[]): Link {
  const ears = new Map<string, (bytes: Uint8Array) => void>();
  let at = 0;
  const answer = (): void => {
    while (at < chunks.length && chunks[at]?.direction === 'down') at += 1;
    for (; at < chunks.length && chunks[at]?.direction === 'up'; at += 1) {
      const { characteristic, bytes } = chunks[at] as AirChunk;
      ears.get(characteristic)?.(bytes);
    }
  };
  return {
    mtu: 247,
    closed: new Promise<void>(() => undefined),
    write: async () => queueMicrotask(answer),
    read: async () => new Uint8Array(),
    subscribe: async (characteristic, heard) => void ears.set(characteristic, heard),
    close: async () => undefined,
  };
}
