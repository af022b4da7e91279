// Puts virtual locks behind the HCI socket of any noble program, on a machine without Bluetooth:
//
//   npm run build && node -r ./test/hci/preload.cjs any-noble-program.js
//
// The locks are those of the built dist/sim; noble and the program run unmodified. Settings, all optional:
//
//   VIRTUAL_FAMILY    "ttlock" (default) or "nuki".
//   VIRTUAL_LOCKS     what there is: variant:name[:paired-elsewhere], separated by commas. Default "deadbolt:front_door", or
//                     "smart_lock_4:front_door". Variants of TTLock: deadbolt, lever, cylinder, padlock, key_box, legacy; of
//                     Nuki: smart_lock_1 to smart_lock_4, ultra, go_5. Only TTLock knows paired-elsewhere.
//   VIRTUAL_ADDRESS   address of the first lock, the others count up from it. Default F2:C1:AD:4C:AE:01, a random static
//                     one, or 54:D2:72:4C:AE:01, a public one.
//   VIRTUAL_TOUCHED   whose keypad is touched, or whose button is held for pairing, every 5 s. "unpaired" (default): of locks
//                     nobody owns, so that they can be paired at any time. "always", "never".
//   VIRTUAL_PIN       the security PIN of Nuki locks. Default 1234, or 123456 of the fifth generation. "none": nobody has
//                     set one.
//   VIRTUAL_CLIENT    "altered" (default): clients that compute the checksum as TTLock does. "clean": those with the clean
//                     CRC table; the locks then send clean checksums, accept both, and push nothing.
//   VIRTUAL_KNOBS     JSON of further knobs for every lock (src/sim/FAMILY/knobs.ts), e.g. {"hangsUpIdle":0}.
//   VIRTUAL_MEMORY    a folder where the locks keep their memory, so that a pairing outlives the program.
//   VIRTUAL_MTU       what the locks offer. Default 23 for TTLock and 247 for Nuki, as real ones.
//   VIRTUAL_ADAPTERS  how many adapters there are, hci0 and on; every lock is in reach of each. Default 1.
//   VIRTUAL_TRACE     a file; a JSON line is added to it for each command, answer and movement of a lock.
//   VIRTUAL_DIST      the folder of the build. Default: dist beside this checkout's package.json.
'use strict';

const { randomBytes } = require('node:crypto');
const { appendFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { VirtualController } = require('./controller.cjs');
const { installSeam } = require('./seam.cjs');

const TOUCH_EVERY = 5_000;
const CLEAN_CLIENT = { transmitChecksum: 'clean', receiveChecksum: 'lenient', pushes: 'none' };

/** Timers of the locks must not keep a program alive that is done. */
const clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(() => call(), ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

function main(env) {
  const seam = installSeam();
  for (let i = 0; i < Number(env.VIRTUAL_ADAPTERS ?? 1); i++) {
    seam.controllers.set(i, new VirtualController({ address: `00:1a:7d:da:71:${(0x10 + i).toString(16)}` }));
  }
  // The simulation is made of modules that can only be loaded meanwhile; adverts begin as soon as it is there.
  addLocks(seam, env).catch(error => {
    process.stderr.write(`preload.cjs: ${error.message}\n`);
    process.exit(1);
  });
}

/** What differs between the families. */
const FAMILIES = {
  ttlock: {
    kind: 'VirtualTTLock',
    locks: 'deadbolt:front_door',
    address: 'F2:C1:AD:4C:AE:01',
    mtu: 23,
    touch: lock => lock.hands.act('press_key'),
    states: { 'paired-elsewhere': { foreignOwner: true } },
  },
  nuki: {
    kind: 'VirtualNuki',
    locks: 'smart_lock_4:front_door',
    address: '54:D2:72:4C:AE:01',
    mtu: 247,
    touch: lock => lock.hands.act('hold_button', { seconds: 5 }),
    states: {},
  },
};

async function addLocks(seam, env) {
  const name = env.VIRTUAL_FAMILY ?? 'ttlock';
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (!family) throw new Error(`there is no family "${name}"; there are ${Object.keys(FAMILIES).join(', ')}.`);
  const dist = path.resolve(env.VIRTUAL_DIST ?? path.join(__dirname, '../../dist'));
  const load = file => import(pathToFileURL(path.join(dist, 'sim', name, file)).href);
  const [{ [family.kind]: VirtualLock }, { variants }] = await Promise.all(
    [`virtual-${name}.js`, 'variants.js'].map(load),
  ).catch(error => {
    throw new Error(`the virtual locks could not be loaded (${error.message}). Run "npm run build" first.`);
  });
  const wanted = (env.VIRTUAL_LOCKS ?? family.locks).split(',').map(text => text.trim().split(':'));
  for (const [i, [variant, called = `lock_${i + 1}`, state]] of wanted.entries()) {
    if (!Object.hasOwn(variants, variant)) {
      throw new Error(`there is no variant "${variant}" of ${name}; there are ${Object.keys(variants).join(', ')}.`);
    }
    if (state !== undefined && !Object.hasOwn(family.states, state)) {
      throw new Error(`a lock of ${name} cannot be "${state}".`);
    }
    const lock = new VirtualLock({
      name: called,
      variant,
      address: countUp(env.VIRTUAL_ADDRESS ?? family.address, i),
      clock,
      random: bytes => new Uint8Array(randomBytes(bytes)),
      knobs: { ...knobs(env), ...family.states[state] },
      ...(env.VIRTUAL_PIN && { pin: env.VIRTUAL_PIN === 'none' ? null : env.VIRTUAL_PIN }),
      ...memory(env, called),
    });
    trace(lock, env.VIRTUAL_TRACE);
    touch(lock, { family, when: env.VIRTUAL_TOUCHED ?? 'unpaired' });
    const mtu = Math.min(Number(env.VIRTUAL_MTU ?? family.mtu), lock.mostMtu ?? Infinity);
    for (const controller of seam.controllers.values()) controller.add(lock, { mtu });
  }
}

function knobs(env) {
  return {
    ...(env.VIRTUAL_CLIENT === 'clean' ? CLEAN_CLIENT : {}),
    ...JSON.parse(env.VIRTUAL_KNOBS ?? '{}'),
  };
}

function memory(env, name) {
  if (!env.VIRTUAL_MEMORY) return {};
  mkdirSync(env.VIRTUAL_MEMORY, { recursive: true });
  return { memory: { path: path.join(path.resolve(env.VIRTUAL_MEMORY), `${name}.json`) } };
}

function touch(lock, { family, when }) {
  if (when === 'never') return;
  const press = () => {
    if (when === 'always' || !lock.paired) family.touch(lock);
    clock.after(TOUCH_EVERY, press);
  };
  press();
}

function trace(lock, file) {
  if (!file) return;
  const line = what => appendFileSync(file, `${JSON.stringify({ at: Date.now(), lock: lock.name, ...what })}\n`);
  lock.onMove = (bolt, by) => line({ bolt, by });
  lock.onFrame = (command, direction) => line({ command: command.toString(16).padStart(2, '0'), direction });
}

function countUp(address, by) {
  const number = BigInt(`0x${address.replaceAll(':', '')}`) + BigInt(by);
  return number.toString(16).padStart(12, '0').match(/../g).join(':');
}

main(process.env);
