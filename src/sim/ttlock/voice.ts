// How a virtual TTLock speaks: replies and pushes, in notifications of 20 bytes, with the faults its knobs ask for.
import type { Answer } from './answer.ts';
import { bytesOf, u32 } from './answer.ts';
import { clockBytes } from './dates.ts';
import type { Device } from './device.ts';
import { CR_LF, REPLY, cut, frame, seal } from './frames.ts';
import type { Session } from './session.ts';

const NOTIFY = 'fff4';
const PIECE = 20;
const NORMAL = 0xaa;
const PUSH = 0x00;
/** What `truncated` leaves out of the last notification. */
const TRUNCATED_BYTES = 5;
const GARBAGE = [0x00, 0x7f, 0x11];

/** Answers after the lock's latency; `answer.after` runs right behind the last notification. */
export function say(device: Device, command: number, answer: Answer): void {
  const session = device.session;
  if (!session) return;
  const { knobs } = device;
  const plain = answer.plain ? bytesOf(command, answer.plain) : new Uint8Array();
  const encrypt = knobs.replyEncryptZero ? PUSH : NORMAL;
  const pieces = notifications(device, plain, { encrypt, key: answer.key ?? device.key() });
  if (knobs.pushInside && device.paired) {
    push(device, knobs.pushInside === 'event' ? eventPush(device, device.kept.nextRecord) : statusPush(device), 0);
  }
  session.out.push(latency(device), () => {
    device.onFrame?.(command, 'up');
    utter(device, session, pieces);
    answer.after?.();
  });
}

/** Something that nobody asked for. */
export function push(device: Device, plain: Uint8Array, delayMs: number): void {
  const session = device.session;
  if (!session) return;
  const pieces = notifications(device, plain, { encrypt: PUSH, key: device.key() });
  session.out.push(delayMs, () => {
    device.onFrame?.(plain[0] ?? 0, 'up');
    utter(device, session, pieces);
    if (device.knobs.repeatPushes) utter(device, session, pieces);
  });
}

/** To whoever is connected: what happened, by its record, and where the bolt stands now. */
export function tell(device: Device, record?: number): void {
  if (device.knobs.pushes === 'none') return;
  if (record !== undefined) push(device, eventPush(device, record), device.knobs.pushDelay);
  push(device, statusPush(device), device.knobs.pushDelay);
}

/** Battery, state, door. */
export function statusPush(device: Device): Uint8Array {
  return bytesOf(0x14, 0x01, device.kept.battery, device.statusByte, device.doorByte);
}

/** Battery, user id, record id, clock. */
function eventPush(device: Device, record: number): Uint8Array {
  return bytesOf(0x14, 0x01, device.kept.battery, u32(0), u32(record), clockBytes(device.wall()));
}

export function latency(device: Device): number {
  const { min, max } = device.knobs.replyLatency;
  if (max <= min) return min;
  const [part = 0] = device.random(1);
  return min + Math.round(((max - min) * part) / 255);
}

function utter(device: Device, session: Session, pieces: readonly Uint8Array[]): void {
  if (device.knobs.readFirst && !session.hasRead) return;
  for (const piece of pieces) session.central.notify(NOTIFY, piece);
}

function notifications(
  device: Device,
  plain: Uint8Array,
  how: { encrypt: number; key: Uint8Array },
): readonly Uint8Array[] {
  const { knobs } = device;
  const body = frame(device.header, REPLY, {
    sealed: seal(how.key, plain),
    encrypt: how.encrypt,
    checksum: knobs.transmitChecksum,
  });
  const prefix = knobs.garbagePrefix ? GARBAGE : [];
  const pieces = knobs.splitCrLf
    ? [...cut(bytesOf(prefix, body, 0x0d), PIECE), Uint8Array.of(0x0a)]
    : cut(bytesOf(prefix, body, CR_LF), PIECE);
  if (!knobs.truncated) return pieces;
  const last = pieces.at(-1) as Uint8Array;
  return [...pieces.slice(0, -1), last.subarray(0, Math.max(0, last.length - TRUNCATED_BYTES))];
}
