import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { openStore } from '../../src/store/store.ts';
import { OWNER } from '../support/fake-family.ts';
import { type Disk, House, type Place, makePlace, seeded } from '../support/house.ts';
import { judge } from '../support/judge.ts';

/** A process that dies after so many writes to disk and pieces sent to the lock. */
class Death {
  events = 0;
  dead = false;
  /** The process is buried: its radio does not go off any more. */
  revoke: () => void = () => undefined;
  readonly #after: number;
  readonly #place: Place;

  constructor(place: Place, after: number) {
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
  before(house: House): Promise<void>;
  act(house: House): Promise<unknown>;
}

const FLOWS: readonly Flow[] = [
  {
    name: 'pairing',
    before: async () => undefined,
    act: house => {
      house.place.lock.hands.act('press_key');
      return house.pairer.pair({ name: 'front_door', seconds: 5 }, OWNER);
    },
  },
  {
    name: 'unpairing',
    before: async house => void (await house.pair()),
    act: async house => {
      const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
      return house.unpairer.confirm('front_door', token, OWNER);
    },
  },
  {
    name: 'pairing again',
    before: async house => {
      await house.pair();
      const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
      await house.clock.run(house.unpairer.confirm('front_door', token, OWNER));
    },
    act: house => {
      house.place.lock.hands.act('press_key');
      return house.pairer.pair({ lock: 'front_door', seconds: 5 }, OWNER);
    },
  },
];

/** Runs the flow, kills it after `after` events, starts anew; gives how many events there were and what is wrong. */
async function killedAfter(flow: Flow, after: number): Promise<{ events: number; wrong: string[] }> {
  const place = makePlace();
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
    lock.hands.act('press_key');
    await clock.advance(6000);
  }
  const wrong = await judge(house);
  await house.stop();
  lock.stop();
  if (clock.armed > 0) wrong.push(`${clock.armed} timers left`);
  return { events, wrong: wrong.map(text => `killed after ${after}: ${text}`) };
}

/** At night after each; the tests of recipes kill at the lines of the journal besides. */
const EVERY = process.env['LATCHBRIDGE_NIGHTLY'] === undefined ? 3 : 1;

describe.each(FLOWS)('$name, killed after every write to disk and every piece sent', flow => {
  it('ends with a working key or a factory-new lock', async () => {
    const whole = await killedAfter(flow, Number.POSITIVE_INFINITY);
    expect(whole.wrong).toEqual([]);
    expect(whole.events).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (let after = 1; after <= whole.events; after += EVERY) wrong.push(...(await killedAfter(flow, after)).wrong);
    expect(wrong).toEqual([]);
  }, 120_000);
});
