// What a demo tells a person about pairing a lock that nobody has paired yet.
import { expect, test } from 'vitest';
import { castOf } from '../../src/demo/cast.ts';
import { welcome } from '../../src/demo/demo.ts';
import type { LockView } from '../../src/lock/lock.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { seeded } from '../support/house.ts';

function lines(cast: string): string {
  const [role] = castOf(cast);
  if (!role) throw new RangeError('no cast');
  const { family, name, address, variant } = role;
  const lock = family.make({ name, address, variant, clock: new VirtualClock(), random: seeded(1) });
  const settings = { session: 'on_demand' };
  const view = { name, address, unit: { name: 'Flat 1' }, family: family.name, lifecycle: 'factory', settings };
  const said = welcome({
    mqtt: 'mqtt://127.0.0.1:1883',
    http: undefined,
    link: undefined,
    data: 'folder',
    token: 'token',
    locks: [view as unknown as LockView],
    actors: [{ role, lock }],
    self: 'latchbridge',
    matter: undefined,
  });
  lock.stop();
  return said.join('\n');
}

test('a lock is made to offer itself in the way of its family', () => {
  expect(lines('ttlock:box:unpaired')).toContain('hand box press_key   then   latchbridge pair box');
  expect(lines('nuki:flat:unpaired')).toContain('hand flat hold_button 5   then');
});

test('a lock that is paired with a PIN has it told', () => {
  expect(lines('nuki:ultra:flat:unpaired')).toMatch(/pair flat {3}\(if it asks, its PIN is \d{6}\)/);
});
