// The terminal as commands see it: lines out, questions, standard input, Ctrl-C.
import { type Clock, systemClock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { type Zone, isUtcHere, makeZone, utc } from '../base/zone.ts';
import { type AskHow, Screen, interrupted } from './screen.ts';

export interface Io {
  /** A line for whoever asked. */
  out(line: string): void;
  /** A line about what goes on, or went wrong. */
  err(line: string): void;
  /** Somebody sits there and can be asked. */
  readonly interactive: boolean;
  /** A line that the next one overwrites, where somebody watches; empty takes it away. */
  status(text: string): void;
  /** What somebody types. Rejects `stopped` on Ctrl-C. */
  ask(question: string, how?: AskHow): Promise<string>;
  /** Everything that is piped in. */
  input(): Promise<string>;
  /** Aborts on Ctrl-C. From the first look at it on, Ctrl-C does nothing else. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly zone: Zone;
}

/** More than any file of passwords or PINs. */
const MOST_INPUT = 64 * 1024;

export function terminal(): Io {
  let stop: AbortController | undefined;
  const screen = new Screen();
  // The reader of a pipe went away, as `| head` does.
  process.stdout.on('error', () => process.exit(0));
  return {
    out: line => screen.line(process.stdout, line),
    err: line => screen.line(process.stderr, line),
    status: text => screen.status(text),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    ask: (question, how) => screen.ask(question, how),
    input: readInput,
    get signal() {
      if (!stop) {
        const controller = new AbortController();
        process.on('SIGINT', () => controller.abort(interrupted()));
        process.on('SIGTERM', () => controller.abort(interrupted()));
        stop = controller;
      }
      return stop.signal;
    },
    clock: systemClock,
    zone: isUtcHere() ? utc : makeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone),
  };
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_INPUT) throw new LockError('invalid', 'Too much was piped in.', { reason: 'usage' });
  }
  return text;
}
