import { describe, expect, it } from 'vitest';
import { ABILITIES, AUTOMATION, OWNER, failureOf, makeWorld } from '../support/fake-family.ts';

describe('a command', () => {
  it('shows locking, then locked, and gives the lock’s own yes', async () => {
    const { clock, command, bolts, lock } = makeWorld();
    const outcome = await clock.run(command('lock'));
    expect(outcome.verb).toBe('lock');
    expect(bolts()).toEqual(['locking', 'locked']);
    expect(lock.bolt).toBe('locked');
  });

  it('is sent even when the lock already stands there', async () => {
    const { clock, command, lock } = makeWorld();
    await clock.run(command('unlock'));
    expect(lock.acts).toEqual(['unlock']);
  });

  it('is repeated when the link broke before it was handed over', async () => {
    const { clock, command, lock } = makeWorld();
    lock.bolt = 'locked';
    lock.mishaps.push('lost_before', 'lost_before');
    await clock.run(command('unlock'));
    expect(lock).toMatchObject({ bolt: 'unlocked', moves: 1, acts: ['unlock'] });
  });

  it('asks after an unknown outcome and does not unlock twice', async () => {
    const { clock, command, lock } = makeWorld();
    lock.bolt = 'locked';
    lock.mishaps.push('done_but_lost');
    await clock.run(command('unlock'));
    expect(lock).toMatchObject({ bolt: 'unlocked', moves: 1, acts: ['unlock'] });
  });

  it('is done when its answer is lost and the lock itself has said since where the bolt stands', async () => {
    const { clock, command, lock } = makeWorld();
    lock.bolt = 'locked';
    lock.mishaps.push('told_but_lost');
    await clock.run(command('unlock'));
    expect(lock).toMatchObject({ bolt: 'unlocked', moves: 1, questions: 0, connects: 1 });
  });

  it('is not done by what the lock said before it was told', async () => {
    const { clock, command, lock } = makeWorld();
    await clock.run(command('unlock'));
    lock.mishaps.push('lost_after');
    lock.say('locked');
    await clock.run(command('lock'));
    expect(lock).toMatchObject({ bolt: 'locked', acts: ['unlock', 'lock', 'lock'] });
  });

  it('never sends an unlock again when the lock may have acted', async () => {
    const { clock, command, lock, registry } = makeWorld();
    lock.bolt = 'locked';
    lock.mishaps.push('lost_after');
    const error = await clock.run(failureOf(command('unlock')));
    expect(error).toMatchObject({ code: 'timeout', acted: 'maybe', reason: 'not_confirmed' });
    expect(lock.acts).toEqual(['unlock']);
    expect(registry.find('door')?.state.bolt).toBe('locked');
  });

  it('sends a lock again when the lock says that it is not locked', async () => {
    const { clock, command, lock } = makeWorld();
    lock.mishaps.push('lost_after');
    await clock.run(command('lock'));
    expect(lock).toMatchObject({ bolt: 'locked', moves: 1, acts: ['lock', 'lock'] });
  });

  it('ends by its deadline when the lock is out of reach, and has moved nothing', async () => {
    const { clock, command, lock, registry } = makeWorld();
    lock.inRange = false;
    const began = clock.elapsed();
    const error = await clock.run(failureOf(command('unlock')));
    expect(error).toMatchObject({ code: 'timeout', acted: 'no' });
    expect(clock.elapsed() - began).toBe(15_000);
    expect(registry.find('door')?.state.bolt).toBe('unknown');
  });

  it('ends by its deadline when the lock never answers, and says that it may have acted', async () => {
    const { clock, command, lock } = makeWorld();
    lock.mishaps.push('stalled');
    const error = await clock.run(failureOf(command('unlock', OWNER, 5000)));
    expect(error).toMatchObject({ code: 'timeout', acted: 'maybe' });
    expect(clock.elapsed()).toBeLessThanOrEqual(5001);
  });

  it('shows the old state again after the lock’s own no', async () => {
    const { clock, command, lock, registry } = makeWorld();
    await clock.run(command('lock'));
    lock.mishaps.push('refused');
    const error = await clock.run(failureOf(command('unlock')));
    expect(error).toMatchObject({ code: 'rejected', reason: 'battery_low', acted: 'no' });
    expect(registry.find('door')?.state.bolt).toBe('locked');
  });

  it('publishes the state after every command, even when nothing changed', async () => {
    const { clock, command, events } = makeWorld();
    await clock.run(command('unlock'));
    events.length = 0;
    await clock.run(command('unlock'));
    const last = events.filter(e => e.kind === 'state').at(-1);
    expect(last?.view.state.bolt).toBe('unlocked');
  });
});

