// Decrypted messages without their secrets, for traces that people show to others (ttlock.md 6 to 17 say where they stand).
import { ByteReader, hex } from '../../base/bytes.ts';
import { type TailShape, tailShape } from './log-wire.ts';
import type { StandIns } from './stand-ins.ts';
import { VENDOR_TOKEN, command } from './wire.ts';

export interface Message {
  /** Who said it. */
  from: 'us' | 'lock';
  command: number;
  plain: Uint8Array;
}

/**
 * The same message, as long as before. Only what is described here comes through: everything else is zero, and so is the
 * rest of a message that has another shape.
 */
export function blanked({ from, command: number, plain }: Message, standIns: StandIns): Uint8Array {
  const copy = new Copy(plain, standIns);
  try {
    if (from === 'us') (asked[number] ?? nothing)(copy);
    else said(copy);
  } catch {
    // It ended early: what was read so far is copied already.
  }
  return copy.out;
}

/** Reads along a message and copies what may be shown. */
class Copy {
  readonly out: Uint8Array;
  readonly standIns: StandIns;
  readonly #plain: Uint8Array;
  readonly #from: ByteReader;

  constructor(plain: Uint8Array, standIns: StandIns) {
    this.out = new Uint8Array(plain.length);
    this.standIns = standIns;
    this.#plain = plain;
    this.#from = new ByteReader(plain);
  }

  get left(): number {
    return this.#from.left;
  }

  /** What is left, without reading it. */
  peek(): Uint8Array {
    return this.#plain.slice(this.#plain.length - this.left);
  }

  keep(count = this.left): Uint8Array {
    return this.#put(this.#from.bytes(count), bytes => bytes);
  }

  u8(): number {
    return this.keep(1)[0] as number;
  }

  u16(): number {
    const [high = 0, low = 0] = this.keep(2);
    return high * 256 + low;
  }

  /** A length, then so many digits. */
  text(): void {
    this.digits(this.u8());
  }

  digits(count: number): void {
    this.#put(this.#from.bytes(count), bytes => this.standIns.text(bytes));
  }

  id(width: number): void {
    this.#put(this.#from.bytes(width), bytes => this.standIns.id(bytes));
  }

  mac(): void {
    this.#put(this.#from.bytes(6), bytes => this.standIns.mac(bytes));
  }

  fill(bytes: Uint8Array): void {
    this.#put(this.#from.bytes(bytes.length), () => bytes);
  }

  /** A part of its own length, so that one odd record does not spoil the next. */
  part(count: number, copy: (part: Copy) => void): void {
    const part = new Copy(this.#from.bytes(count), this.standIns);
    try {
      copy(part);
    } catch {
      // Shorter than described.
    }
    this.out.set(part.out, this.out.length - this.left - count);
  }

  #put(bytes: Uint8Array, as: (bytes: Uint8Array) => Uint8Array): Uint8Array {
    this.out.set(as(bytes), this.out.length - this.left - bytes.length);
    return bytes;
  }
}

type Blank = (copy: Copy) => void;

const nothing: Blank = () => undefined;
const all: Blank = copy => void copy.keep();
/** The maker's word is known to everybody; a partner's own may be meant to be secret. */
const token: Blank = copy => {
  const word = Buffer.from(VENDOR_TOKEN, 'latin1');
  copy.part(copy.left, part => (hex(part.peek()) === word.toString('hex') ? part.keep() : part.digits(part.left)));
};
const number: Blank = copy => copy.fill(copy.standIns.number);
const user: Blank = copy => copy.id(4);

/** Operation, then a card or a fingerprint with or without two dates. */
const tokens: Blank = copy => {
  const op = copy.u8();
  if (op === 1 || op === 6) return void copy.keep();
  if (copy.left === 0) return;
  copy.id(op === 3 ? copy.left : copy.left - DATES);
  copy.keep();
};

