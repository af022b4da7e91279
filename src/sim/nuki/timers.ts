// Time control: at which time of day the lock does what by itself. Source: nuki.md 8.10.
import { Reader, bytesOf } from './bytes.ts';
import { action, command, error, trigger } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptTimer } from './kept.ts';
import { timerEntry } from './layouts.ts';
import { type Reply, complete, done, listOf, refused } from './reply.ts';
import { begin, hindrance } from './motor.ts';
import { pushStateOfOthers } from './voice.ts';
import { faceOf, localWall, weekdayBit } from './zones.ts';

const MOST = 30;
const MINUTE_MS = 60_000;
const EVERY_DAY = 0;

export function addTimer(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const fields = timing(read);
  if (!fields) return refused(error.badParameter);
  const { kept } = device;
  if (kept.timers.length >= MOST) return refused(error.tooManyEntries);
  const timer = { id: kept.nextTimer, enabled: true, ...fields };
  kept.nextTimer = (kept.nextTimer + 1) & 0xff;
  kept.timers.push(timer);
  changed(device);
  return done(device, { command: command.timerId, payload: Uint8Array.of(timer.id) });
}

export function updateTimer(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const id = read.u8();
  const enabled = read.u8();
  const fields = timing(read);
  const timer = device.kept.timers.find(each => each.id === id);
  if (!timer || !fields || enabled > 1) return refused(error.badParameter);
  Object.assign(timer, { enabled: enabled === 1, ...fields });
  changed(device);
  return complete();
}

export function removeTimer(device: Device, data: Uint8Array): Reply {
  const { kept } = device;
  const left = kept.timers.filter(({ id }) => id !== data[0]);
  if (left.length === kept.timers.length) return refused(error.badParameter);
  kept.timers = left;
  changed(device);
  return complete();
}

export function listTimers(device: Device): Reply {
  const { timers } = device.kept;
  const count = { command: command.timerCount, payload: bytesOf(timers.length) };
  return listOf(
    device,
    count,
    timers.map(timer => ({ command: command.timer, payload: timerEntry(timer) })),
  );
}

/** Looks every minute for what is due, as long as there is anything that can be. */
export function armTimers(device: Device): void {
  device.stopTimers();
  device.stopTimers = () => undefined;
  if (!device.powered || !device.kept.timers.some(({ enabled }) => enabled)) return;
  const rest = MINUTE_MS - (device.wall() % MINUTE_MS);
  device.stopTimers = device.after(rest, () => {
    const wall = hours(device);
    for (const timer of device.kept.timers) if (isDue(timer, wall)) fire(device, timer.action);
    armTimers(device);
  });
}

function isDue(timer: KeptTimer, wall: number): boolean {
  if (!timer.enabled || timer.time !== faceOf(wall)) return false;
  return timer.weekdays === EVERY_DAY || (timer.weekdays & weekdayBit(wall)) !== 0;
}

function fire(device: Device, wanted: number): void {
  if (hindrance(device, wanted) !== undefined) return;
  const told = (): void => pushStateOfOthers(device);
  const who = { authId: 0, name: '' };
  begin(device, { action: wanted, trigger: trigger.automatic, by: 'timer', who, flags: 0, told });
}

/** The clock by which hours are meant. */
export function hours(device: Device): number {
  return device.knobs.limitHours === 'utc' ? device.wall() : localWall(device.kept.config, device.wall());
}

function timing(read: Reader): Pick<KeptTimer, 'weekdays' | 'time' | 'action'> | undefined {
  const weekdays = read.u8();
  const time = read.face();
  const wanted = read.u8();
  const known = wanted >= action.unlock && wanted <= action.fullLock;
  return time === undefined || weekdays > 0x7f || !known ? undefined : { weekdays, time, action: wanted };
}

function changed(device: Device): void {
  device.changed();
  armTimers(device);
}
