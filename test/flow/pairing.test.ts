import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import type { PairingEvent } from '../../src/flow/flow.ts';
import { Nearby } from '../../src/flow/nearby.ts';
import { Pairer } from '../../src/flow/pairing.ts';
import { Settler } from '../../src/flow/settle.ts';
import { Unpairer } from '../../src/flow/unpairing.ts';
import { makeEngine } from '../support/engine.ts';
import { seeded } from '../support/house.ts';
import type { CredentialStatus } from '../../src/lock/ports.ts';
import { record } from '../store/kit.ts';
import { ADDRESS, AUTOMATION, OWNER, type World, failureOf, makeWorld } from '../support/fake-family.ts';

function flows(world: World, backUp = async (): Promise<void> => undefined) {
  const { registry, clock, leases, store } = world;
  const wiped: string[] = [];
  const parts = {
    registry,
    vault: store.vault,
    clock,
    log: silent,
    leases,
    wiped: (lock: string) => void wiped.push(lock),
  };
  const nearby = new Nearby(parts);
  const settler = new Settler(parts);
  const random = (n: number): Uint8Array => new Uint8Array(n).fill(5);
  const more = { ...parts, settler, audit: store.audit, random };
  const pairer = new Pairer({ ...more, nearby, shelf: store.locks });
  const unpairer = new Unpairer(more);
  const engine = makeEngine({ ...more, store, pairer, unpairer, nearby, random: seeded(9), backUp });
  const told: PairingEvent[] = [];
  pairer.hear(event => void told.push(event));
  engine.open();
  nearby.start();
  settler.start();
  pairer.start();
  /** The lock advertises each second from now on. */
  const keepAdvertising = (): void => {
    world.radio.advertise();
    clock.after(1000, keepAdvertising);
  };
  const statuses = (lock: string): CredentialStatus[] => store.vault.of(lock).map(k => k.status);
  return { pairer, unpairer, settler, nearby, told, keepAdvertising, statuses, wiped };
}

function fresh() {
  const world = makeWorld({}, false);
  world.lock.paired = false;
  world.lock.pairable = true;
  return { ...world, ...flows(world) };
}

