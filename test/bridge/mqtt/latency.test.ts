// How long the bridge takes, over a real socket to a broker in this process. Prints; fails only when it is far off.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, LOCK, makeHouse } from './house.ts';
import { FakeLocks, makeView } from './fakes.ts';

const LOCKS = Array.from({ length: 100 }, (_, i) => i.toString(16).padStart(12, '0'));
/** Home Assistant shows "unlocking" only when we say so; people notice after a tenth of a second. */
const FAR_OFF = 100;

let house: House;
beforeAll(async () => {
  house = await makeHouse({
    locks: new FakeLocks(...LOCKS.map((id, i) => makeView(id, `lock${i}`)), makeView(LOCK, 'front')),
  });
});
afterAll(() => house.end());

test('from an order on MQTT to the command', async () => {
  const took: number[] = [];
  for (let i = 0; i < LOCKS.length; i++) {
    const arrived = new Promise<number>(resolve => (house.locks.arrived = () => resolve(performance.now())));
    const begin = performance.now();
    await house.listener.publish(`latchbridge/lock${i}/set`, 'LOCK', { qos: 0 });
    took.push((await arrived) - begin);
  }
  house.locks.arrived = () => undefined;
  expect(print('order to command', took)).toBeLessThan(FAR_OFF);
});

test('from what a lock says to its state on MQTT', async () => {
  const took: number[] = [];
  for (let i = 0; i < 100; i++) {
    const before = house.listener.on('latchbridge/front').length;
    const begin = performance.now();
    house.locks.say(LOCK, i % 2 ? 'locked' : 'unlocked');
    await house.listener.until('the state', () => house.listener.on('latchbridge/front').length > before);
    took.push((house.listener.on('latchbridge/front').at(-1)?.at ?? Infinity) - begin);
  }
  expect(print('event to state', took)).toBeLessThan(FAR_OFF);
});

/** The median and the 99th of a hundred. */
function print(what: string, took: number[]): number {
  const sorted = took.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  const worst = sorted[Math.floor(sorted.length * 0.99)] as number;
  process.stdout.write(
    `mqtt ${what}: median ${median.toFixed(2)} ms, p99 ${worst.toFixed(2)} ms, n ${sorted.length}\n`,
  );
  return median;
}
