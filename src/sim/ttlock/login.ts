// Proving who one is: 41 and 55 give a challenge, 30 answers it. Source: ttlock.md 6.
import { type Answer, done, error, readU16, readU32, refused, u32 } from './answer.ts';
import { dateText, minuteText } from './dates.ts';
import type { Device } from './device.ts';
import { seal } from './frames.ts';
import type { Challenge } from './session.ts';

/** 41: adminPs(4) · lockFlagPos(3) · uid(4). */
export function checkAdmin(device: Device, data: Uint8Array): Answer {
  const owner = device.owner();
  if (!owner) return refused(error.noAdmin);
  if (data.length !== 11) return refused(error.invalid);
  if (readU32(data, 0) !== owner.adminPs) return refused(error.wrongAdmin);
  const flagPos = (data[4] as number) * 65_536 + readU16(data, 5);
  if (flagPos < owner.lockFlagPos) return refused(error.revoked);
  if (flagPos > owner.lockFlagPos) {
    owner.lockFlagPos = flagPos;
    device.changed();
  }
  return challenge(device, 0x41, { level: 'admin', uid: readU32(data, 7) });
}

/** 55: start(5) · end(5) · lockFlagPos(3) · uid(4). */
export function checkUserTime(device: Device, data: Uint8Array): Answer {
  const owner = device.owner();
  if (!owner) return refused(error.noAdmin);
  const start = dateText(data.subarray(0, 5));
  const end = dateText(data.subarray(5, 10));
  if (data.length !== 17 || !start || !end) return refused(error.invalid);
  const now = minuteText(device.wall());
  if (now < start) return refused(error.notYet);
  if (now > end) return refused(error.expired);
  // A higher one is let in but not stored: only an administrator may revoke.
  if ((data[10] as number) * 65_536 + readU16(data, 11) < owner.lockFlagPos) return refused(error.revoked);
  return challenge(device, 0x55, { level: 'user', uid: readU32(data, 13) });
}

/** 30: the sum. It uses the challenge up, right or wrong. */
export function checkRandom(device: Device, data: Uint8Array): Answer {
  const { session } = device;
  const open = session?.challenge;
  if (!session || !open) return refused(error.notLoggedIn);
  if (!takeSum(device, data)) return refused(device.knobs.wrongSumError);
  if (session.level !== 'admin') session.level = open.level;
  return done();
}

/** Compares the sum in front of a request with the open challenge, and closes the challenge. */
export function takeSum(device: Device, data: Uint8Array): Challenge | undefined {
  const { session } = device;
  const open = session?.challenge;
  const owner = device.owner();
  if (!session || !open || !owner) return undefined;
  session.challenge = undefined;
  return data.length >= 4 && readU32(data, 0) === (open.value + owner.unlockKey) % 2 ** 32 ? open : undefined;
}

function challenge(device: Device, command: number, made: { level: 'user' | 'admin'; uid: number }): Answer {
  const value = newChallenge(device, command);
  if (device.session) device.session.challenge = { value, ...made };
  return done(u32(value));
}

/** 16 bits, never 0. */
function newChallenge(device: Device, command: number): number {
  const first = draw(device);
  if (!device.knobs.crLfInside) return first;
  for (let tried = 0, value = first; tried < 0xffff; tried++, value = (value % 0xffff) + 1) {
    const sealed = Buffer.from(seal(device.key(), Uint8Array.of(command, 1, ...u32(value))));
    if (sealed.includes('\r\n')) return value;
  }
  return first;
}

function draw(device: Device): number {
  for (;;) {
    const value = readU16(device.random(2), 0);
    if (value !== 0) return value;
  }
}