describe('pairing', () => {
  it('brings in a lock that offers itself, under the wanted name and unit, with its key kept', async () => {
    const { clock, pairer, keepAdvertising, statuses, lock, told } = fresh();
    keepAdvertising();
    const view = await clock.run(pairer.pair({ name: 'front_door', unit: 'Flat 2' }, OWNER));
    expect(view).toMatchObject({ name: 'front_door', lifecycle: 'managed', generation: 1, unit: { name: 'Flat 2' } });
    // The advert by which it was found counts: while a session is held no other comes.
    expect(view.rssi).toBeLessThan(0);
    expect(view.id).toMatch(/^[0-9a-f]{12}$/);
    expect(statuses(view.id)).toEqual(['live']);
    expect(lock.paired).toBe(true);
    expect(told.map(e => e.kind)).toContain('paired');
  });

  it('takes a lock that was entered by its address for that one, though nobody had heard what its hardware is', async () => {
    const { clock, pairer, nearby, keepAdvertising, registry, store } = fresh();
    const entered = record('cellar');
    registry.add({
      ...entered,
      family: 'fake',
      address: ADDRESS,
      hardware: 'not-heard',
      generation: 0,
      lifecycle: 'factory',
      prepared: true,
    });
    keepAdvertising();
    await clock.advance(1000);
    expect(nearby.all()).toMatchObject([{ lock: registry.find('cellar')?.id }]);
    expect(await clock.run(pairer.pair({}, OWNER))).toMatchObject({ name: 'cellar', generation: 1 });
    expect(store.locks.all()).toHaveLength(1);
  });

  it.each([
    ['a PIN', {}, '0471', 'K4ZZ'],
    ['the text of a card', { letters: true }, 'K4ZZ', 'K4 Z'],
  ] as const)('takes %s, and sends nothing that cannot be it', async (_what, form, good, bad) => {
    const { clock, pairer, keepAdvertising, lock } = fresh();
    keepAdvertising();
    lock.asks = { minDigits: 4, maxDigits: 4, ...form, text: 'It is on the box.' };
    const wish = (secret: string) => pairer.pair({ name: 'front_door', secret: new Secret(secret) }, OWNER);
    expect(await clock.run(failureOf(wish(bad)))).toMatchObject({ code: 'invalid', reason: 'secret_form' });
    expect([lock.given, lock.paired]).toEqual([undefined, false]);
    expect(await clock.run(wish(good))).toMatchObject({ lifecycle: 'managed' });
    expect(lock.given?.reveal()).toBe(good);
  });

  it('says what to do when no lock offers itself', async () => {
    const { clock, pairer } = fresh();
    const error = await clock.run(failureOf(pairer.pair({ seconds: 20 }, OWNER)));
    expect(error).toMatchObject({ code: 'timeout', reason: 'not_heard' });
    expect(error.message).toContain('Touch its keypad');
  });

  it('says that a lock is taken', async () => {
    const world = fresh();
    world.lock.pairable = false;
    world.keepAdvertising();
    const request = { address: 'C0:00:00:00:00:01', seconds: 5 };
    const error = await world.clock.run(failureOf(world.pairer.pair(request, OWNER)));
    expect(error).toMatchObject({ reason: 'foreign_owner' });
    expect(error.message).toContain('maker’s app');
  });

  it('happens by itself in an open window, and not after it', async () => {
    const { clock, pairer, keepAdvertising, registry } = fresh();
    pairer.permitJoin(10, AUTOMATION);
    await clock.advance(11_000);
    expect(pairer.openUntil).toBeUndefined();
    keepAdvertising();
    await clock.advance(20_000);
    expect(registry.all()).toEqual([]);
    pairer.permitJoin(30, AUTOMATION);
    await clock.advance(10_000);
    expect(registry.all()).toMatchObject([{ name: 'fake', lifecycle: 'managed' }]);
  });

  it('in an open window is tried three times with a lock that refuses, ever later, and spends no endpoint number', async () => {
    const { clock, pairer, keepAdvertising, lock, registry, told } = fresh();
    lock.pairMishap = 'before_keep';
    keepAdvertising();
    pairer.permitJoin(120, AUTOMATION);
    const begun: number[] = [];
    pairer.hear(event => void (event.kind === 'started' && begun.push(clock.elapsed())));
    await clock.advance(121_000);
    const [first = 0, second = 0, third = 0] = begun;
    expect(begun).toHaveLength(3);
    expect(second - first).toBeGreaterThanOrEqual(3000);
    expect(third - second).toBeGreaterThanOrEqual(15_000);
    expect(told.filter(event => event.kind === 'failed')).toHaveLength(3);
    // A new window is a new chance.
    lock.pairMishap = undefined;
    pairer.permitJoin(30, AUTOMATION);
    await clock.advance(10_000);
    expect(registry.all()).toMatchObject([{ name: 'fake', endpoint: 2 }]);
  });

  it('tells little of a flood of locks that nobody has', async () => {
    const { radio, told, clock } = fresh();
    for (let i = 0; i < 2000; i++)
      radio.advertise(-60, `c0:00:00:00:${(i >> 8).toString(16)}:${(i & 255).toString(16)}`);
    for (let i = 0; i < 100; i++) {
      radio.advertise();
      await clock.advance(100);
    }
    expect(told.length).toBeLessThan(30);
  });

  it('refuses a name that cannot be a topic before it touches anything', async () => {
    const { pairer } = fresh();
    await expect(pairer.pair({ name: 'a/b' }, OWNER)).rejects.toMatchObject({ code: 'invalid', reason: 'bad_name' });
  });

  it('that failed before the key was kept leaves nothing behind', async () => {
    const { clock, pairer, keepAdvertising, lock, registry, store } = fresh();
    lock.pairMishap = 'before_keep';
    keepAdvertising();
    await expect(clock.run(pairer.pair({ name: 'x' }, OWNER))).rejects.toMatchObject({ code: 'unreachable' });
    expect(registry.all()).toEqual([]);
    expect(store.locks.all()).toEqual([]);
  });

  it('that broke off before the lock took the key ends factory-new, and the next try succeeds', async () => {
    const { clock, pairer, keepAdvertising, lock, registry } = fresh();
    lock.pairMishap = 'after_keep';
    keepAdvertising();
    const error = await clock.run(failureOf(pairer.pair({ name: 'x' }, OWNER)));
    expect(error.message).toContain('pair again');
    expect(registry.all()).toEqual([]);
    lock.pairMishap = undefined;
    const view = await clock.run(pairer.pair({ name: 'x' }, OWNER));
    expect(view.lifecycle).toBe('managed');
  });

  it('of which nobody knows how it ended is shown with its trouble, and removing it frees its name', async () => {
    const { clock, pairer, keepAdvertising, lock, registry, events, statuses } = fresh();
    lock.pairMishap = 'after_commit';
    // With its yes it leaves.
    let pairable = true;
    const leave = (): void => void (lock.inRange = pairable = false);
    Object.defineProperty(lock, 'pairable', { get: () => pairable, set: leave });
    keepAdvertising();
    const error = await clock.run(failureOf(pairer.pair({ name: 'x' }, OWNER)));
    expect(error).toMatchObject({ acted: 'maybe' });
    const [view] = registry.all();
    expect(view).toMatchObject({ name: 'x', lifecycle: 'limbo', trouble: { reason: 'limbo' } });
    expect(view?.trouble?.text).toContain('remove it');
    expect(() => registry.remove('x', AUTOMATION)).toThrow('still has a working key');
    registry.remove('x', OWNER);
    expect([registry.all(), events.at(-1)?.kind]).toEqual([[], 'removed']);
    expect(statuses(view?.id ?? '')).toEqual(['retired']);
    expect(() => registry.checkName('x')).not.toThrow();
  });

  it('that broke off after the lock took the key ends paired', async () => {
    const { clock, pairer, keepAdvertising, lock, registry, statuses } = fresh();
    lock.pairMishap = 'after_commit';
    keepAdvertising();
    const paired = await clock.run(pairer.pair({ name: 'x' }, OWNER));
    const [view] = registry.all();
    expect(paired.id).toBe(view?.id);
    expect(view).toMatchObject({ lifecycle: 'managed', generation: 1 });
    expect(statuses(view!.id)).toEqual(['live']);
  });

  it('of a known lock again keeps its id, name and unit and counts the generation', async () => {
    const world = makeWorld();
    const { pairer, keepAdvertising, statuses } = flows(world);
    const before = world.registry.find('door')!;
    world.lock.paired = false;
    world.lock.pairable = true;
    keepAdvertising();
    const view = await world.clock.run(pairer.pair({ lock: 'door' }, OWNER));
    expect(view).toMatchObject({
      id: before.id,
      name: 'door',
      unit: before.unit,
      endpoint: before.endpoint,
      generation: 2,
    });
    expect(statuses(view.id)).toEqual(['live', 'dead']);
  });
});

