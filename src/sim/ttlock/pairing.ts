// Becoming somebody's lock: 45, 19, 56, 57, and leaving him again: 52. Source: ttlock.md 7, 9.
import { type Answer, done, error, hexOf, readU32, refused, textBytes } from './answer.ts';
import type { Device } from './device.ts';
import { feature } from './features.ts';
import { FACTORY_KEY, seal } from './frames.ts';

/** Between the answer to a reset and the end of the link: time for the beep. */
const BEEP_MS = 100;
const RESTARTED = 14;

export function initialise(): Answer {
  return done();
}

/** 19, still sealed: it comes under the factory key whoever owns the lock. `plain` is undefined when it does not fit. */
export function giveKey(device: Device, plain: Uint8Array | undefined): Answer | undefined {
  const { session } = device;
  if (device.paired || session?.pairing) return refused(error.notSetting);
  if (!session || plain === undefined) return undefined;
  if (!isToken(device, plain)) return refused(error.token);
  const aesKey = newKey(device);
  session.provisional = { aesKey };
  return { ...done(aesKey), key: FACTORY_KEY };
}

/** 56: adminPs(4) · unlockKey(4) · token. */
export function addAdmin(device: Device, data: Uint8Array): Answer {
  const provisional = device.session?.provisional;
  if (device.paired || !provisional) return refused(error.notSetting);
  const adminPs = readU32(data, 0);
  const unlockKey = readU32(data, 4);
  const token = data.subarray(8);
  if (data.length < 8 || adminPs === 0 || unlockKey === 0) return refused();
  if (!isToken(device, token)) return refused(error.token);
  const owner = { aesKey: hexOf(provisional.aesKey), adminPs, unlockKey, lockFlagPos: 0 };
  provisional.admin = { owner, before: provisional.admin?.before ?? structuredClone(device.kept) };
  if (device.has(feature.readAdminPin)) device.kept.adminCode = ownAdminCode(owner);
  return done(token);
}

/** 57 makes it last. */
export function finish(device: Device): Answer {
  const admin = device.session?.provisional?.admin;
  if (!admin || !device.session) return refused(error.noAdmin);
  device.kept.owner = admin.owner;
  device.session.provisional = undefined;
  device.changed();
  return done();
}

/** 52 forgets everything, answers and hangs up. */
export function reset(device: Device): Answer {
  const key = device.key();
  const after = (): void => {
    const { session } = device;
    if (session) device.after(BEEP_MS, () => device.session === session && device.antenna.hangUp());
  };
  if (device.knobs.rebootInsteadOfReset) device.record(RESTARTED);
  else device.wipe();
  const plain = device.knobs.resetReply === 'empty' ? undefined : done().plain;
  return { plain, key, after };
}

export function isToken(device: Device, bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, textBytes(device.parts.token)) === 0;
}

/** Locks whose admin code can be read make one of their own; without a draw of chance, so that a pairing can be replayed. */
function ownAdminCode(owner: { aesKey: string; adminPs: number }): string {
  return String(((owner.adminPs % 8_999_993) + 1_000_000 + Number.parseInt(owner.aesKey.slice(0, 4), 16)) % 10_000_000)
    .padStart(7, '1')
    .slice(-7);
}

function newKey(device: Device): Uint8Array {
  for (;;) {
    const key = Uint8Array.from(device.random(16));
    const sealed = Buffer.from(seal(FACTORY_KEY, Uint8Array.of(0x19, 0x01, ...key)));
    if (!device.knobs.crLfInside || sealed.includes('\r\n')) return key;
  }
}
