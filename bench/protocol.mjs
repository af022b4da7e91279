// Time and round trips of what the protocol does, with a lock that answers at once: what is left is ours. How many are needed
// follows from ttlock.md: a session begins with a challenge under our key (55), which serves the first lock or unlock; what
// is the owner's needs a login (41, 30). test/flow/round-trips.test.ts holds the product to the same numbers.
import { Secret } from '../dist/base/log.js';
import { figures, limit, pause, setUp } from './kit.mjs';
import { OWNER } from './locks.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const MOST_OVERHEAD = 1.05;
const RECORDS = 50;
const CODES = 20;

const house = await setUp();
const { air, daemon, locks } = house;
daemon.start();
let asked = [];
air.knobs.fault = ({ direction, kind, bytes }) => {
  if (direction === 'down' && kind !== 'subscribe' && bytes[0] === 0x7f && bytes[1] === 0x5a) asked.push(bytes[9]);
  return 'deliver';
};

/** `count`: which of the questions are this work's; the flows ask more before and after, for reasons of their own. */
async function measured(name, { rounds = 1, before, act, needs, count = all => all.length }) {
  const times = [];
  let frames = 0;
  for (let i = 0; i < rounds; i++) {
    await before?.();
    asked = [];
    const began = performance.now();
    await act(i);
    times.push(performance.now() - began);
    frames += count(asked);
  }
  figures(name, times);
  const each = frames / rounds;
  limit(`  ${each} round trips, needs ${needs}`, Number((each / needs).toFixed(3)), { most: MOST_OVERHEAD, unit: '' });
}

const isOpen = () => daemon.registry.find('door_0').stats.open;
/** Nobody is connected, and whatever the end of the last session had called for is over. */
const cold = async () => {
  // A session stays for 25 s after a command, unless a phone wants in.
  daemon.workbench.letPhoneIn('door_0', 1, OWNER);
  while (isOpen()) await pause(20);
  daemon.workbench.letPhoneIn('door_0', 0, OWNER);
  for (let quiet = 0; quiet < 10; quiet = isOpen() ? 0 : quiet + 1) await pause(100);
};
/** A session that nothing is due in. */
const open = async () => {
  await daemon.registry.refresh('door_0', OWNER);
  await pause(200);
};
/** While a visit of the daemon's own is connecting. */
const visiting = async () => {
  await cold();
  // Again where what the lock advertises is what we were there for before.
  for (let i = 0; air.links().length === 0; i++) {
    if (i % 600 === 0) locks[0].hands.act('thumb', { value: locks[0].bolt === 'locked' ? 'unlock' : 'lock' });
    await pause(5);
  }
};
const move = () => house.command(0, locks[0].bolt === 'locked' ? 'unlock' : 'lock');
const setCodes = async first => {
  for (let i = 0; i < CODES; i++) {
    const digits = new Secret(String(700_000 + first * 1000 + i * 37));
    await daemon.access.setCode('door_0', first + i, { digits }, OWNER);
  }
};
const readLog = () => daemon.workbench.readLog('door_0', RECORDS, OWNER);

await measured('pair', { act: () => house.pair(0), needs: 6, count: all => all.indexOf(0x57) + 1 });
await pause(3000);
await measured('lock and unlock, open session', { rounds: ROUNDS, before: open, act: move, needs: 2 });
await measured('lock and unlock, cold', { rounds: 2, before: cold, act: move, needs: 2 });
await measured('lock and unlock, while a visit is connecting', { rounds: 2, before: visiting, act: move, needs: 2 });
await measured(`${CODES} codes, open session`, { before: open, act: () => setCodes(1), needs: CODES + 2 });
await measured(`${CODES} codes, cold`, { before: cold, act: () => setCodes(1 + CODES), needs: CODES + 3 });
for (let i = 0; i < RECORDS; i++) locks[0].hands.act('turn_key', { value: i % 2 === 0 ? 'lock' : 'unlock' });
await pause(1000);
await measured(`${RECORDS} records of the log, open session`, { before: open, act: readLog, needs: RECORDS + 1 });
await measured(`${RECORDS} records of the log, cold`, { before: cold, act: readLog, needs: RECORDS + 2 });
if (locks[0].bolt === 'locked') await house.command(0, 'unlock');
// On a link of its own: the challenge, the login and the reset.
await measured('reset', {
  before: open,
  act: async () => {
    const { confirm_token: token } = await daemon.unpairer.plan({ lock: 'door_0' }, OWNER);
    return daemon.unpairer.confirm('door_0', token, OWNER);
  },
  needs: 4,
  count: all => all.indexOf(0x52) + 1 - all.lastIndexOf(0x55, all.indexOf(0x52)),
});
await house.stop();
