// Whether the process is alive: a store that takes nothing is not, and a card is not worn out by asking.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { startPulse } from '../../src/daemon/pulse.ts';

function started(write: () => void) {
  const clock = new VirtualClock();
  return { clock, ...startPulse({ clock, write }) };
}

test('a store that takes what is written is alive', () => {
  const { pulse, stop } = started(() => undefined);
  expect(pulse()).toMatchObject({ live: true });
  stop();
});

test('a store that takes nothing is not, until it does again', async () => {
  let full = true;
  const { clock, pulse, stop } = started(() => {
    if (full) throw new LockError('disk', 'The disk is full.');
  });
  expect(pulse().live).toBe(false);
  full = false;
  await clock.advance(60_000);
  expect(pulse().live).toBe(true);
  stop();
});

test('asked every second, it writes once a minute', async () => {
  let writes = 0;
  const { clock, pulse, stop } = started(() => (writes += 1));
  for (let i = 0; i < 120; i++) {
    pulse();
    await clock.advance(1000);
  }
  expect(writes).toBe(2);
  stop();
});

test('no timer is left behind', () => {
  const { clock, stop } = started(() => undefined);
  stop();
  expect(clock.armed).toBe(0);
});
