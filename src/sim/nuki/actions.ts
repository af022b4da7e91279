// Moving the bolt by radio: 0x000D, 0x0100, 0x0048. Source: nuki.md 8.2, 16.7.
import { Reader } from './bytes.ts';
import { ACCEPTED, COMPLETE, action, command, completion, entryType, error, trigger } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptAuthorization } from './kept.ts';
import { type Hindrance, begin, hindrance, intelligent } from './motor.ts';
import { errorReport, keypadData } from './layouts.ts';
import { type Reply, complete, refused, status } from './reply.ts';
import { findCode, used } from './keypad-codes.ts';
import { push, pushState, takes } from './voice.ts';

const AUTO_UNLOCK = 0x01;
/** An unlocking of its own comes no sooner than this after another action. */
const RECENT_MS = 10_000;
const SUFFIX = 20;
const SIMPLE: Readonly<Record<number, number>> = { 1: action.unlock, 2: action.lock };
const FROM_KEYPAD: Readonly<Record<number, number>> = {
  1: action.unlock,
  2: action.lock,
  3: action.unlatch,
  4: action.lockNGo,
};

const ERRORS: Readonly<Record<Exclude<Hindrance, 'already'>, number>> = {
  busy: error.busy,
  uncalibrated: error.notCalibrated,
  unknown: error.badParameter,
};

/** action · app id · flags [· name suffix]. The app id is not compared with anything. */
export function lockAction(device: Device, data: Uint8Array, who: KeptAuthorization): Reply {
  const read = new Reader(data);
  const asked = read.u8();
  read.u32();
  const flags = read.u8();
  const suffix = read.left > 0 ? read.text(SUFFIX) : '';
  const tooSoon = device.elapsed() - device.lastActAt < RECENT_MS;
  if (flags & AUTO_UNLOCK && tooSoon) return refused(error.tooRecent);
  return move(device, who, { asked, flags, suffix, command: command.lockAction });
}

/** 1 unlock, 2 lock [· name suffix]. */
export function simpleAction(device: Device, data: Uint8Array, who: KeptAuthorization): Reply {
  const read = new Reader(data);
  const asked = SIMPLE[read.u8()];
  const suffix = read.left > 0 ? read.text(SUFFIX) : '';
  if (asked === undefined) return refused(error.badParameter);
  return move(device, who, { asked, flags: 0, suffix, command: command.simpleAction });
}

/** source · code · action, as keypads send it. */
export function keypadAction(device: Device, data: Uint8Array, who: KeptAuthorization): Reply {
  const read = new Reader(data);
  const source = read.u8();
  const found = findCode(device, read.u32());
  const wanted = read.u8();
  const asked = wanted === 0 ? intelligent(device) : FROM_KEYPAD[wanted];
  if (asked === undefined || source > 2) return refused(error.badParameter);
  if (!found) {
    device.log(
      entryType.keypad,
      keypadData({ action: asked, source, completion: completion.invalidCode, codeId: 0 }),
      whoOf(who, ''),
    );
    return refused(error.codeInvalid);
  }
  used(device, found);
  return move(device, who, { asked, flags: 0, suffix: '', command: command.keypadAction });
}

interface Order {
  asked: number;
  flags: number;
  suffix: string;
  /** Under which a failure is reported. */
  command: number;
}

function move(device: Device, who: KeptAuthorization, order: Order): Reply {
  if (takes(device.knobs, 'busy')) return refused(error.busy);
  const wanted = fobAction(device, order.asked);
  const no = hindrance(device, wanted);
  if (no === 'already') return complete();
  if (no !== undefined) return refused(ERRORS[no]);
  who.lockCount = (who.lockCount + 1) & 0xffff;
  who.lastActive = device.time();
  const report = reporter(device, who, order);
  const deed = {
    action: wanted,
    trigger: trigger.system,
    by: 'app',
    who: whoOf(who, order.suffix),
    flags: order.flags,
  } as const;
  // The motor starts with the order. What it tells comes behind ACCEPTED: a link says all in order.
  const start = (): void => begin(device, { ...deed, ...report });
  return { messages: device.knobs.acceptedMissing ? [] : [status(ACCEPTED)], start };
}

/** What is told of an action to whoever asked for it, as long as he is there. */
function reporter(
  device: Device,
  who: KeptAuthorization,
  order: Order,
): { told(): void; ended(failed?: number): void } {
  const { session } = device;
  const isThere = (): boolean => session !== undefined && device.session === session;
  return {
    told: () => isThere() && pushState(device, who),
    ended(failed) {
      if (!isThere() || device.knobs.completeMissing) return;
      const message =
        failed === undefined
          ? status(COMPLETE)
          : { command: command.errorReport, payload: errorReport(failed, order.command) };
      push(device, who, [message], device.knobs.completeDelay);
    },
  };
}

/** What a button of a fob stands for. */
function fobAction(device: Device, asked: number): number {
  const set = device.kept.config.fobActions[asked - action.fob1];
  if (set === undefined) return asked;
  const meant = [0, action.unlock, action.lock, action.lockNGo, intelligent(device)];
  return meant[set] ?? 0;
}

function whoOf(who: KeptAuthorization, suffix: string): { authId: number; name: string } {
  return { authId: who.id, name: suffix === '' ? who.name : `${who.name} ${suffix}` };
}
