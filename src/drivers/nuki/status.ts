// What the lock says of bolt, door and battery, as reports (nuki.md 8.1, 9.1, 9.5).
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Ground } from '../../lock/driver.ts';
import type { Bolt, Door } from '../../lock/lock.ts';
import { momentOf } from './dates.ts';
import type { Message } from './frame.ts';
import { type States, lockState, readBatteryByte, readStates } from './state-wire.ts';
import { command } from './wire.ts';

const bolts: Readonly<Record<number, Bolt>> = {
  [lockState.locked]: 'locked',
  [lockState.unlocking]: 'unlocking',
  [lockState.unlocked]: 'unlocked',
  [lockState.locking]: 'locking',
  [lockState.unlatched]: 'unlatched',
  [lockState.unlockedLockNGo]: 'unlocked',
  [lockState.unlatching]: 'unlocking',
  [lockState.blocked]: 'jammed',
};
const doors: Readonly<Record<number, Door>> = { 2: 'closed', 3: 'open' };
/** A first generation says only that they are low: what its maker calls low is a fifth; this is well below. */
const LOW_PERCENT = 10;

/** The lock's clock is set twice a day and hardly drifts. */
const FRESH_MS = 5 * 60_000;

/**
 * Nothing in an answer says which question it is to, so a recorded one can be played again. Each names the time by the
 * lock's clock: what is far from ours is a recording, or the lock lost its clock. Which, nobody can say from here.
 */
function trustOf(ground: Ground, { time }: States): 'proven' | 'told' {
  return Math.abs(momentOf(time) - ground.clock.now()) <= FRESH_MS ? 'proven' : 'told';
}

/** Uncalibrated, calibrating and the like: the lock itself does not know. */
export function boltOf(states: States): Bolt {
  return bolts[states.lockState] ?? 'unknown';
}

export function isMoving({ lockState: now }: States): boolean {
  const moving: readonly number[] = [
    lockState.unlocking,
    lockState.locking,
    lockState.unlatching,
    lockState.calibrating,
    lockState.bootRun,
  ];
  return moving.includes(now);
}

/** Whether it has a door sensor; undefined where this says nothing. 0 is none, 1 one that was switched off. */
export function hasDoorSensor({ door }: States): boolean | undefined {
  return door === undefined ? undefined : door > 1;
}

export function reportStates(ground: Ground, states: States): void {
  const door = doors[states.door ?? 0];
  ground.report({
    kind: 'state',
    bolt: boltOf(states),
    trust: trustOf(ground, states),
    ...(door && { door }),
    ...batteryOf(states.batteryRaw),
  });
}

/** A push, in the middle of something or on its own. */
export function hearStates(ground: Ground, { command: said, payload }: Message): States | undefined {
  if (said !== command.state) {
    ground.log.debug({ command: said, bytes: payload.length }, 'the lock said something unasked');
    return undefined;
  }
  try {
    const states = readStates(new ByteReader(payload));
    reportStates(ground, states);
    return states;
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    ground.log.debug('heard a state that is too short');
    return undefined;
  }
}

function batteryOf(raw: number): { battery?: number } {
  const { percent, critical } = readBatteryByte(raw);
  if (percent > 100) return {};
  if (percent > 0) return { battery: percent };
  return critical ? { battery: LOW_PERCENT } : {};
}
