// The command path with 50 locks: half of them held, half on demand, commands and hands at random. Locks, air, broker and
// publisher share this process with the daemon, so that the figure is rather too high.
import { existsSync, readFileSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { figures, pause, setUp } from './kit.mjs';
import { startBroker } from '../dist/demo/broker.js';
import { listenAtBroker } from './ear.mjs';

const LOCKS = 50;
const HELD = 25;
/** 7 links each. */
const RADIOS = 8;
const COMMANDS = Number(process.env.BENCH_ROUNDS ?? 40) * 15;
/** A command every 50 ms, and a hand at a door every 100 ms, each in the mean. */
const COMMAND_MS = 50;
const HAND_MS = 100;

const broker = await startBroker(0);
const house = await setUp({ mqtt: broker.url, count: LOCKS, held: HELD, radios: RADIOS, paired: true });
const { air, locks, daemon } = house;
const publisher = await connectAsync(broker.url, { protocolVersion: 4 });
publisher.stream.setNoDelay(true);

/** ms that this thread stood ready and another program had the processor, since the start; Linux counts it. */
const robbed = () =>
  existsSync('/proc/self/schedstat') ? Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6 : 0;

/** Commands on their way, by lock. */
const waiting = new Map();
const warm = [];
const own = [];
const cold = [];
listenAtBroker(broker.url, {
  others: () => [publisher.stream],
  heard(chunk, at) {
    for (const [, door] of chunk.toString('latin1').matchAll(/latchbridge\/(door_\d+)\/set/g)) {
      const command = waiting.get(door);
      if (!command) continue;
      command.at ??= at;
      command.robbed ??= robbed();
    }
  },
  sent: () => undefined,
});
daemon.start();
await pause(20_000);
const open = () => locks.filter((_, i) => daemon.registry.find(`door_${i}`).stats.open).length;
console.log(`${open()} of ${LOCKS} sessions are open`);

const names = new Map(locks.map(lock => [lock.address, lock.name]));
air.knobs.fault = chunk => {
  if (chunk.direction !== 'down' || chunk.bytes[0] !== 0x7f || chunk.bytes[9] !== 0x55) return 'deliver';
  const name = names.get(chunk.address);
  const command = waiting.get(name);
  if (command?.at !== undefined) {
    waiting.delete(name);
    const took = performance.now() - command.at;
    (command.open ? warm : cold).push(took);
    if (command.open) own.push(took - (robbed() - command.robbed));
  }
  return 'deliver';
};
const after = mean => pause(-Math.log(1 - Math.random()) * mean);
const any = () => locks[Math.floor(Math.random() * LOCKS)];

let done = false;
const hands = (async () => {
  for (; !done; await after(HAND_MS)) {
    const lock = any();
    lock.hands.act('thumb', { value: lock.bolt === 'locked' ? 'unlock' : 'lock' });
  }
})();
for (let i = 0; i < COMMANDS; i++, await after(COMMAND_MS)) {
  const lock = any();
  if (waiting.has(lock.name)) continue;
  waiting.set(lock.name, { open: daemon.registry.find(lock.name).stats.open });
  publisher.publish(`latchbridge/${lock.name}/set`, lock.bolt === 'locked' ? 'UNLOCK' : 'LOCK');
}
done = true;
await hands;
await pause(2000);
figures(`${LOCKS} locks: message at our client to first write, open session`, warm, { wantedP99: 10 });
figures(`${LOCKS} locks: the same, less what other programs took`, own);
figures(`${LOCKS} locks: the same without a session, connection included`, cold);
if (waiting.size > 0) console.log(`${waiting.size} commands were not begun`);

await publisher.endAsync(true);
await house.stop();
await broker.stop();
