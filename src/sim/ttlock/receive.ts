// What a virtual TTLock does with the pieces that arrive: frames, checks, the command, the answer. Source: ttlock.md 23.
import { error, refused } from './answer.ts';
import { obey } from './commands.ts';
import type { Device } from './device.ts';
import { FACTORY_KEY, type SimFrame, unseal } from './frames.ts';
import type { DropMoment } from './knobs.ts';
import { giveKey } from './pairing.ts';
import { say } from './voice.ts';

const GIVE_KEY = 0x19;
const LOGINS = [0x41, 0x55];

export function receive(device: Device, bytes: Uint8Array): void {
  const { session, knobs } = device;
  if (!session || knobs.deaf) return;
  for (const frame of session.splitter.feed(bytes, knobs.crLfOptional)) {
    if (device.session !== session) return;
    take(device, frame);
  }
}

function take(device: Device, frame: SimFrame): void {
  const { session } = device;
  if (!session) return;
  if (!accepted(device, frame)) {
    if (device.knobs.receiveChecksum === 'errorReply') say(device, frame.command, refused(error.checksum));
    return;
  }
  session.requests++;
  device.antenna.heard();
  device.onFrame?.(frame.command, 'down');
  if (drops(device, frame.command, 'before_acting')) return device.antenna.hangUp();
  const answer = answerTo(device, frame);
  if (!answer) return;
  // What is answered has been written first: a power cut between the two must not make the lock a liar.
  device.commit();
  if (drops(device, frame.command, 'before_answering')) return device.antenna.hangUp();
  const hangsUp = drops(device, frame.command, 'after_answering');
  const after = (): void => {
    answer.after?.();
    if (hangsUp) device.antenna.hangUp();
  };
  say(device, frame.command, { ...answer, after });
}

/** Undefined: nothing that it could read, so it is silent. */
function answerTo(device: Device, frame: SimFrame): ReturnType<typeof giveKey> {
  if (frame.command === GIVE_KEY) return giveKey(device, unseal(FACTORY_KEY, frame.payload));
  const data = unseal(device.key(), frame.payload);
  if (data === undefined) return undefined;
  if (LOGINS.includes(frame.command) && foreignHeader(device, frame)) return refused(error.failed);
  return obey(device, frame.command, data);
}

function accepted(device: Device, frame: SimFrame): boolean {
  if (frame.checksum === 'altered' || frame.checksum === 'both') return true;
  return frame.checksum === 'clean' && device.knobs.receiveChecksum === 'lenient';
}

function foreignHeader(device: Device, { header }: SimFrame): boolean {
  if (device.knobs.headerCheck === 'any') return false;
  const { scene, group, organisation } = device.header;
  return header.scene !== scene || header.group !== group || header.organisation !== organisation;
}

/** Whether `dropLink` means this frame at this moment; counts it when it does. */
function drops(device: Device, command: number, moment: DropMoment): boolean {
  const wanted = device.knobs.dropLink;
  if (!wanted || wanted.moment !== moment) return false;
  if (wanted.command !== undefined && wanted.command !== command) return false;
  if (wanted.nth !== undefined && wanted.nth !== device.session?.requests) return false;
  if (wanted.times !== undefined) {
    if (wanted.times <= 1) device.knobs.dropLink = undefined;
    else device.knobs.dropLink = { ...wanted, times: wanted.times - 1 };
  }
  return true;
}