/** What we ask. */
const asked: Readonly<Record<number, Blank>> = {
  [command.pins]: copy => {
    const op = copy.u8();
    if (copy.left === 0) return;
    copy.keep(1);
    copy.text();
    if (op === 5) copy.text();
    if (op !== 3) copy.keep();
  },
  [command.cards]: tokens,
  [command.fingers]: tokens,
  [command.pinList]: all,
  [command.status]: token,
  [command.key]: token,
  [command.log]: all,
  [command.checkRandom]: number,
  [command.initPins]: copy => void copy.keep(1),
  [command.autoLock]: all,
  [command.remoteUnlock]: all,
  [command.checkAdmin]: copy => {
    number(copy);
    copy.keep(3);
    user(copy);
  },
  [command.setClock]: all,
  [command.unlock]: copy => {
    number(copy);
    copy.keep(4);
  },
  [command.lock]: copy => {
    number(copy);
    copy.keep(4);
  },
  [command.setAdminPin]: copy => {
    copy.part(copy.left, part => part.fill(Uint8Array.from({ length: part.left }, (_, i) => (i + 1) % 10)));
  },
  [command.checkUserTime]: copy => {
    copy.keep(DATES + 3);
    user(copy);
  },
  [command.addAdmin]: copy => {
    number(copy);
    number(copy);
    token(copy);
  },
  [command.showPin]: all,
  [command.freeze]: all,
  [command.sound]: all,
  [command.passage]: all,
  [command.lamp]: all,
  [command.switches]: all,
  [command.cyclic]: copy => {
    copy.keep(2);
    copy.id(copy.u8());
    copy.keep();
  },
  [command.info]: all,
};

/** Command, yes or no, then what belongs to it. A no has one number. */
const said: Blank = copy => {
  const about = copy.u8();
  if (copy.u8() !== YES) return void copy.keep(Math.min(1, copy.left));
  (answers[about] ?? nothing)(copy);
};

const moved: Blank = copy => {
  copy.keep(1);
  if (copy.left === 0) return;
  user(copy);
  copy.keep();
};

const tokenAnswers = (width: (left: number) => number): Blank => {
  return copy => {
    copy.keep(1);
    const op = copy.u8();
    if (op === 1 || op === 6) {
      const left = copy.left - 2;
      copy.keep(2);
      for (const wide = width(left); copy.left >= wide + DATES;) {
        copy.id(wide);
        copy.keep(DATES);
      }
    } else if (op === 2 && copy.u8() === 1) copy.id(copy.left);
    else copy.keep(Math.min(2, copy.left));
  };
};

/** What the lock says. */
const answers: Readonly<Record<number, Blank>> = {
  [command.features]: all,
  [command.pins]: copy => void copy.keep(Math.min(2, copy.left)),
  [command.cards]: tokenAnswers(left => (left === 8 + DATES ? 8 : 4)),
  [command.fingers]: tokenAnswers(() => 6),
  [command.pinList]: copy => {
    copy.keep(Math.min(4, copy.left));
    while (copy.left > 0) {
      copy.part(copy.u8(), record => {
        record.keep(1);
        record.text();
        record.text();
        record.keep();
      });
    }
  },
  [command.status]: copy => (copy.left === 15 ? moved(copy) : void copy.keep(Math.min(3, copy.left))),
  [command.key]: copy => copy.fill(copy.standIns.key),
  [command.log]: copy => {
    copy.keep(Math.min(4, copy.left));
    while (copy.left > 0) copy.part(copy.u8(), record);
  },
  [command.readClock]: all,
  [command.autoLock]: all,
  [command.remoteUnlock]: all,
  [command.checkAdmin]: all,
  [command.unlock]: moved,
  [command.checkUserTime]: all,
  [command.addAdmin]: token,
  [command.lock]: moved,
  [command.showPin]: all,
  [command.freeze]: all,
  [command.sound]: all,
  [command.adminPin]: copy => {
    copy.keep(1);
    copy.text();
  },
  [command.passage]: all,
  [command.lamp]: all,
  [command.switches]: all,
  [command.cyclic]: copy => void copy.keep(Math.min(2, copy.left)),
  [command.info]: copy => copy.part(copy.left, part => part.fill(part.standIns.withoutAddresses(part.peek()))),
};

const YES = 1;
/** Two stamps of 5. */
const DATES = 10;
/** Type, stamp of 6, battery. */
const RECORD_HEAD = 7;

const record: Blank = copy => {
  const type = copy.u8();
  copy.keep(RECORD_HEAD);
  tails[tailShape(type)](copy);
};

const device: Blank = copy => {
  copy.mac();
  copy.keep();
};
const userRecord: Blank = copy => {
  user(copy);
  copy.keep();
};
const twoTexts: Blank = copy => {
  copy.text();
  if (copy.left > 0) copy.text();
};

const tails: Readonly<Record<TailShape, Blank>> = {
  user: userRecord,
  userAndKey: userRecord,
  text: copy => copy.text(),
  twoTexts,
  dateAndText: copy => {
    copy.keep(5);
    twoTexts(copy);
  },
  card: copy => copy.id(copy.left > 4 ? 8 : 4),
  finger: copy => copy.id(6),
  shortId: copy => copy.id(2),
  sensor: copy => void copy.keep(1),
  mac: device,
  fob: device,
  keypad: device,
  nothing,
};
