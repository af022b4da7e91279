// PIN, clock, calibration, restart. Source: nuki.md 8.11, 11.
import { Reader, wallOf } from './bytes.ts';
import { ACCEPTED, COMPLETE, action, entryType, error, lockState } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptAuthorization } from './kept.ts';
import { armAutoLock, restart } from './mechanism.ts';
import { believe, occupy, shift } from './motor.ts';
import { isPin, readPin } from './pin.ts';
import { type Reply, complete, refused, status } from './reply.ts';
import { push, pushState } from './voice.ts';
import { armTimers } from './timers.ts';

const CALIBRATION_MS = 12_000;
/** Between the answer to a restart and the end of the link. */
const RESTART_MS = 200;

export function verifyPin(): Reply {
  return complete();
}

export function setPin(device: Device, data: Uint8Array): Reply {
  const pin = readPin(data);
  if (!isPin(device, pin)) return refused(error.badParameter);
  device.kept.pin = pin;
  device.changed();
  return complete();
}

export function updateTime(device: Device, data: Uint8Array): Reply {
  const time = new Reader(data).date7();
  if (time === undefined) return refused(error.badParameter);
  device.setWall(wallOf(time));
  armTimers(device);
  return complete();
}

/** The motor goes to both ends; it stops where the door can be opened. */
export function calibrate(device: Device, _: Uint8Array, who: KeptAuthorization): Reply {
  if (device.motion) return refused(error.busy);
  if (device.knobs.lowVoltage) return refused(error.voltageTooLow);
  const { session } = device;
  const told = (): void => {
    if (session && device.session === session) pushState(device, who);
  };
  const start = (): void => {
    occupy(device, lockState.calibration, CALIBRATION_MS, () => {
      shift(device, 'unlocked', 'app');
      device.kept.calibrated = true;
      believe(device, 'unlocked');
      device.log(entryType.calibration, `0${action.unlock}000000`, { authId: who.id, name: who.name });
      armAutoLock(device);
      device.commit();
      told();
      if (session && device.session === session) push(device, who, [status(COMPLETE)]);
    });
    told();
  };
  return { messages: [status(ACCEPTED)], start };
}

export function reboot(device: Device): Reply {
  const { session } = device;
  return {
    messages: [status(COMPLETE)],
    after: () => {
      device.after(RESTART_MS, () => {
        if (!device.powered) return;
        if (device.session === session) device.antenna.hangUp();
        restart(device);
        device.commit();
      });
    },
  };
}
