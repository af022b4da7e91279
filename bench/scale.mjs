// Memory and start time of the daemon, by the number of locks. It runs alone in its process, with the real Bluetooth library;
// the locks, the adapter and the broker are in this one.
import { startFar } from './far.mjs';
import { limit, pause } from './kit.mjs';

const COUNTS = (process.env.BENCH_LOCKS ?? '1,10,20,50,100').split(',').map(Number);
/** The promise is for 20 locks; with more it is only shown. */
const PROMISED = 20;
const MOST_MIB = 90;
/** Every lock has been visited, asked what it is, and let go by then; one adapter takes a second for each. */
const settledMs = count => 10_000 + count * 1000;

for (const count of COUNTS) {
  const far = await startFar(count);
  await pause(settledMs(count));
  const idle = far.memory().now;
  for (const verb of ['LOCK', 'UNLOCK']) {
    for (let i = 0; i < count; i++) await far.watcher.publishAsync(`latchbridge/door_${i}/set`, verb);
    // As long as a command may take.
    await pause(16_000);
  }
  const { now, most } = far.memory();
  const moved = far.locks.filter(lock => lock.moves > 0).length;
  const name = `${count} locks: memory of the daemon alone, ${moved} of them moved`;
  const mib = Math.round(now);
  if (count <= PROMISED) limit(name, mib, { most: MOST_MIB, unit: 'MiB' });
  else console.log(`${name.padEnd(64)} ${String(mib).padStart(8)} MiB`);
  console.log(
    `${''.padEnd(64)} ${Math.round(idle)} MiB before, ${Math.round(most)} at most; online after ${Math.round(far.startMs)} ms`,
  );
  await far.stop();
}
