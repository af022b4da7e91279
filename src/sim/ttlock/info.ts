// What the lock tells about itself, and its clock: 01, 90, 34, 43. Source: ttlock.md 10, 16, 19.
import { type Answer, done, error, refused, textBytes, u32 } from './answer.ts';
import { clockBytes, wallOf } from './dates.ts';
import type { Device } from './device.ts';

/** Real locks put one byte too many behind each text. */
const EXTRA = 0x5a;
const MADE = '20210519';

export function features(device: Device): Answer {
  return done(
    device.kept.battery,
    device.parts.features.flatMap(group => u32(group)),
  );
}

export function info(device: Device, data: Uint8Array): Answer {
  const { model, hardware, firmware } = device.variant;
  const texts = [model, hardware, firmware, MADE, device.parts.address.toUpperCase()];
  const number = data[0] ?? 0;
  if (number === 6) return done(clockBytes(device.wall()), EXTRA);
  const text = texts[number - 1];
  return text === undefined ? refused(error.invalid) : done(textBytes(text), EXTRA);
}

export function getClock(device: Device): Answer {
  return done(clockBytes(device.wall()));
}

export function setClock(device: Device, data: Uint8Array): Answer {
  const wall = wallOf(data);
  if (wall === undefined) return refused(error.invalid);
  device.setWall(wall);
  return done();
}