describe('the gate', () => {
  it('drops what came too late', async () => {
    const { command, lock } = makeWorld();
    await expect(command('unlock', AUTOMATION, -1)).rejects.toMatchObject({ code: 'timeout', reason: 'stale' });
    expect(lock.acts).toEqual([]);
  });

  it('lets through five at once and then one a second', async () => {
    const { clock, command } = makeWorld();
    for (let i = 0; i < 5; i++) await clock.run(command('lock', AUTOMATION));
    const { elapsed } = { elapsed: clock.elapsed() };
    expect(elapsed).toBeLessThan(1000);
    await expect(command('lock', AUTOMATION)).rejects.toMatchObject({ code: 'busy', reason: 'rate' });
    await clock.advance(1000);
    await clock.run(command('lock', AUTOMATION));
  });

  it('says that a key box is closed by hand', async () => {
    const world = makeWorld();
    const record = world.registry.keeper('door')!.record;
    world.registry.save({ ...record, abilities: { ...ABILITIES, kind: 'key_box', verbs: ['unlock'] } });
    await expect(world.command('lock')).rejects.toMatchObject({
      code: 'unsupported',
      message: 'This key box cannot lock by command: close it by hand.',
    });
  });

  it('refuses, and queues nothing, while somebody else works on the lock', async () => {
    const { command, leases, registry, lock, clock } = makeWorld();
    const { LockError: E } = await import('../../src/base/errors.ts');
    const lease = leases.take(registry.find('door')!.id, 'test', 60_000, () => new E('busy', 'In use.'));
    await expect(command('unlock')).rejects.toMatchObject({ code: 'busy' });
    lease.release();
    await clock.advance(5000);
    expect(lock.acts).toEqual([]);
  });

  it('writes down who asked and what came of it', async () => {
    const { clock, command, store } = makeWorld();
    await clock.run(command('lock', AUTOMATION));
    const lines = store.audit.read({ most: 10 }).map(row => `${row.what} ${row.who}`);
    expect(lines).toEqual(['done mqtt', 'asked mqtt']);
  });
});

describe('an advert', () => {
  it('never changes the bolt, only makes us ask', async () => {
    const { clock, radio, lock, registry } = makeWorld();
    lock.inRange = false;
    lock.wake = 'locked!';
    radio.advertise();
    await clock.advance(1000);
    expect(registry.find('door')?.state).toMatchObject({ bolt: 'unknown', trust: 'guessed', reachable: true });
  });

  it('that changed makes us ask, at most six times a minute', async () => {
    const { clock, radio, lock } = makeWorld();
    for (let i = 0; i < 60; i++) {
      lock.wake = String(i);
      radio.advertise();
      lock.hangUp();
      await clock.advance(1000);
    }
    expect(lock.connects).toBeGreaterThanOrEqual(6);
    expect(lock.connects).toBeLessThanOrEqual(7);
  });

  it('that says nothing new asks nothing', async () => {
    const { clock, radio, lock } = makeWorld();
    for (let i = 0; i < 20; i++) {
      radio.advertise();
      await clock.advance(6000);
    }
    expect(lock.connects).toBe(1);
  });

  it('keeps an on-demand lock reachable, and silence ends that', async () => {
    const { clock, radio, registry } = makeWorld();
    radio.advertise();
    await clock.advance(20_000);
    expect(registry.find('door')?.state.reachable).toBe(true);
    await clock.advance(240_000);
    expect(registry.find('door')).toMatchObject({ state: { reachable: false }, trouble: { reason: 'not_heard' } });
  });
});

describe('an on-demand session', () => {
  it('lingers 25 s after a command, kept alive, then ends', async () => {
    const { clock, command, lock, registry } = makeWorld();
    await clock.run(command('lock'));
    await clock.advance(24_000);
    expect(registry.find('door')?.stats.open).toBe(true);
    expect(lock.keepAlives).toBeGreaterThan(8);
    await clock.advance(4000);
    expect(registry.find('door')?.stats.open).toBe(false);
    expect(clock.armed).toBe(1);
  });

  it('lingers only 5 s after routine work', async () => {
    const { clock, radio, registry } = makeWorld();
    radio.advertise();
    await clock.advance(1000);
    expect(registry.find('door')?.stats.open).toBe(true);
    await clock.advance(7000);
    expect(registry.find('door')?.stats).toMatchObject({ open: false, opens: 1, losses: 0 });
  });
});

