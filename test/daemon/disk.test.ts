import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import { seeded } from '../support/house.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lb-disk-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const full = (): never => {
  throw new LockError('disk', 'Could not save: the disk is full.', { reason: 'disk_full' });
};

function daemonWith(clock: VirtualClock, units: Config['units']): Daemon {
  const config = { ...loadConfig({ env: {}, folder: data, options: { data } }), units };
  const daemon = new Daemon({ config, radios: [], clock, random: seeded(4), log: silent, version: '0.0.0' });
  const { locks } = daemon.store;
  if (locks.all().length > 0) return daemon;
  daemon.registry.add({
    id: '00000000000a',
    name: 'front_door',
    unit: locks.unit('front_door'),
    family: 'ttlock',
    address: 'c0:00:00:00:00:01',
    addressType: 'random',
    hardware: 'c0:00:00:00:00:01',
    lifecycle: 'factory',
    generation: 0,
    prepared: true,
    settings: {},
    facts: {},
    addedAt: clock.now(),
  });
  return daemon;
}

describe('a full disk', () => {
  it('does not keep the daemon from starting, and what could not be written is done at the next start', async () => {
    const clock = new VirtualClock();
    const units = [{ name: 'Flat 2', locks: ['front_door'] }];
    const daemon = daemonWith(clock, units);
    daemon.store.locks.save = full;
    daemon.start();
    expect(daemon.registry.find('front_door')?.unit.name).toBe('front_door');
    await daemon.stop();
    const again = daemonWith(clock, units);
    again.start();
    expect(again.registry.find('front_door')?.unit.name).toBe('Flat 2');
    await again.stop();
  });

  it('does not end the daemon when old keys are due to be shredded', async () => {
    const clock = new VirtualClock();
    const daemon = daemonWith(clock, []);
    let tries = 0;
    daemon.store.vault.tidy = () => {
      tries += 1;
      return full();
    };
    daemon.start();
    await clock.advance(49 * 3600_000);
    expect(tries).toBe(2);
    await daemon.stop();
  });
});
