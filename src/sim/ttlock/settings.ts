// Settings: 36 auto-lock, 62 sound, 59 show PIN, 37 remote unlock, 61 freeze, 67 lamp, 68 switches. Source: ttlock.md 15.
import { type Answer, done, error, readU16, readU32, refused, u16, u32 } from './answer.ts';
import type { Device } from './device.ts';
import { armAutoLock } from './mechanism.ts';
import { feature } from './features.ts';

const ASK = 1;
const SET = 2;
/** Seconds between which a time to relock has to be. */
const AUTO_LOCK = { min: 5, max: 900 };
/** In place of the seconds: only the flag behind them is set. */
const KEEP_SECONDS = 0xffff;

export function autoLock(device: Device, data: Uint8Array): Answer {
  const { settings, battery } = device.kept;
  if (data[0] === ASK) {
    const flag = device.hasDoor ? [settings.autoLockDoor] : [];
    return done(battery, ASK, u16(settings.autoLock), u16(AUTO_LOCK.min), u16(AUTO_LOCK.max), flag);
  }
  if (data[0] !== SET || data.length < 3) return refused(error.invalid);
  const seconds = readU16(data, 1);
  if (seconds !== KEEP_SECONDS) {
    const fits = seconds === 0 || (seconds >= AUTO_LOCK.min && seconds <= AUTO_LOCK.max);
    if (!fits) return refused(error.invalid);
    settings.autoLock = seconds;
  }
  if (data.length === 4) settings.autoLockDoor = data[3] === 0 ? 0 : 1;
  armAutoLock(device);
  device.changed();
  return done(battery, SET);
}

/** With volume: 02 · 01 · volume · language, or 02 · 00. */
export function sound(device: Device, data: Uint8Array): Answer {
  const { settings, battery } = device.kept;
  const hasVolume = device.has(feature.volume);
  if (data[0] === ASK) return done(battery, ASK, settings.sound, hasVolume ? [settings.volume] : []);
  const [op, on = 2, volume = settings.volume, language = settings.language] = data;
  const long = data.length === 4 && hasVolume;
  if (op !== SET || on > 1 || (data.length !== 2 && !long)) return refused(error.invalid);
  if (long && (volume < 1 || volume > 5)) return refused(error.invalid);
  Object.assign(settings, { sound: on, volume, language });
  device.changed();
  return done(battery, SET);
}

export const showPin = flag('showPin');
export const remoteUnlock = flag('remoteUnlock');
export const freeze = flag('freeze');

export function lamp(device: Device, data: Uint8Array): Answer {
  const { settings, battery } = device.kept;
  if (data[0] === ASK) return done(battery, ASK, u16(settings.lamp));
  if (data[0] !== SET || data.length !== 3) return refused(error.invalid);
  settings.lamp = readU16(data, 1);
  device.changed();
  return done(battery, SET);
}

/** itemMask(4) · values(4). It takes the values as the whole map: who sends one bit alone clears the others. */
export function switches(device: Device, data: Uint8Array): Answer {
  const { settings, battery } = device.kept;
  const supported = switchMask(device);
  if (data[0] === ASK) return done(battery, ASK, u32(supported), u32(settings.switches & supported));
  const values = readU32(data, 5);
  if (data[0] !== SET || data.length !== 9 || (values & ~supported) !== 0) return refused(error.invalid);
  settings.switches = values;
  if (!switchOn(device, 'privacy')) device.privacy = false;
  device.changed();
  return done(battery, SET);
}

const bits = { tamper: 0x01, resetButton: 0x02, privacy: 0x04, opensLeft: 0x10, passage: 0x20 } as const;

const behind = [
  [bits.tamper, feature.tamperSwitch],
  [bits.resetButton, feature.resetSwitch],
  [bits.privacy, feature.privacySwitch],
  [bits.opensLeft, feature.direction],
  [bits.passage, feature.passageSwitch],
] as const;

export function switchOn(device: Device, name: keyof typeof bits): boolean {
  return (device.kept.settings.switches & switchMask(device) & bits[name]) !== 0;
}

/** The bits of the map that this lock has. */
export function switchMask(device: Device): number {
  return behind.reduce((mask, [bit, needs]) => (device.has(needs) ? mask | bit : mask), 0);
}

function flag(name: 'showPin' | 'remoteUnlock' | 'freeze'): (device: Device, data: Uint8Array) => Answer {
  return (device, data) => {
    const { settings, battery } = device.kept;
    if (data[0] === ASK) return done(battery, ASK, settings[name]);
    const value = data[1] ?? 2;
    if (data[0] !== SET || value > 1) return refused(error.invalid);
    settings[name] = value;
    device.changed();
    return done(battery, SET);
  };
}