describe('a held session', () => {
  it('is opened at the start and shows a turn of the thumb without a command', async () => {
    const { clock, lock, registry } = makeWorld({ session: 'held' });
    await clock.advance(1000);
    expect(registry.find('door')?.state).toMatchObject({ bolt: 'unlocked', reachable: true, trust: 'told' });
    lock.turn('locked');
    await clock.settle();
    expect(registry.find('door')?.state.bolt).toBe('locked');
  });

  it('notices a turn even when the lock pushes nothing', async () => {
    const { clock, lock, registry } = makeWorld({ session: 'held' });
    lock.abilities = { ...ABILITIES, pushes: false };
    await clock.advance(1000);
    lock.bolt = 'locked';
    await clock.advance(2500);
    expect(registry.find('door')?.state.bolt).toBe('locked');
  });

  it('comes back after a loss without anybody noticing', async () => {
    const { clock, lock, registry, events } = makeWorld({ session: 'held' });
    await clock.advance(70_000);
    events.length = 0;
    lock.hangUp();
    await clock.advance(5000);
    expect(registry.find('door')?.stats).toMatchObject({ open: true, losses: 1, lossReasons: { link_lost: 1 } });
    expect(events.some(e => !e.view.state.reachable)).toBe(false);
  });

  it('that stays lost is unreachable, and is tried for ever with growing pauses', async () => {
    const { clock, lock, registry } = makeWorld({ session: 'held' });
    await clock.advance(70_000);
    lock.inRange = false;
    lock.hangUp();
    await clock.advance(15_000);
    expect(registry.find('door')?.state.reachable).toBe(false);
    await clock.advance(600_000);
    const tries = lock.connects;
    lock.inRange = true;
    await clock.advance(180_000);
    expect(tries).toBeLessThan(15);
    expect(registry.find('door')?.state.reachable).toBe(true);
  });

  it('is opened at once when the lost lock is heard again', async () => {
    const { clock, lock, radio, registry } = makeWorld({ session: 'held' });
    lock.inRange = false;
    await clock.advance(600_000);
    lock.inRange = true;
    // What hangs in the middle of a try ends with its own deadline; the next advert starts a new one.
    for (let i = 0; i < 65; i++) {
      radio.advertise();
      await clock.advance(1000);
    }
    expect(registry.find('door')?.state.reachable).toBe(true);
  });
});

describe('a lock that refuses our key', () => {
  it('is orphaned after three times, not hammered, and says so', async () => {
    const { clock, lock, registry, radio } = makeWorld({ session: 'held' });
    lock.key = 'another';
    await clock.advance(120_000);
    expect(registry.find('door')).toMatchObject({
      lifecycle: 'orphaned',
      state: { bolt: 'unknown', reachable: false },
    });
    const { connects } = lock;
    for (let i = 0; i < 60; i++) {
      radio.advertise();
      await clock.advance(1000);
    }
    expect(lock.connects).toBe(connects);
  });
});

describe('after a restart', () => {
  it('the last state is a guess', async () => {
    const { clock, command, registry } = makeWorld();
    await clock.run(command('lock'));
    const { record } = registry.keeper('door')!;
    await clock.run(registry.stop());
    const again = registry.keeper('door')!.record;
    expect(record.id).toBe(again.id);
    expect(again.lastState).toMatchObject({ bolt: 'locked' });
  });
});

describe('a crash', () => {
  it('finds the last state on the disk, to guess by', async () => {
    const { clock, command, store } = makeWorld();
    await clock.run(command('lock'));
    expect(store.locks.all()[0]?.lastState).toMatchObject({ bolt: 'locked' });
    await clock.run(command('unlock'));
    expect(store.locks.all()[0]?.lastState).toMatchObject({ bolt: 'unlocked' });
  });
});

describe('what the lock’s log tells', () => {
  const log = { ...ABILITIES, log: true };
  const entry = (source: 'keypad' | 'app', at: number) =>
    ({ type: 'unlocked', source, ok: true, at, record: 1 }) as const;

  it('is not replayed as news when it is read for the first time', async () => {
    const world = makeWorld();
    world.lock.abilities = log;
    world.lock.records = [entry('keypad', 1)];
    world.radio.advertise();
    await world.clock.advance(2000);
    expect(world.events.filter(e => e.kind === 'happened')).toEqual([]);
    expect(world.registry.keeper('door')?.record.logCursor).toBe(1);
  });

  it('tells a code typed at the keypad, and our own unlock only once', async () => {
    const world = makeWorld({ session: 'held' });
    world.lock.abilities = log;
    await world.clock.advance(1000);
    world.registry.save({ ...world.registry.keeper('door')!.record, abilities: log });
    await world.clock.run(world.command('unlock'));
    world.lock.records.push(entry('app', 2), entry('keypad', 3));
    world.lock.turn('locked');
    await world.clock.advance(3000);
    const told = world.events.filter(e => e.kind === 'happened').map(e => e.happening.source);
    expect(told).toEqual(['remote', 'keypad']);
  });
});
