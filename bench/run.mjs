// All measurements, one after another, each in a process of its own: `npm run bench`. BENCH_ROUNDS and BENCH_LOCKS shorten
// or lengthen them; BENCH_LENIENT lets a missed figure pass.
import { spawnSync } from 'node:child_process';

let failed = 0;
for (const name of ['path', 'protocol', 'crowd', 'matter', 'scale', 'page']) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [new URL(`${name}.mjs`, import.meta.url).pathname], {
    stdio: 'inherit',
  });
  if (status !== 0) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
