// Repeatable measurements of the whole daemon, in one process with a virtual lock and a broker. `npm run bench`.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { systemClock } from '../dist/base/clock.js';
import { silent } from '../dist/base/log.js';
import { loadConfig } from '../dist/config.js';
import { Daemon } from '../dist/daemon/daemon.js';
import { AirRadio } from '../dist/demo/air-radio.js';
import { startBroker } from '../dist/demo/broker.js';
import { Air } from '../dist/sim/air.js';
import { VirtualTTLock } from '../dist/sim/ttlock/virtual-ttlock.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);
const random = bytes => new Uint8Array(randomBytes(bytes));
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const OWNER = { via: 'cli', who: 'bench', role: 'owner' };

function figures(name, values, limit) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(2);
  const good = limit === undefined || Number(at(0.5)) < limit;
  const want = limit === undefined ? '' : `   wanted: median < ${limit} ms${good ? '' : '   NOT MET'}`;
  console.log(`${name.padEnd(58)} median ${at(0.5)} ms   p99 ${at(0.99)} ms   n ${values.length}${want}`);
  if (!good) process.exitCode = 1;
}

const data = mkdtempSync(join(tmpdir(), 'latchbridge-bench-'));
const broker = await startBroker(0);
const air = new Air({ clock: systemClock, random });
const lock = new VirtualTTLock({ name: 'door', address: 'f2:c1:ad:4c:ae:fd', clock: systemClock, random });
lock.knobs.replyLatency = { min: 0, max: 0 };
lock.hands.act('thumb', { value: 'unlock' });
air.add(lock);

const began = performance.now();
const config = loadConfig({ env: {}, folder: data, options: { data, 'log-level': 'silent' } });
const daemon = new Daemon({
  config: { ...config, mqtt: { ...config.mqtt, url: broker.url, allowAnonymous: true } },
  radios: [new AirRadio(air)],
  clock: systemClock,
  random,
  log: silent,
  version: 'bench',
  demo: { hands: { act: async () => null }, owners: [], held: ['door'] },
});
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
console.log(`MQTT online after the start of the parts: ${((await online) - began).toFixed(0)} ms   wanted: < 1200 ms`);

lock.hands.act('press_key');
await daemon.pairer.pair({ name: 'door', seconds: 20 }, OWNER);
while (!daemon.registry.find('door').stats.open) await pause(20);
await pause(1500);

const inward = [];
const outward = [];
const whole = [];
let firstWrite;
let lastNotify = 0;
air.knobs.fault = chunk => {
  if (chunk.direction === 'down') firstWrite ??= performance.now();
  else if (chunk.kind === 'notify') lastNotify = performance.now();
  return 'deliver';
};
const waits = new Set();
watcher.on('message', (topic, text) => {
  if (topic !== 'latchbridge/door') return;
  const { lock_state: state, ha_state: ha } = JSON.parse(String(text));
  for (const wait of waits) if (ha === wait.ha && state === wait.state) wait.done(performance.now());
});
const shows = (state, ha) =>
  new Promise(resolve => {
    const wait = { state, ha, done: at => (waits.delete(wait), resolve(at)) };
    waits.add(wait);
  });

for (let i = 0; i < ROUNDS; i++) {
  const verb = i % 2 === 0 ? 'LOCK' : 'UNLOCK';
  const shown = shows(verb === 'LOCK' ? 'locked' : 'unlocked', `${verb}ED`);
  firstWrite = undefined;
  const asked = performance.now();
  await watcher.publishAsync('latchbridge/door/set', verb);
  const seen = await shown;
  inward.push(firstWrite - asked);
  whole.push(seen - asked);
  await pause(1050);
}
for (let i = 0; i < ROUNDS; i++) {
  const to = i % 2 === 0 ? 'lock' : 'unlock';
  const shown = shows(to === 'lock' ? 'locked' : 'unlocked', to === 'lock' ? 'LOCKED' : 'UNLOCKED');
  lock.hands.act('thumb', { value: to });
  const seen = await shown;
  outward.push(seen - lastNotify);
  await pause(300);
}
figures('MQTT message in to first BLE write, open session', inward, 2);
figures('BLE notification to MQTT message out', outward, 2);
figures('LOCK or UNLOCK to its state on MQTT, open session', whole);
console.log(
  `memory: ${(process.memoryUsage().rss / 1024 / 1024).toFixed(0)} MiB RSS with the virtual lock and the broker in the same process`,
);

await watcher.endAsync(true);
await daemon.stop();
lock.stop();
await broker.stop();
rmSync(data, { recursive: true, force: true });