describe('unpairing', () => {
  function paired() {
    const world = makeWorld();
    return { ...world, ...flows(world) };
  }

  it('wipes nothing by one message: first comes a plan', async () => {
    const { unpairer, lock, clock } = paired();
    const plan = await unpairer.plan({ lock: 'door' }, AUTOMATION);
    expect(plan.confirm_token).toMatch(/^[0-9a-f]{32}$/);
    expect(plan.steps.join(' ')).toContain('Factory reset');
    await clock.advance(10_000);
    expect(lock.paired).toBe(true);
  });

  it('is proven by the lock’s yes, keeps the name and ends the key', async () => {
    const { unpairer, lock, clock, registry, statuses, wiped } = paired();
    const plan = await unpairer.plan({ lock: 'door' }, OWNER);
    const done = await clock.run(unpairer.confirm('door', plan.confirm_token, OWNER));
    expect(done).toMatchObject({ proven: true, removed: false });
    expect(lock.paired).toBe(false);
    expect(registry.find('door')).toMatchObject({ lifecycle: 'factory', state: { bolt: 'unknown', reachable: false } });
    expect(statuses(plan.lock)).toEqual(['dead']);
    expect(wiped).toEqual([plan.lock]);
  });

  it('is not confirmed by an automation, with a wrong token, twice, or after two minutes', async () => {
    const { unpairer, clock, lock } = paired();
    const { confirm_token: token } = await unpairer.plan({ lock: 'door' }, OWNER);
    await expect(unpairer.confirm('door', token, AUTOMATION)).rejects.toMatchObject({ reason: 'not_authorised' });
    await expect(unpairer.confirm('door', '0'.repeat(32), OWNER)).rejects.toMatchObject({
      reason: 'clearance_expired',
    });
    await clock.advance(121_000);
    await expect(unpairer.confirm('door', token, OWNER)).rejects.toMatchObject({ reason: 'clearance_expired' });
    const again = (await unpairer.plan({ lock: 'door' }, OWNER)).confirm_token;
    await clock.run(unpairer.confirm('door', again, OWNER));
    await expect(unpairer.confirm('door', again, OWNER)).rejects.toMatchObject({ reason: 'clearance_expired' });
    expect(lock.paired).toBe(false);
  });

  it('is not confirmed with the token of an earlier pairing', async () => {
    const { unpairer, clock, lock, pairer, keepAdvertising } = paired();
    const { confirm_token: token } = await unpairer.plan({ lock: 'door' }, OWNER);
    lock.paired = false;
    lock.pairable = true;
    keepAdvertising();
    await clock.run(pairer.pair({ lock: 'door' }, OWNER));
    const error = await clock.run(failureOf(unpairer.confirm('door', token, OWNER)));
    expect(error).toMatchObject({ reason: 'clearance_expired' });
    expect(lock.paired).toBe(true);
  });

  it('R01: does not wipe a lock that is locked', async () => {
    const { unpairer, clock, lock, registry } = paired();
    lock.bolt = 'locked';
    const { confirm_token: token } = await unpairer.plan({ lock: 'door' }, OWNER);
    await expect(clock.run(unpairer.confirm('door', token, OWNER))).rejects.toMatchObject({ reason: 'not_unlocked' });
    expect(lock.paired).toBe(true);
    expect(registry.find('door')?.lifecycle).toBe('managed');
  });

  it('whose answer was lost asks the lock, and says how it knows', async () => {
    const { unpairer, clock, lock, registry, keepAdvertising, statuses } = paired();
    lock.forgetMishap = 'done_but_lost';
    keepAdvertising();
    const plan = await unpairer.plan({ lock: 'door' }, OWNER);
    const done = await clock.run(unpairer.confirm('door', plan.confirm_token, OWNER));
    expect(done).toMatchObject({ proven: false });
    expect(done.text).toContain('it was wiped');
    expect(registry.find('door')?.lifecycle).toBe('factory');
    expect(statuses(plan.lock)).toEqual(['retired']);
  });

  it('that did not happen leaves the lock ours', async () => {
    const { unpairer, clock, lock, registry, keepAdvertising, command } = paired();
    lock.forgetMishap = 'unproven';
    keepAdvertising();
    const plan = await unpairer.plan({ lock: 'door' }, OWNER);
    const error = await clock.run(failureOf(unpairer.confirm('door', plan.confirm_token, OWNER)));
    expect(error).toMatchObject({ reason: 'not_confirmed', acted: 'no' });
    expect(registry.find('door')?.lifecycle).toBe('managed');
    await clock.run(command('lock'));
  });

  it('that the lock refused leaves everything as it was', async () => {
    const { unpairer, clock, lock, registry, statuses } = paired();
    lock.forgetMishap = 'refused';
    const plan = await unpairer.plan({ lock: 'door' }, OWNER);
    await expect(clock.run(unpairer.confirm('door', plan.confirm_token, OWNER))).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(registry.find('door')?.lifecycle).toBe('managed');
    expect(statuses(plan.lock)).toEqual(['live']);
  });

  it('with removal ends with no lock here', async () => {
    const { unpairer, clock, registry, events } = paired();
    const plan = await unpairer.plan({ lock: 'door', remove: true }, OWNER);
    await clock.run(unpairer.confirm('door', plan.confirm_token, OWNER));
    expect(registry.all()).toEqual([]);
    expect(events.at(-1)?.kind).toBe('removed');
  });

  it('here only says that the lock keeps its key', async () => {
    const { unpairer, clock, lock, statuses } = paired();
    const plan = await unpairer.plan({ lock: 'door', forget_only: true }, OWNER);
    expect(plan.warnings.join(' ')).toContain('still opens it, and so does our old key');
    const done = await clock.run(unpairer.confirm('door', plan.confirm_token, OWNER));
    expect(done).toMatchObject({ proven: false });
    expect(lock.paired).toBe(true);
    expect(statuses(plan.lock)).toEqual(['retired']);
  });

  it('refuses commands while the outcome is not known, and settles it when the lock is heard', async () => {
    const { unpairer, clock, lock, registry, radio, command } = paired();
    lock.forgetMishap = 'done_but_lost';
    const plan = await unpairer.plan({ lock: 'door' }, OWNER);
    const confirmed = failureOf(unpairer.confirm('door', plan.confirm_token, OWNER));
    await clock.advance(1000);
    lock.inRange = false;
    expect(await clock.run(confirmed)).toMatchObject({ acted: 'maybe' });
    expect(registry.find('door')?.lifecycle).toBe('limbo');
    await expect(command('unlock')).rejects.toMatchObject({ reason: 'limbo' });
    lock.inRange = true;
    await clock.advance(60_000);
    radio.advertise();
    await clock.advance(5000);
    expect(registry.find('door')?.lifecycle).toBe('factory');
  });
});

describe('a wipe whose copy cannot be made', () => {
  it('does not happen: the lock stays ours', async () => {
    const world = makeWorld();
    const { registry, clock, lock } = world;
    const full = new LockError('disk', 'The disk is full.');
    const { unpairer } = flows(world, () => Promise.reject(full));
    const { confirm_token: token } = await unpairer.plan({ lock: 'door' }, OWNER);
    expect(await clock.run(failureOf(unpairer.confirm('door', token, OWNER)))).toBe(full);
    expect(lock.paired).toBe(true);
    expect(registry.find('door')?.lifecycle).toBe('managed');
  });
});
