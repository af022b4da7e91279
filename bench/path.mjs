// The command path: from a message at our client to the first write on the air, and from a notification to our client's
// message. The same from publisher to subscriber, with the broker's share, is shown without a wish.
import { connectAsync } from 'mqtt';
import { figures, limit, pause, setUp } from './kit.mjs';
import { startBroker } from '../dist/demo/broker.js';
import { listenAtBroker } from './ear.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);

const broker = await startBroker(0);
const began = performance.now();
const house = await setUp({ mqtt: broker.url, held: 1 });
const { air, locks, daemon } = house;
const [lock] = locks;
const watcher = await connectAsync(broker.url, { protocolVersion: 4 });
watcher.stream.setNoDelay(true);
let arrived;
let lastNotify = 0;
let wanted;
let left;
listenAtBroker(broker.url, {
  others: () => [watcher.stream],
  heard: (chunk, at) => chunk.includes('latchbridge/door_0/set') && (arrived ??= at),
  sent: (chunk, at) => chunk.includes(`"ha_state":"${wanted}"`) && (left ??= { at, notify: lastNotify }),
});
const online = new Promise(resolve =>
  watcher.on(
    'message',
    (topic, text) => topic.endsWith('bridge/state') && String(text).includes('online') && resolve(performance.now()),
  ),
);
await watcher.subscribeAsync(['latchbridge/bridge/state', 'latchbridge/door_0']);
daemon.start();
limit('MQTT online after the parts were made', Math.round((await online) - began), { most: 1200, unit: 'ms' });

await house.pair(0);
while (!daemon.registry.find('door_0').stats.open) await pause(20);
await pause(2500);

let firstWrite;
air.knobs.fault = chunk => {
  // The first frame of a command is the question for a challenge; what keeps the session open is another.
  if (chunk.direction === 'down' && chunk.bytes[0] === 0x7f && chunk.bytes[9] === 0x55)
    firstWrite ??= performance.now();
  else if (chunk.kind === 'notify') lastNotify = performance.now();
  return 'deliver';
};
const waits = new Set();
watcher.on('message', (topic, text) => {
  if (topic !== 'latchbridge/door_0') return;
  const { ha_state: ha } = JSON.parse(String(text));
  for (const wait of waits) if (ha === wait.ha) wait.done(performance.now());
});
const shows = ha =>
  new Promise(resolve => {
    const wait = { ha, done: at => (waits.delete(wait), resolve(at)) };
    waits.add(wait);
    wanted = ha;
    left = undefined;
  });

const inward = [];
const inwardWhole = [];
const outward = [];
const outwardWhole = [];
const whole = [];
for (let i = 0; i < ROUNDS; i++) {
  const verb = i % 2 === 0 ? 'LOCK' : 'UNLOCK';
  const shown = shows(`${verb}ED`);
  firstWrite = undefined;
  arrived = undefined;
  const asked = performance.now();
  await watcher.publishAsync('latchbridge/door_0/set', verb);
  const seen = await shown;
  inward.push(firstWrite - arrived);
  inwardWhole.push(firstWrite - asked);
  whole.push(seen - asked);
  await pause(1050);
}
for (let i = 0; i < ROUNDS; i++) {
  const to = i % 2 === 0 ? 'lock' : 'unlock';
  const shown = shows(to === 'lock' ? 'LOCKED' : 'UNLOCKED');
  lock.hands.act('thumb', { value: to });
  const seen = await shown;
  outward.push(left.at - left.notify);
  outwardWhole.push(seen - left.notify);
  await pause(300);
}
figures('message at our client to first BLE write, open session', inward, { wanted: 2 });
figures('BLE notification to message from our client', outward, { wanted: 2 });
figures('publisher to first BLE write, through the broker', inwardWhole);
figures('BLE notification to subscriber, through the broker', outwardWhole);
figures('LOCK or UNLOCK to its state at a subscriber, instant lock', whole);

await watcher.endAsync(true);
await house.stop();
await broker.stop();
