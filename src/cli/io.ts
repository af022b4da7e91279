// The terminal as commands see it: lines out, questions, standard input, Ctrl-C.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Clock, systemClock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { type Zone, makeZone } from '../base/zone.ts';

export interface Io {
  /** A line for whoever asked. */
  out(line: string): void;
  /** A line about what goes on, or went wrong. */
  err(line: string): void;
  /** Somebody sits there and can be asked. */
  readonly interactive: boolean;
  /** What somebody types; `hidden` does not show it. Rejects `stopped` on Ctrl-C. */
  ask(question: string, how?: { hidden?: boolean }): Promise<string>;
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
  // The reader of a pipe went away, as `| head` does.
  process.stdout.on('error', () => process.exit(0));
  return {
    out: line => void process.stdout.write(`${line}\n`),
    err: line => void process.stderr.write(`${line}\n`),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    ask: (question, { hidden = false } = {}) => ask(question, hidden),
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
    zone: makeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone),
  };
}

/** Questions go to stderr, so that what is asked for can be redirected. */
function ask(question: string, hidden: boolean): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  if (hidden) process.stderr.write(question);
  return new Promise((resolve, reject) => {
    lines.once('close', () => reject(interrupted()));
    lines.once('SIGINT', () => lines.close());
    lines.question(hidden ? '' : question, answer => {
      resolve(answer);
      lines.close();
      if (hidden) process.stderr.write('\n');
    });
  });
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_INPUT) throw new LockError('invalid', 'Too much was piped in.', { reason: 'usage' });
  }
  return text;
}

function interrupted(): LockError {
  return new LockError('stopped', 'Stopped.', { reason: 'interrupted' });
}
