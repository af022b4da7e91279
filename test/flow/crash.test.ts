import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { openStore } from '../../src/store/store.ts';
import { OWNER } from '../support/fake-family.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import { type Family, families } from '../support/families.ts';
import { type Disk, House, type Place, makeFamilyPlace, offer, secretOf, seeded, wake } from '../support/house.ts';
import { judge } from '../support/judge.ts';

/** A process that dies after so many writes to disk and pieces sent to the lock. */
class Death {
  events = 0;
  dead = false;
  /** The process is buried: its radio does not go off any more. */
  revoke: () => void = () => undefined;
  readonly #after: number;
  readonly #place: Place<VirtualLock>;

  constructor(place: Place<VirtualLock>, after: number) {
    this.#after = after;
    this.#place = place;
    place.air.knobs.fault = chunk => {
      if (this.dead) return 'cut';
      if (chunk.direction === 'down') this.#count();
      // The piece that was handed to the controller still goes out; nothing after it does.
      return 'deliver';
    };
  }

  /** What the process wrote is on the disk; then it is gone. */
  get disk(): Disk {
    const dying = <T extends object>(target: T, writes: readonly string[]): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value: unknown = Reflect.get(object, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            const write = writes.includes(String(name));
            if (write && this.dead) throw new LockError('disk', 'The process is dead.');
            const answer: unknown = value.apply(object, args);
            if (write) this.#count();
            if (write && this.dead) throw new LockError('disk', 'The process is dead.');
            return answer;
          };
        },
      });
    return {
      shelf: shelf => dying(shelf, ['add', 'save', 'note', 'remove', 'unit']),
      vault: vault => dying(vault, ['keep', 'replace', 'promote', 'mark']),
      flows: flows => dying(flows, ['add', 'append', 'save', 'keepRecord']),
    };
  }

  #count(): void {
    this.events += 1;
    if (this.events !== this.#after) return;
    this.dead = true;
    this.revoke = this.#place.clock.after(0, () => this.#place.air.power(false));
  }
}

interface Flow {
  name: string;
  before(house: House<VirtualLock>): Promise<void>;
  act(house: House<VirtualLock>): Promise<unknown>;
}

const pair = (house: House<VirtualLock>, wish: { lock?: string; name?: string }): Promise<unknown> => {
  offer(house.place);
  return house.pairer.pair({ ...wish, seconds: 5, ...secretOf(house.place.lock) }, OWNER);
};

async function paired(house: House<VirtualLock>): Promise<void> {
  await house.pair();
  await house.tellCode();
}

async function unpair(house: House<VirtualLock>): Promise<unknown> {
  const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
  return house.unpairer.confirm('front_door', token, OWNER);
}

const FLOWS: readonly Flow[] = [
  { name: 'pairing', before: async () => undefined, act: house => pair(house, { name: 'front_door' }) },
  { name: 'unpairing', before: paired, act: unpair },
  {
    name: 'pairing again',
    before: async house => {
      await paired(house);
      await house.clock.run(unpair(house));
    },
    act: house => pair(house, { lock: 'front_door' }),
  },
];

/** Runs the flow, kills it after `after` events, starts anew; gives how many events there were and what is wrong. */
async function killedAfter({ sim }: Family, flow: Flow, after: number): Promise<{ events: number; wrong: string[] }> {
  const place = makeFamilyPlace(sim);
  const { clock, lock, air } = place;
  const store = openStore({ clock, random: seeded(3), log: silent });
  const first = new House(place, { store });
  await flow.before(first);
  await first.stop();
  const death = new Death(place, after);
  const doomed = new House(place, { store, disk: death.disk });
  await clock.run(flow.act(doomed).catch(() => undefined));
  const { events } = death;
  await doomed.crash();
  death.revoke();
  air.knobs.fault = undefined;
  const house = new House(place, { store });
  for (let i = 0; i < 10; i++) {
    wake(place);
    await clock.advance(6000);
  }
  const wrong = await judge(house);
  await house.stop();
  lock.stop();
  if (clock.armed > 0) wrong.push(`${clock.armed} timers left`);
  return { events, wrong: wrong.map(text => `killed after ${after}: ${text}`) };
}

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;

describe.each(await families())('$name', family => {
  /** At night after each; the tests of recipes kill at the lines of the journal besides. */
  const every = nightly ? 1 : family.killEvery.writes;

  describe.each(FLOWS)('$name, killed after every write to disk and every piece sent', flow => {
    it('ends with a working key or a lock that does not know us', async () => {
      const whole = await killedAfter(family, flow, Number.POSITIVE_INFINITY);
      expect(whole.wrong).toEqual([]);
      expect(whole.events).toBeGreaterThan(10);
      const wrong: string[] = [];
      for (let after = 1; after <= whole.events; after += every)
        wrong.push(...(await killedAfter(family, flow, after)).wrong);
      expect(wrong).toEqual([]);
    }, 120_000);
  });
});
