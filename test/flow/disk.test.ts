import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { openStore } from '../../src/store/store.ts';
import { OWNER } from '../support/fake-family.ts';
import { type Disk, House, makePlace, seeded } from '../support/house.ts';
import { judge } from '../support/judge.ts';

/** A disk that refuses some of the writes, counted from the first one after it was armed. */
class FullDisk {
  writes = 0;
  refuses: (write: number) => boolean = () => false;

  get disk(): Disk {
    const guarded = <T extends object>(target: T, writes: readonly string[]): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value: unknown = Reflect.get(object, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            if (writes.includes(String(name)) && this.refuses(++this.writes)) {
              throw new LockError('disk', 'Could not save: the disk is full.', { reason: 'disk_full' });
            }
            return value.apply(object, args);
          };
        },
      });
    return {
      shelf: shelf => guarded(shelf, ['add', 'save', 'note', 'remove', 'unit']),
      vault: vault => guarded(vault, ['keep', 'replace', 'promote', 'mark']),
    };
  }
}

interface Flow {
  name: string;
  before(house: House): Promise<void>;
  act(house: House): Promise<unknown>;
}

const wipe = async (house: House): Promise<unknown> => {
  const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
  return house.unpairer.confirm('front_door', token, OWNER);
};

const FLOWS: readonly Flow[] = [
  {
    name: 'pairing',
    before: async () => undefined,
    act: house => {
      house.place.lock.hands.act('press_key');
      return house.pairer.pair({ name: 'front_door', seconds: 5 }, OWNER);
    },
  },
  { name: 'unpairing', before: async house => void (await house.pair()), act: wipe },
  {
    name: 'pairing again',
    before: async house => {
      await house.pair();
      await house.clock.run(wipe(house));
    },
    act: house => {
      house.place.lock.hands.act('press_key');
      return house.pairer.pair({ lock: 'front_door', seconds: 5 }, OWNER);
    },
  },
];

const HOW = [
  ['one write', (nth: number) => (write: number) => write === nth],
  ['three writes', (nth: number) => (write: number) => write >= nth && write < nth + 3],
] as const;

/** Runs the flow with a disk that refuses what `refuses` says; then there is room again. Gives what is wrong. */
async function refused(flow: Flow, refuses: (write: number) => boolean): Promise<{ writes: number; wrong: string[] }> {
  const place = makePlace();
  const full = new FullDisk();
  const store = openStore({ clock: place.clock, random: seeded(3), log: silent });
  const house = new House(place, { store, disk: full.disk });
  await flow.before(house);
  full.writes = 0;
  full.refuses = refuses;
  const outcome = await place.clock.run(
    flow.act(house).then(
      () => 'done',
      () => 'failed',
    ),
  );
  const { writes } = full;
  full.refuses = () => false;
  for (let i = 0; i < 10; i++) {
    place.lock.hands.act('press_key');
    await place.clock.advance(6000);
  }
  const wrong = await judge(house);
  if (outcome === 'done' && flow.name !== 'unpairing' && !place.lock.paired) wrong.push('said to be paired and is not');
  await house.stop();
  place.lock.stop();
  if (place.clock.armed > 0) wrong.push(`${place.clock.armed} timers left`);
  return { writes, wrong };
}

describe.each(FLOWS)('$name on a disk that is full for a moment', flow => {
  it.each(HOW)(
    'and refuses %s at each place ends with a working key or a factory-new lock',
    async (_name, at) => {
      const whole = await refused(flow, () => false);
      expect(whole.wrong).toEqual([]);
      const wrong: string[] = [];
      for (let nth = 1; nth <= whole.writes; nth++) {
        const found = await refused(flow, at(nth));
        wrong.push(...found.wrong.map(text => `write ${nth} of ${whole.writes}: ${text}`));
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});
