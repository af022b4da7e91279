// Matter on a simulated network: from a controller's command to the first write on the air, from a turned bolt to the
// controller's report, a command to a lock that sleeps, and start and memory with 50 locks.
import { spawnSync } from 'node:child_process';
import { figures, limit, pause, setUp } from './kit.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);
// Each waits until the lock is let go.
const COLD_ROUNDS = Math.ceil(ROUNDS / 8);
const LOCKS = 50;
/** The library alone with 50 locks, as measured once on such a machine, and 15 % (ms from the process's start; MiB without Node's own). */
const MOST_START = Math.round((3950 - 50) * 1.15);
const MOST_MIB = Math.round((166 - 45) * 1.15);
/** Longer than a session lingers after a command. */
const ASLEEP = 27_000;

const load = async () => ({
  ...(await import('../dist/bridge/matter/simulation.js')),
  ...(await import('../dist/bridge/matter/controller-client.js')),
  ...(await import('../dist/store/matter.js')),
  ...(await import('../dist/base/log.js')),
  ...(await import('../dist/base/clock.js')),
});

/** The bridge on a simulated network, and a controller that has commissioned it. */
async function commissioned(daemon) {
  const { Simulation, closeRealNetwork, openController, openMatterStore, Secret, systemClock } = await load();
  closeRealNetwork();
  const air = new Simulation();
  await daemon.matter.start(air.host('bridge'));
  const store = openMatterStore();
  const environment = air.host('controller');
  const controller = await openController({ environment, store, label: 'bench', clock: systemClock });
  await controller.commission(new Secret(daemon.matter.status().nodes[0].codes.qr));
  return controller;
}

async function latency() {
  const house = await setUp({ held: 1 });
  const { air, locks, daemon } = house;
  daemon.start();
  await house.pair(0);
  while (!daemon.registry.find('door_0').stats.open) await pause(20);
  await pause(2500);
  const controller = await commissioned(daemon);
  const [{ endpoint }] = controller.locks();
  let firstWrite;
  let firstNotify;
  air.knobs.fault = chunk => {
    // The first frame of a command is the question for a challenge; what keeps the session open is another.
    if (chunk.direction === 'down' && chunk.bytes[0] === 0x7f && chunk.bytes[9] === 0x55)
      firstWrite ??= performance.now();
    else if (chunk.kind === 'notify') firstNotify ??= performance.now();
    return 'deliver';
  };
  const inward = [];
  const whole = [];
  for (let i = 0; i < ROUNDS; i++) {
    firstWrite = undefined;
    const asked = performance.now();
    await controller.operate(endpoint, i % 2 === 0 ? 'lock' : 'unlock');
    inward.push(firstWrite - asked);
    whole.push(performance.now() - asked);
    await pause(1050);
  }
  const outward = [];
  for (let i = 0; i < ROUNDS; i++) {
    let heard;
    const report = new Promise(resolve => {
      heard = controller.hear(({ name }) => name === 'doorLock.lockState' && resolve(performance.now()));
    });
    firstNotify = undefined;
    locks[0].hands.act('thumb', { value: i % 2 === 0 ? 'lock' : 'unlock' });
    const reported = await report;
    outward.push(reported - firstNotify);
    heard();
    // A controller asks for a report a second at most.
    await pause(2200);
  }
  figures('invoke at the controller to first BLE write, open session', inward, { wanted: 20 });
  figures('BLE notification to subscription report', outward, { wanted: 100 });
  figures('invoke to its outcome, instant lock', whole);
  await controller.close();
  await house.stop();
}

async function cold() {
  const house = await setUp({ paired: true });
  const { daemon } = house;
  daemon.start();
  while (!daemon.registry.find('door_0')?.state.reachable) await pause(20);
  const controller = await commissioned(daemon);
  const [{ endpoint }] = controller.locks();
  const outcome = [];
  for (let i = 0; i < COLD_ROUNDS; i++) {
    const began = performance.now();
    while (daemon.registry.find('door_0').stats.open && performance.now() - began < ASLEEP) await pause(100);
    const asked = performance.now();
    await controller.operate(endpoint, i % 2 === 0 ? 'lock' : 'unlock');
    outcome.push(performance.now() - asked);
  }
  figures('invoke to its outcome, lock asleep, on demand', outcome, { wanted: 5000 });
  await controller.close();
  await house.stop();
}

async function scale() {
  const house = await setUp({ count: LOCKS, paired: true });
  house.daemon.start();
  await pause(5000);
  const mib = () => Math.round(process.memoryUsage().rss / 1024 / 1024);
  const before = mib();
  const began = performance.now();
  const { Simulation, closeRealNetwork } = await load();
  closeRealNetwork();
  await house.daemon.matter.start(new Simulation().host('bridge'));
  const took = Math.round(performance.now() - began);
  const shown = house.daemon.matter.status().locks.length;
  if (shown !== LOCKS) throw new RangeError(`only ${shown} of ${LOCKS} locks are there`);
  await pause(5000);
  limit(`loading and starting Matter with ${LOCKS} locks`, took, { most: MOST_START, unit: 'ms' });
  limit(`what Matter adds to memory with ${LOCKS} locks`, mib() - before, { most: MOST_MIB, unit: 'MiB' });
  await house.stop();
}

const parts = { latency, cold, scale };
const wanted = process.argv[2];
if (wanted) {
  await parts[wanted]();
  process.exit();
}
for (const part of Object.keys(parts)) {
  const { status } = spawnSync(process.execPath, [import.meta.filename, part], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
