// What moves at a virtual Nuki lock besides orders: hands on the knob, the door, the time to relock, batteries.
import { action, completion, entryType, lockState, trigger } from './codes.ts';
import type { Device, Mover } from './device.ts';
import type { BoltPlace, Kept } from './kept.ts';
import { actionData } from './layouts.ts';
import { begin, believe, hindrance, occupy, shift, stopMotion } from './motor.ts';
import { isNight } from './state.ts';
import { armTimers } from './timers.ts';
import { pushStateOfOthers } from './voice.ts';

/** How long it runs after power-up. */
const BOOT_MS = 4_000;
const DOOR = { open: '00', closed: '01' };

/** Somebody turns the bolt by hand, and the lock feels it. */
export function turnByHand(device: Device, place: 'locked' | 'unlocked', by: Mover): void {
  if (device.kept.bolt === place && device.kept.lockState !== lockState.blocked) return;
  shift(device, place, by);
  believe(device, place);
  const did = place === 'locked' ? action.lock : action.unlock;
  const act = { action: did, trigger: trigger.manual, completion: completion.success };
  device.kept.trigger = trigger.manual;
  device.kept.last = act;
  device.log(entryType.action, actionData({ ...act, flags: 0 }));
  armAutoLock(device);
  pushStateOfOthers(device);
}

/** Starts the time to relock again, or stops it where there is nothing to wait for. */
export function armAutoLock(device: Device): void {
  device.stopAutoLock();
  device.stopAutoLock = () => undefined;
  const { advanced, lockState: now } = device.kept;
  const on = advanced.autoLock === 1 || (advanced.nightAutoLock === 1 && isNight(device));
  if (!on || !device.powered || now !== lockState.unlocked) return;
  device.stopAutoLock = device.after(advanced.autoLockSeconds * 1000, () =>
    lockItself(device, trigger.autoLock, 'auto'),
  );
}

/** It locks without being asked, if it can; an open door, where it knows of one, makes it wait. */
export function lockItself(device: Device, why: number, by: Mover): void {
  if (device.variant.doorSensor && device.kept.door === 'open') return armAutoLock(device);
  if (hindrance(device, action.lock) !== undefined) return;
  const who = { authId: 0, name: '' };
  begin(device, { action: action.lock, trigger: why, by, who, flags: 0, told: () => pushStateOfOthers(device) });
}

export function setDoor(device: Device, door: Kept['door']): void {
  const { kept, variant } = device;
  kept.door = door;
  device.changed();
  if (!variant.doorSensor || !device.powered) return;
  device.log(entryType.door, DOOR[door]);
  device.stateChanged();
  pushStateOfOthers(device);
  const locks = kept.advanced.autoLock === 1 && kept.advanced.lockOnClose === 1;
  if (door === 'closed' && locks) lockItself(device, trigger.autoLock, 'auto');
}

export function powerOff(device: Device): void {
  device.antenna.hangUp();
  stopMotion(device);
  device.closePairing();
  device.stopAutoLock();
  device.stopTimers();
  device.kept.powered = false;
  device.changed();
}

export function powerOn(device: Device): void {
  device.kept.powered = true;
  if (device.knobs.losesClock) device.setWall(device.knobs.clockAfterLoss);
  restart(device);
}

/** As after power-up: it feels where its bolt is. */
export function restart(device: Device): void {
  device.antenna.hangUp();
  stopMotion(device);
  device.closePairing();
  armTimers(device);
  const { kept } = device;
  if (!kept.calibrated) return device.changed();
  occupy(device, lockState.bootRun, BOOT_MS, () => {
    believe(device, resting(kept.bolt));
    device.log(entryType.bootRun, '00000000');
    armAutoLock(device);
  });
}

function resting(bolt: BoltPlace): BoltPlace {
  return bolt === 'unlatched' ? 'unlocked' : bolt;
}
