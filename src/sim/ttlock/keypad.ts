// Typing on a virtual TTLock: which digits open, by the lock's own clock, and what it writes down. Source: ttlock.md 11, 17.
import type { HandResult } from '../hands.ts';
import { bytesOf, textBytes } from './answer.ts';
import { twoTexts, wipeCodes } from './codes.ts';
import { minuteText } from './dates.ts';
import type { Device } from './device.ts';
import type { KeptCode } from './kept.ts';
import { openFromOutside } from './opening.ts';

/** What opens a lock whose administrator has not set a code of his own. */
export const FACTORY_CODE = '123456';
const WRONG_TRIES = 5;
const BLOCKED_MS = 5 * 60_000;
/** How long it waits for the initialisation code after a reset by hand. */
const INIT_CODE_MS = 30_000;
const ONCE = 2;

const PIN_UNLOCK = 4;
const WRONG_PIN = 7;
const ERASE_CODE_USED = 10;
const PIN_EXPIRED = 11;
const PIN_DOUBLE_LOCKED = 38;
const ADMIN_UNLOCK = 92;

export class Keypad {
  readonly #device: Device;
  #wrong = 0;
  #blockedUntil = 0;
  #initUntil = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  /** As after a loss of power. */
  clear(): void {
    this.#wrong = 0;
    this.#blockedUntil = 0;
    this.#initUntil = 0;
  }

  /** A reset by hand waits for a code. */
  askInitCode(): void {
    this.#initUntil = this.#now() + INIT_CODE_MS;
  }

  type(digits: string): HandResult {
    const device = this.#device;
    device.touch();
    const { kept, knobs } = device;
    if (this.#now() < this.#initUntil && digits === knobs.initCode) {
      this.clear();
      device.antenna.hangUp();
      device.wipe();
      return { done: true, opened: false, said: 'Two beeps: everything is erased. It can be paired now.' };
    }
    const left = this.#blockedUntil - this.#now();
    if (left > 0) return closed(`The keypad is blocked after wrong codes, for another ${Math.ceil(left / 1000)} s.`);
    if (kept.settings.freeze === 1) return closed('The lock is frozen: it takes no code.');
    if (digits === kept.eraseCode) return this.#erase(digits);
    if (digits === (kept.adminCode ?? FACTORY_CODE)) {
      return this.#open(digits, ADMIN_UNLOCK, 'The administrator code opens it.');
    }
    const code = kept.codes.find(each => each.digits === digits);
    return code ? this.#known(code) : this.#unknown(digits);
  }

  #erase(digits: string): HandResult {
    wipeCodes(this.#device);
    this.#device.record(ERASE_CODE_USED, twoTexts(digits, digits));
    return { done: true, opened: false, said: 'A long beep: all codes are erased.' };
  }

  #known(code: KeptCode): HandResult {
    const device = this.#device;
    const now = minuteText(device.wall());
    if (now > code.end) {
      device.record(PIN_EXPIRED, twoTexts(code.digits, code.old));
      return closed('Three short beeps: this code is over.');
    }
    if (now < code.start) return this.#unknown(code.digits);
    if (device.privacy) {
      device.record(PIN_DOUBLE_LOCKED, twoTexts(code.digits, code.old));
      return closed('It is double-locked from inside: only the administrator code opens it.');
    }
    const result = this.#open(code.digits, PIN_UNLOCK, 'The code opens it.', code.old);
    if (result.opened && code.type === ONCE) device.kept.codes = device.kept.codes.filter(each => each !== code);
    return result;
  }

  #unknown(digits: string): HandResult {
    this.#device.record(WRONG_PIN, bytesOf(digits.length, textBytes(digits)));
    this.#wrong++;
    if (this.#wrong < WRONG_TRIES) return closed('Three short beeps: wrong code.');
    this.#wrong = 0;
    this.#blockedUntil = this.#now() + BLOCKED_MS;
    return closed('A long alarm: the fifth wrong code. The keypad is blocked for 5 minutes.');
  }

  #open(digits: string, type: number, said: string, first = digits): HandResult {
    this.#wrong = 0;
    return openFromOutside(this.#device, { by: 'code', type, tail: twoTexts(digits, first), said });
  }

  #now(): number {
    return this.#device.elapsed();
  }
}

function closed(said: string): HandResult {
  return { done: false, opened: false, said };
}
