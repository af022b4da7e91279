// The moving parts of a virtual TTLock: bolt, time to relock, door, batteries. Source: ttlock.md 8, 23.
import type { Device } from './device.ts';
import type { BoltPlace, Kept } from './kept.ts';
import { inPassage } from './passage.ts';
import { tell } from './voice.ts';

/** What moved the bolt. */
export type Mover = 'app' | 'code' | 'card' | 'finger' | 'thumb' | 'key' | 'auto' | 'shackle';

/** The motor or a hand turns the bolt, and the lock knows it. */
export function move(device: Device, place: BoltPlace, by: Mover): void {
  shift(device, place, by);
  believe(device, place);
}

/** The bolt moves, whether or not the lock notices. */
export function shift(device: Device, place: BoltPlace, by: Mover): void {
  if (device.kept.bolt === place) return;
  device.kept.bolt = place;
  device.moves++;
  device.changed();
  device.onMove?.(place, by);
}

/** The lock takes the bolt to be there, wherever it is. */
export function believe(device: Device, place: BoltPlace): void {
  device.kept.sensed = place;
  armAutoLock(device);
  device.changed();
}

/** Starts the time to relock again, or stops it where there is nothing to wait for. It leaves no record. */
export function armAutoLock(device: Device): void {
  device.stopAutoLock();
  const { autoLock, autoLockDoor } = device.kept.settings;
  if (!device.powered || autoLock === 0 || device.kept.sensed === 'locked') return;
  if (autoLockDoor === 1 && device.hasDoor && device.kept.door === 'open') return;
  device.stopAutoLock = device.after(autoLock * 1000, () => {
    if (inPassage(device)) return armAutoLock(device);
    move(device, 'locked', 'auto');
    device.commit();
    tell(device, 0);
  });
}

export function setDoor(device: Device, door: Kept['door']): void {
  device.kept.door = door;
  armAutoLock(device);
  device.changed();
}

export function powerOff(device: Device): void {
  device.privacy = false;
  device.antenna.hangUp();
  device.kept.powered = false;
  device.stopAutoLock();
  device.sleep();
  device.changed();
}

export function powerOn(device: Device): void {
  device.kept.powered = true;
  if (device.knobs.losesClock) device.setWall(device.knobs.clockAfterLoss);
  // Where it can feel its bolt it looks; where not, it believes what it believed.
  if (device.variant.thumb !== 'unsensed') device.kept.sensed = device.kept.bolt;
  armAutoLock(device);
  device.touch();
  device.changed();
}
