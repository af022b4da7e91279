// Moving the bolt by radio and telling where it is: 47, 58, 14. Source: ttlock.md 8.
import { type Answer, bytesOf, done, error, readU32, refused, u32 } from './answer.ts';
import { clockBytes } from './dates.ts';
import type { Device } from './device.ts';
import { feature } from './features.ts';
import type { BoltPlace } from './kept.ts';
import { takeSum } from './login.ts';
import { believe, move } from './mechanism.ts';
import { isToken } from './pairing.ts';
import { latency, push, statusPush } from './voice.ts';

const APP_UNLOCK = 1;
const APP_LOCK = 26;
const REFUSED_DOUBLE_LOCKED = 41;

export function unlock(device: Device, data: Uint8Array): Answer {
  return turn(device, data, 'unlocked');
}

export function lock(device: Device, data: Uint8Array): Answer {
  if (!device.has(feature.lockByCommand)) return refused(error.unknown);
  return turn(device, data, 'locked');
}

/** 14: token. Battery, state, and the door where there is a sensor. */
export function status(device: Device, data: Uint8Array): Answer {
  if (!isToken(device, data)) return refused(error.token);
  const door = device.hasDoor ? [device.doorByte] : [];
  return done(device.kept.battery, device.statusByte, door);
}

/** sum(4) · unix seconds(4) [· six clock bytes, of older clients]. */
function turn(device: Device, data: Uint8Array, place: BoltPlace): Answer {
  if (!device.owner()) return refused(error.noAdmin);
  if (!device.session?.challenge) return refused(error.notLoggedIn);
  const proof = takeSum(device, data);
  if (!proof) return refused(error.wrongSum);
  if (data.length !== 8 && data.length !== 14) return refused(error.invalid);
  const who = bytesOf(u32(proof.uid), u32(readU32(data, 4)));
  const no = hindrance(device, place, who);
  if (no !== undefined) return refused(no);
  device.record(place === 'unlocked' ? APP_UNLOCK : APP_LOCK, who);
  if (device.knobs.jam === 'lie') believe(device, place);
  else move(device, place, 'app');
  if (device.knobs.pushes === 'before') push(device, statusPush(device), latency(device));
  const after = (): void => {
    if (device.knobs.pushes === 'after') push(device, statusPush(device), device.knobs.pushDelay);
  };
  const long = device.knobs.shortReplies ? [] : bytesOf(who, clockBytes(device.wall()));
  return { ...done(device.kept.battery, long), after };
}

function hindrance(device: Device, place: BoltPlace, who: Uint8Array): number | undefined {
  if (device.knobs.lowBattery) return error.lowBattery;
  if (device.kept.settings.freeze === 1) return error.frozen;
  if (device.privacy && place === 'unlocked') {
    device.record(REFUSED_DOUBLE_LOCKED, who);
    return error.doubleLocked;
  }
  if (device.knobs.jam === 'obstacle') return error.obstacle;
  return device.knobs.jam === 'refuse' ? error.failed : undefined;
}
