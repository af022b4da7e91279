// A link to a lock that only repeats a transcript: what followed a frame then follows it now.
import { concat, equal } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { FrameCutter, ended, frameBytes } from '../../../src/drivers/ttlock/frame.ts';
import { seal } from '../../../src/drivers/ttlock/seal.ts';
import { command } from '../../../src/drivers/ttlock/wire.ts';
import type { Link } from '../../../src/radio/radio.ts';

export interface Exchanged {
  asked: Uint8Array;
  answers: readonly Uint8Array[];
}

export class ScriptedLink implements Link {
  readonly mtu = 23;
  readonly closed: Promise<void>;
  /** Whole frames as they were written. */
  readonly written: Uint8Array[] = [];
  readonly #script: readonly Exchanged[];
  readonly #sessionKey: Uint8Array;
  readonly #ears: ((bytes: Uint8Array) => void)[] = [];
  #held: Uint8Array = new Uint8Array();
  #end: () => void = () => undefined;

  constructor(script: readonly Exchanged[], sessionKey: Uint8Array) {
    this.#script = script;
    this.#sessionKey = sessionKey;
    this.closed = new Promise(resolve => (this.#end = resolve));
  }

  async write(_characteristic: string, piece: Uint8Array): Promise<void> {
    this.#held = concat(this.#held, piece);
    const [frame] = new FrameCutter().feed(this.#held);
    if (!frame || !equal(this.#held.subarray(-2), Uint8Array.of(0x0d, 0x0a))) return;
    const asked = this.#held;
    this.#held = new Uint8Array();
    this.written.push(asked);
    const known = this.#script.find(one => equal(one.asked, asked));
    // What the transcript lacks is a command that this lock does not know.
    const refusal = seal(this.#sessionKey, Uint8Array.of(frame.command, 0, 0x1b));
    const answers = known?.answers ?? [ended(frameBytes(frame.header, command.reply, refusal))];
    for (const answer of answers) for (const ear of this.#ears) queueMicrotask(() => ear(answer));
  }

  async read(characteristic: string): Promise<Uint8Array> {
    if (characteristic !== '2a19') throw new LockError('unsupported', `no ${characteristic}`);
    return Uint8Array.of(100);
  }

  async subscribe(_characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    this.#ears.push(heard);
  }

  async close(): Promise<void> {
    this.#end();
  }
}
