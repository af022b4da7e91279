// The command path: from an MQTT message to the first write on the air, and from a notification to an MQTT message.
import { connectAsync } from 'mqtt';
import { startBroker } from '../dist/demo/broker.js';
import { figures, limit, pause, setUp } from './kit.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);

const broker = await startBroker(0);
const began = performance.now();
const house = setUp({ mqtt: broker.url });
const { air, locks, daemon } = house;
const [lock] = locks;
const watcher = await connectAsync(broker.url, { protocolVersion: 4 });
watcher.stream.setNoDelay(true);
const online = new Promise(resolve =>
  watcher.on(
    'message',
    (topic, text) => topic.endsWith('bridge/state') && String(text).includes('online') && resolve(performance.now()),
  ),
);
await watcher.subscribeAsync('latchbridge/#');
daemon.start();
limit('MQTT online after the parts were made', Math.round((await online) - began), { most: 1200, unit: 'ms' });

await house.pair(0);
while (!daemon.registry.find('door_0').stats.open) await pause(20);
await pause(2500);

let firstWrite;
let lastNotify = 0;
air.knobs.fault = chunk => {
  if (chunk.direction === 'down') firstWrite ??= performance.now();
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
  });

const inward = [];
const outward = [];
const whole = [];
for (let i = 0; i < ROUNDS; i++) {
  const verb = i % 2 === 0 ? 'LOCK' : 'UNLOCK';
  const shown = shows(`${verb}ED`);
  firstWrite = undefined;
  const asked = performance.now();
  await watcher.publishAsync('latchbridge/door_0/set', verb);
  const seen = await shown;
  inward.push(firstWrite - asked);
  whole.push(seen - asked);
  await pause(1050);
}
for (let i = 0; i < ROUNDS; i++) {
  const to = i % 2 === 0 ? 'lock' : 'unlock';
  const shown = shows(to === 'lock' ? 'LOCKED' : 'UNLOCKED');
  lock.hands.act('thumb', { value: to });
  outward.push((await shown) - lastNotify);
  await pause(300);
}
figures('MQTT message in to first BLE write, open session', inward, { wanted: 2 });
figures('BLE notification to MQTT message out', outward, { wanted: 2 });
figures('LOCK or UNLOCK to its state on MQTT, a lock that is instant', whole);

await watcher.endAsync(true);
await house.stop();
await broker.stop();
