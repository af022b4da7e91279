// Eight locks at once over the real noble, with one piece in twenty lost: everything ends right, and in time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { drivers } from '../../src/drivers/index.ts';
import { Nearby } from '../../src/flow/nearby.ts';
import { Pairer } from '../../src/flow/pairing.ts';
import { Settler } from '../../src/flow/settle.ts';
import { Unpairer } from '../../src/flow/unpairing.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { makeLeases } from '../../src/lock/leases.ts';
import type { Verb } from '../../src/lock/lock.ts';
import { Registry } from '../../src/lock/registry.ts';
import { type SharedRadios, shareRadios } from '../../src/radio/shared.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { openStore } from '../../src/store/store.ts';
import { makeEngine } from '../support/engine.ts';
import { OWNER } from '../support/fake-family.ts';
import { seeded } from '../support/house.ts';
import { installSeam, radioOn, until, untilReady, VirtualController } from './bench.ts';

const LOCKS = 8;
const LOSS = 0.05;
const DEADLINE_MS = 15_000;
/** Four seconds in one: noble and the controller stay as slow as they are. */
const FASTER = 4;
const brisk: Clock = {
  now: () => systemClock.now(),
  elapsed: () => systemClock.elapsed() * FASTER,
  after: (ms, call) => systemClock.after(ms / FASTER, call),
};
/** ATT: a notification, and a write that nobody confirms. These get lost; the link repeats everything else by itself. */
const LOSABLE = [0x1b, 0x52];
const OPCODE_AT = 9;
/** A person who is told that it did not work tries again. */
const TRIES = 6;
const SETTLED_MS = 15_000;

const seam = installSeam();
const controller = new VirtualController();
const locks = Array.from({ length: LOCKS }, (_, i) => makeLock(i));
let lost = 0;
let shared: SharedRadios;
let registry: Registry;
let pairer: Pairer;
let unpairer: Unpairer;
const stops: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  seam.controllers.set(0, controller);
  const radio = radioOn({ clock: brisk });
  await untilReady(radio);
  for (const lock of locks) controller.add(lock, { mtu: 23 });
  build(radio);
});

afterAll(async () => {
  for (const stop of stops) await stop();
  for (const lock of locks) lock.stop();
  controller.stop();
});

function makeLock(index: number): VirtualTTLock {
  const lock = new VirtualTTLock({
    name: `door_${index + 1}`,
    address: `c0:00:00:00:00:${String(index + 1).padStart(2, '0')}`,
    clock: brisk,
    random: seeded(index + 1),
    knobs: { replyLatency: { min: 20, max: 60 } },
  });
  Object.defineProperty(lock, 'advertEveryMs', { get: () => 30 });
  lock.hands.act('thumb', { value: 'unlock' });
  return lock;
}

function build(radio: ReturnType<typeof radioOn>): void {
  const parts = { clock: brisk, random: seeded(99), log: silent };
  const store = openStore(parts);
  shared = shareRadios([radio], parts);
  const leases = makeLeases(brisk);
  const kept = { ...parts, shelf: store.locks, vault: store.vault, audit: store.audit, leases };
  const gate = makeGate(brisk, leases);
  registry = new Registry({ ...kept, radio: shared, drivers, gate, zone: utc, configured: () => ({}) });
  const flow = { ...kept, registry, wiped: () => undefined };
  const nearby = new Nearby(flow);
  const settler = new Settler(flow);
  pairer = new Pairer({ ...flow, nearby, settler });
  unpairer = new Unpairer(flow);
  const engine = makeEngine({ ...flow, store, nearby, settler, pairer, unpairer });
  engine.open();
  for (const part of [settler, nearby, pairer, registry, shared]) part.start();
  stops.push(
    () => engine.stop(),
    () => pairer.stop(),
    () => settler.stop(),
    () => nearby.stop(),
  );
  stops.push(
    () => registry.stop(),
    () => shared.stop(),
    () => store.close(),
  );
}

/** The same pieces of each lock, whatever the others do. */
function loseSome(): void {
  const draws = new Map(locks.map((lock, i) => [lock.address, seeded(1000 + i)]));
  controller.onPacket = (address, _way, packet) => {
    if (!LOSABLE.includes(packet[OPCODE_AT] ?? 0) || (packet[2] ?? 0) >> 4 === 1) return undefined;
    const [byte = 255] = draws.get(address)?.(1) ?? [];
    if (byte >= LOSS * 256) return undefined;
    lost += 1;
    return 'drop';
  };
}

/** What came of it, and whether in time. */
async function ordered(lock: VirtualTTLock, verb: Verb): Promise<string> {
  const began = brisk.elapsed();
  const order = { id: 'c', lock: lock.name, verb, asker: OWNER, deadline: began + DEADLINE_MS };
  const said = await registry.command(order).then(
    () => 'ok',
    (thrown: unknown) => (thrown instanceof LockError ? `${thrown.code}: ${thrown.message}` : String(thrown)),
  );
  return brisk.elapsed() - began <= DEADLINE_MS + 1000 ? said : `${said}, late`;
}

/** Whoever is told that nothing has happened asks again. */
async function reset(lock: VirtualTTLock): Promise<void> {
  for (let left = TRIES; ; left--) {
    const { confirm_token } = await unpairer.plan({ lock: lock.name }, OWNER);
    try {
      return void (await unpairer.confirm(lock.name, confirm_token, OWNER));
    } catch (thrown) {
      if (left <= 1 || !(thrown instanceof LockError) || thrown.acted !== 'no') throw thrown;
    }
  }
}

function isManaged(lock: VirtualTTLock): boolean {
  return registry.find(lock.name)?.lifecycle === 'managed';
}

async function paired(lock: VirtualTTLock): Promise<void> {
  for (let left = TRIES; ; left--) {
    lock.hands.act('press_key');
    try {
      await pairer.pair({ address: lock.address, name: lock.name, seconds: 60 }, OWNER);
      return;
    } catch (thrown) {
      // Its last answer was lost: the lock is ours, and that comes out at its next advert.
      if (lock.paired) return until('it is settled', () => isManaged(lock), SETTLED_MS);
      if (left <= 1) throw thrown;
    }
  }
}

describe('eight locks over one adapter that loses one piece in twenty', () => {
  it('are paired', async () => {
    loseSome();
    for (const lock of locks) await paired(lock);
    expect(locks.map(lock => lock.paired)).toEqual(locks.map(() => true));
    expect(registry.all().map(view => view.lifecycle)).toEqual(locks.map(() => 'managed'));
  }, 60_000);

  it.each([
    ['lock', 'locked'],
    ['unlock', 'unlocked'],
    ['lock', 'locked'],
    ['unlock', 'unlocked'],
  ] as const)('%s all at once', async (verb, bolt) => {
    const moves = locks.map(lock => lock.moves);
    expect(await Promise.all(locks.map(lock => ordered(lock, verb)))).toEqual(locks.map(() => 'ok'));
    expect(locks.map(lock => lock.bolt)).toEqual(locks.map(() => bolt));
    expect(locks.map((lock, i) => lock.moves - (moves[i] ?? 0))).toEqual(locks.map(() => 1));
    expect(registry.all().map(view => view.state.bolt)).toEqual(locks.map(() => bolt));
  });

  it('are reset all at once', async () => {
    await Promise.all(locks.map(reset));
    await until('all are free', () => locks.every(lock => !lock.paired));
    expect(registry.all().map(view => view.lifecycle)).toEqual(locks.map(() => 'factory'));
  }, 60_000);

  it('did lose some', () => expect(lost).toBeGreaterThan(10));
});
