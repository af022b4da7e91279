// Questions and answers under one key on one link: encrypts, matches, decrypts, and reports what the lock says unasked.
import { ByteReader, hex } from '../../base/bytes.ts';
import { sleep } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Ground } from '../../lock/driver.ts';
import { Exchange } from '../../lock/exchange.ts';
import type { Link } from '../../radio/radio.ts';
import { type Frame, FrameCutter, type Header, ended, frameBytes } from './frame.ts';
import { type Reply, readReply, refusal } from './reply.ts';
import { seal, unseal } from './seal.ts';
import { type Request, command } from './wire.ts';

/** Locks answer within 0.2 s; after 2.5 s the answer is lost (ttlock.md 22.4). */
export const ANSWER_MS = 2500;
/** A harmless question is asked again sooner, since pieces get lost more often than locks are slow. */
const AGAIN_AFTER_MS = 500;
/** So many times soon, then once with all patience. Finding a lock again after giving up takes up to ten seconds. */
const SOON = 5;
/** Reading and subscribing go through service discovery on some radios. */
const START_MS = 5000;
/** Some locks lose what they are told right after notifications were switched on (ttlock.md 3). */
const SETTLE_MS = 500;

const CHANNEL = { write: 'fff2', notify: 'fff4', pieceSize: 20 } as const;
/** Battery, then model: one read wakes the notifications of some firmware; what it says is not to be trusted. */
const WAKING_READS = ['2a19', '2a24'] as const;

export interface Asking<T> {
  /** For people, after "The lock did not answer" and "The lock refused". */
  what: string;
  /** The answer, or undefined when this is not it. */
  read(data: ByteReader): T | undefined;
  withinMs?: number;
  /** The lock moves or changes by it. Never sent twice, and in pieces that its radio confirms. */
  act?: boolean;
  /** It must not be asked twice: sent in pieces that the lock's radio confirms. */
  sure?: boolean;
  /** The lock may leave it unanswered. */
  optional?: boolean;
  /** It changes nothing and a late answer does no harm: asked again after a silence. */
  again?: boolean;
  /** What an answer without payload means; without this it is malformed. */
  empty?: T;
  /** What any answer means that the key opens, whatever it says. */
  anything?: T;
}

export class Talk {
  readonly #ground: Ground;
  readonly #exchange: Exchange<Frame>;
  readonly #link: Link;
  readonly #heard: (reply: Reply) => void;
  #key: Uint8Array;
  #header: Header;
  #shown: Header | undefined;
  #kept: { command: number; replies: Reply[] } | undefined;
  /** The lock has answered under this key: an answer that cannot be read is damaged, not a stranger's. */
  #understood = false;
  #ended = false;
  #tries = 0;
  #asked = 0;
  #answeredAt = 0;

