import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { BackOff, pauseAfter } from '../../src/lock/waits.ts';
import { OWNER, failureOf, makeWorld } from '../support/fake-family.ts';

const middle = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(127);
const full = new LockError('busy', 'All connections are in use.', { reason: 'no_slot' });
const lost = new LockError('unreachable', 'The connection was lost.', { reason: 'link_lost' });

describe('the pause before another try', () => {
  it.each([
    ['full slots', full, 4000],
    ['an adapter that is not ready', new LockError('unreachable', '', { reason: 'radio_not_ready' }), 1000],
    ['silence', new LockError('timeout', ''), 500],
    ['a connection that is still being closed', new LockError('busy', '', { reason: 'connected' }), 500],
    ['a lost link', lost, 250],
  ])('after %s', (_what, error, ms) => expect(pauseAfter(error)).toBe(ms));

  it('grows with what fails, but not with full slots', () => {
    const backOff = new BackOff(middle);
    const pauses = [lost, full, full, lost, full, lost].map(error => Math.round(backOff.next(error) / 100) / 10);
    expect(pauses).toEqual([2, 4, 4, 4, 4, 8]);
  });
});

describe('a command', () => {
  it('waits for a slot as long as the chip needs to free one', async () => {
    const { clock, command, radio } = makeWorld();
    const connect = radio.connect.bind(radio);
    const tried: number[] = [];
    radio.connect = (...how) => {
      tried.push(clock.elapsed());
      return tried.length === 1 ? Promise.reject(full) : connect(...how);
    };
    await clock.run(command('lock'));
    expect((tried[1] as number) - (tried[0] as number)).toBe(4000);
  });

  it('does not wait for a slot beyond its deadline', async () => {
    const { clock, command, radio } = makeWorld();
    radio.connect = () => Promise.reject(full);
    const error = await clock.run(failureOf(command('lock', OWNER, 3000)));
    expect(error.reason).toBe('no_slot');
    expect(clock.elapsed()).toBe(0);
  });
});
