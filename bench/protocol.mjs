// Time and round trips of what the protocol does, with a lock that answers at once: what is left is ours.
import { Secret } from '../dist/base/log.js';
import { OWNER, figures, pause, setUp } from './kit.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);

const house = setUp({ held: false });
const { air, daemon } = house;
daemon.start();
let writes = 0;
air.knobs.fault = chunk => {
  if (chunk.direction === 'down' && chunk.kind !== 'subscribe' && chunk.bytes[0] === 0x7f && chunk.bytes[1] === 0x5a) {
    writes += 1;
  }
  return 'deliver';
};

/** Frames that the protocol needs at the least, by ttlock.md: a challenge and the act; logins for what only the owner may do. */
async function measured(name, rounds, { before, act, needs }) {
  const times = [];
  let frames = 0;
  for (let i = 0; i < rounds; i++) {
    await before?.(i);
    writes = 0;
    const began = performance.now();
    await act(i);
    times.push(performance.now() - began);
    frames += writes;
  }
  figures(name, times);
  const each = frames / rounds;
  console.log(
    `${''.padEnd(58)} ${each.toFixed(1)} round trips${needs === undefined ? '' : `, needs ${needs}: ${(each / needs).toFixed(2)}`}`,
  );
}

const cold = async () => {
  while (daemon.registry.find('door_0').stats.open) await pause(100);
};

await measured('pair', 1, { act: () => house.pair(0), needs: 6 });
await pause(3000);
await measured('lock and unlock, open session', ROUNDS, {
  before: () => daemon.registry.refresh('door_0', OWNER),
  act: i => house.command(0, i % 2 === 0 ? 'lock' : 'unlock'),
  needs: 2,
});
await measured('20 codes set', 1, {
  act: async () => {
    for (let i = 0; i < 20; i++)
      await daemon.access.setCode('door_0', i + 1, { digits: new Secret(String(700_000 + i * 37)) }, OWNER);
  },
});
await measured('lock and unlock, cold', Math.min(3, ROUNDS), {
  before: cold,
  act: i => house.command(0, i % 2 === 0 ? 'lock' : 'unlock'),
  needs: 3,
});
await house.command(0, 'unlock');
await measured('unpair (reset)', 1, {
  before: () => undefined,
  act: () => {
    const { confirm_token: token } = daemon.unpairer.plan({ lock: 'door_0' }, OWNER);
    return daemon.unpairer.confirm('door_0', token, OWNER);
  },
});
await house.stop();
