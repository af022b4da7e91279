import { describe, expect, it } from 'vitest';
import { deadline, every, sleep, unlessAborted, within } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';

const late = (): LockError => new LockError('timeout', 'Too late.');

describe('virtual time', () => {
  it('runs timers in order, and those of one moment in the order they were made', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    clock.after(20, () => order.push('c'));
    clock.after(10, () => order.push('a'));
    clock.after(10, () => order.push('b'));
    await clock.advance(15);
    expect(order).toEqual(['a', 'b']);
    expect(clock.elapsed()).toBe(15);
  });

  it('lets what is ready happen before it moves on', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    clock.after(10, () => {
      setImmediate(() => seen.push(clock.elapsed()));
    });
    clock.after(11, () => seen.push(clock.elapsed()));
    await clock.advance(20);
    expect(seen).toEqual([10, 11]);
  });

  it('says when the work waits for something that no timer brings', async () => {
    const clock = new VirtualClock();
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('no timer will bring');
  });

  it('has a wall clock that jumps without moving a timer', async () => {
    const clock = new VirtualClock();
    let rang = 0;
    clock.after(1000, () => (rang = clock.elapsed()));
    clock.jump(-10 * 365 * 24 * 3600_000);
    await clock.advance(1000);
    expect(rang).toBe(1000);
    expect(new Date(clock.now()).getUTCFullYear()).toBe(2016);
  });
});

describe('within', () => {
  it('gives the work’s value and leaves no timer', async () => {
    const clock = new VirtualClock();
    expect(await within(clock, 1000, Promise.resolve(7), late)).toBe(7);
    expect(clock.armed).toBe(0);
  });

  it('gives its own error when the work never ends, and swallows what the work says later', async () => {
    const clock = new VirtualClock();
    let fail!: (error: Error) => void;
    const work = new Promise<never>((_resolve, reject) => (fail = reject));
    await expect(clock.run(within(clock, 1000, work, late))).rejects.toMatchObject({ code: 'timeout' });
    fail(new RangeError('much later'));
    await clock.settle();
  });
});

describe('sleep', () => {
  it('ends at once with the reason of an abort, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const asleep = sleep(clock, 60_000, abort.signal);
    abort.abort(new LockError('stopped', 'Enough.'));
    await expect(asleep).rejects.toMatchObject({ message: 'Enough.' });
    expect(clock.armed).toBe(0);
  });
});

describe('every', () => {
  it('goes on after a round that threw, until it is cancelled', async () => {
    const clock = new VirtualClock();
    let rounds = 0;
    const stop = every(clock, 10, () => void (rounds += 1));
    await clock.advance(35);
    stop();
    await clock.advance(100);
    expect(rounds).toBe(3);
    expect(clock.armed).toBe(0);
  });

  it('may be cancelled from within a round', async () => {
    const clock = new VirtualClock();
    let rounds = 0;
    const stop = every(clock, 10, () => {
      rounds += 1;
      stop();
    });
    await clock.advance(100);
    expect(rounds).toBe(1);
  });
});

describe('a deadline', () => {
  it('aborts with its own error, or with the reason of its parent', async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    const own = deadline(clock, 100, late, parent.signal);
    const other = deadline(clock, 1000, late, parent.signal);
    await clock.advance(100);
    expect(own.signal.reason).toMatchObject({ code: 'timeout' });
    parent.abort(new LockError('stopped', 'Stopping.'));
    expect(other.signal.reason).toMatchObject({ code: 'stopped' });
    own.clear();
    other.clear();
    expect(clock.armed).toBe(0);
  });

  it('ends work that does not mind it', async () => {
    const clock = new VirtualClock();
    const limit = deadline(clock, 100, late);
    const work = unlessAborted(limit.signal, new Promise(() => undefined));
    await expect(clock.run(work)).rejects.toMatchObject({ code: 'timeout' });
  });
});