  /** `heard` gets what answers nothing, decrypted. */
  constructor(link: Link, ground: Ground, how: { key: Uint8Array; header: Header; heard: (reply: Reply) => void }) {
    this.#link = link;
    this.#ground = ground;
    this.#key = how.key;
    this.#header = how.header;
    this.#heard = how.heard;
    this.#exchange = new Exchange(link, CHANNEL, new FrameCutter(), {
      clock: ground.clock,
      signal: ground.signal,
      log: ground.log,
      unasked: frame => this.#unasked(frame),
      roundTrip: ms => ground.report({ kind: 'roundTrip', ms }),
    });
  }

  get closed(): Promise<void> {
    return this.#exchange.closed;
  }

  /** What goes out. */
  get header(): Header {
    return this.#header;
  }

  /** What the lock itself last answered with, under the right key. */
  get shown(): Header | undefined {
    return this.#shown;
  }

  /** How often the last question went out. After more than one, its answer may be that to the first. */
  get tries(): number {
    return this.#tries;
  }

  /** How many questions this link has seen. */
  get asked(): number {
    return this.#asked;
  }

  /** ms since the last answer. */
  get quietFor(): number {
    return this.#ground.clock.elapsed() - this.#answeredAt;
  }

  use(header: Header): void {
    this.#header = header;
  }

  /** From now on both sides speak under this key. */
  rekey(key: Uint8Array): void {
    this.#key = key;
    this.#understood = false;
  }

  async start(): Promise<void> {
    await this.#exchange.within('to a first read', START_MS, async () => {
      for (const characteristic of WAKING_READS) if (await this.#readable(characteristic)) return;
    });
    await this.#exchange.start(START_MS);
    await sleep(this.#ground.clock, SETTLE_MS, this.#ground.signal);
  }

  async ask<T>(request: Request, how: Asking<T>): Promise<T> {
    this.#asked += 1;
    const answer = await this.#askOften(request, how);
    this.#answeredAt = this.#ground.clock.elapsed();
    return answer;
  }

  async #askOften<T>(request: Request, how: Asking<T>): Promise<T> {
    this.#tries = 1;
    for (; how.again && this.#tries <= SOON; this.#tries++) {
      try {
        return await this.#ask(request, { ...how, withinMs: AGAIN_AFTER_MS, optional: true });
      } catch (thrown) {
        if (!(thrown instanceof LockError) || thrown.code !== 'timeout') throw thrown;
        this.#ground.log.debug({ command: name(request.command) }, 'no answer; asking again');
      }
    }
    return this.#ask(request, how);
  }

  /** Keeps what the lock says about this command by itself, until `next` asks for it: the start of an enrolment. */
  keep(command: number | undefined): void {
    this.#kept = command === undefined ? undefined : { command, replies: [] };
  }

  /** The next thing that the lock says by itself about the kept command. */
  async next<T>(what: string, withinMs: number, read: (data: ByteReader) => T | undefined): Promise<T> {
    const kept = this.#kept;
    const take = (reply: Reply): T | undefined => {
      if (reply.command !== kept?.command) return undefined;
      if (!reply.ok) throw refusal(reply.data, plainly(what));
      return read(new ByteReader(reply.data));
    };
    for (let reply = kept?.replies.shift(); reply; reply = kept?.replies.shift()) {
      const taken = take(reply);
      if (taken !== undefined) return taken;
    }
    return this.#exchange.wait<T>({ what, withinMs, take: frame => take(this.#open(frame)) });
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#exchange.close();
  }

  /** Stops listening without hanging up: the link goes to somebody else. */
  release(): void {
    this.#ended = true;
  }

  #ask<T>(request: Request, how: Asking<T>): Promise<T> {
    const frame = ended(frameBytes(this.#header, request.command, seal(this.#key, request.payload)));
    return this.#exchange.ask<T>(frame, {
      what: how.what,
      withinMs: how.withinMs ?? ANSWER_MS,
      take: heard => this.#take(request.command, how, heard),
      ...(how.act && { act: true }),
      ...((how.act || how.sure) && { sure: true }),
      ...(how.optional && { optional: true }),
    });
  }

  #take<T>(asked: number, how: Asking<T>, frame: Frame): T | undefined {
    // The key reply is said to come under its own number on some firmware.
    if (frame.command !== command.reply && !(asked === command.key && frame.command === asked)) return undefined;
    if (frame.payload.length === 0) {
      if (how.empty === undefined) throw new LockError('malformed', 'The lock sent an empty answer.');
      return how.empty;
    }
    if (how.anything !== undefined && unseal(this.#key, frame.payload)) return this.#showing(frame, how.anything);
    const reply = this.#open(frame, asked);
    this.#shown = frame.header;
    if (reply.command !== asked) return undefined;
    if (!reply.ok) throw refusal(reply.data, plainly(how.what));
    return how.read(new ByteReader(reply.data));
  }

  #showing<T>(frame: Frame, value: T): T {
    this.#shown = frame.header;
    return value;
  }

  /** Nonsense is the sign of another key, unless it echoes what was asked. */
  #open(frame: Frame, asked?: number): Reply {
    const plain = unseal(this.#key, frame.payload);
    const reply = plain && readReply(plain);
    if (reply) {
      this.#understood = true;
      return reply;
    }
    if (asked !== undefined && plain?.[0] === asked)
      throw new LockError('malformed', 'The lock answered neither yes nor no.');
    if (this.#understood) throw new LockError('malformed', 'The lock sent an answer that cannot be read.');
    throw strangerError();
  }

  #unasked(frame: Frame): void {
    if (this.#ended) return;
    const plain = frame.payload.length > 0 ? unseal(this.#key, frame.payload) : undefined;
    const reply = plain && readReply(plain);
    if (!reply) return this.#ground.log.debug('heard a message that cannot be read');
    if (this.#kept?.command === reply.command) this.#kept.replies.push(reply);
    else this.#heard(reply);
  }

  async #readable(characteristic: string): Promise<boolean> {
    try {
      await this.#link.read(characteristic);
      return true;
    } catch {
      return false;
    }
  }
}

/** A well-formed answer under another key: the lock was reset, or it is not this lock. */
export function strangerError(): LockError {
  return new LockError(
    'unauthenticated',
    'The lock does not know our key any more: it was reset or paired by somebody else. Pair it again.',
    { reason: 'key_refused' },
  );
}

/** "to the login" was not answered; "the login" was refused. */
function plainly(what: string): string {
  return what.replace(/^to /, '');
}

function name(number: number): string {
  return hex(Uint8Array.of(number));
}
