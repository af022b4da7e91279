// Somebody at the keypad of a virtual Nuki lock: codes, the arrow key, fingers. Source: nuki.md 8.7, 8.8.
import type { HandResult } from '../hands.ts';
import { action, completion, entryType, trigger } from './codes.ts';
import type { Device } from './device.ts';
import { findCode, used } from './keypad-codes.ts';
import { keypadData } from './layouts.ts';
import { begin, hindrance } from './motor.ts';
import { pushStateOfOthers } from './voice.ts';

const source = { arrow: 0, code: 1, finger: 2 };
const WRONG_TRIES = 3;
/** How long it is blocked, longer each time. */
const BLOCKED_MS = [60_000, 5 * 60_000, 15 * 60_000];
const CODE = /^[1-9]{6}$/;
/** Code ids of fingers are above those of codes. */
const FIRST_FINGER = 0x1000;

export class Keypad {
  readonly #device: Device;
  #wrong = 0;
  #blocks = 0;
  #blockedUntil = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  type(digits: string): HandResult {
    const left = this.#blockedUntil - this.#device.elapsed();
    if (left > 0) return closed(`The keypad is blocked after wrong codes, for another ${Math.ceil(left / 1000)} s.`);
    const code = CODE.test(digits) ? findCode(this.#device, Number(digits)) : undefined;
    if (!code) return this.#refuse(source.code, completion.invalidCode, 'It blinks red: wrong code.');
    this.#wrong = 0;
    this.#blocks = 0;
    used(this.#device, code);
    return this.#do(action.unlock, source.code, { codeId: code.id, said: 'It blinks green: the code opens it.' });
  }

  /** The key with the arrow: everybody may lock. */
  arrow(): HandResult {
    return this.#do(action.lock, source.arrow, { codeId: 0, said: 'It blinks green and locks.' });
  }

  press(print: string): HandResult {
    const finger = this.#device.kept.fingers.find(each => each.finger === print);
    if (!finger)
      return this.#refuse(source.finger, completion.invalidFinger, 'It blinks red: it does not know this finger.');
    return this.#do(action.unlock, source.finger, {
      codeId: finger.codeId,
      said: 'It blinks green: the finger opens it.',
    });
  }

  /** As in the vendor's app. */
  teach(print: string): HandResult {
    const { fingers } = this.#device.kept;
    if (fingers.some(each => each.finger === print)) return { done: false, said: 'The keypad knows this finger.' };
    fingers.push({ codeId: FIRST_FINGER + fingers.length, finger: print });
    this.#device.changed();
    return { done: true, said: 'The keypad has learnt the finger.' };
  }

  #refuse(from: number, result: number, said: string): HandResult {
    this.#note(action.unlock, from, { result, codeId: 0 });
    this.#wrong++;
    if (this.#wrong < WRONG_TRIES) return closed(said);
    this.#wrong = 0;
    const ms = BLOCKED_MS[Math.min(this.#blocks++, BLOCKED_MS.length - 1)] as number;
    this.#blockedUntil = this.#device.elapsed() + ms;
    return closed(`${said} It is blocked for ${ms / 60_000} min.`);
  }

  #do(wanted: number, from: number, { codeId, said }: { codeId: number; said: string }): HandResult {
    const device = this.#device;
    const no = hindrance(device, wanted);
    const opens = wanted === action.unlock;
    if (no === 'busy') return closed('It blinks red: the motor is busy.');
    if (no === 'uncalibrated') return closed('It blinks red: the lock is not calibrated.');
    if (no === 'already') {
      this.#note(wanted, from, { result: completion.success, codeId });
      return { done: true, opened: opens, said };
    }
    if (device.knobs.jam === 'blocked') said = 'It blinks green, the motor hums and stops: the bolt is stuck.';
    begin(device, {
      action: wanted,
      trigger: trigger.system,
      by: from === source.finger ? 'finger' : 'keypad',
      who: this.#who(),
      flags: 0,
      told: () => pushStateOfOthers(device),
      log: result => this.#note(wanted, from, { result, codeId }),
    });
    const stuck = device.knobs.jam === 'blocked' || device.knobs.lowVoltage;
    return { done: !stuck, opened: opens && !stuck, said };
  }

  #note(wanted: number, from: number, { result, codeId }: { result: number; codeId: number }): void {
    this.#device.log(
      entryType.keypad,
      keypadData({ action: wanted, source: from, completion: result, codeId }),
      this.#who(),
    );
  }

  /** All that a keypad does is done by the keypad: who typed is told by the code id alone. */
  #who(): { authId: number; name: string } {
    const own = this.#device.kept.authorizations.find(({ key }) => key === '');
    return { authId: own?.id ?? 0, name: own?.name ?? '' };
  }
}

function closed(said: string): HandResult {
  return { done: false, opened: false, said };
}
