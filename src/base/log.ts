// Logging with pino, and Secret: a value that prints as a mask wherever it ends up.
import { inspect } from 'node:util';
import { type DestinationStream, destination, pino, type Logger } from 'pino';

export type Log = Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

const MASK = '•••';

/**
 * A key, a PIN or a password. JSON, template strings, console, pino and error texts all show the mask; only `reveal()`
 * gives the value, so that `git grep reveal` lists every place where a secret is used.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** stdout belongs to the command line. */
export function stderr(): DestinationStream {
  return destination({ dest: 2, sync: true });
}

/** The children of each log, which have levels of their own. */
const children = new WeakMap<Log, WeakRef<Log>[]>();

/** One JSON line per entry on stderr or wherever the stream leads. */
export function makeLog(level: LogLevel, stream: DestinationStream = stderr()): Log {
  const made: WeakRef<Log>[] = [];
  const onChild = (child: Log): void => void made.push(new WeakRef(child));
  const log = pino({ level, base: null, onChild, timestamp: () => `,"time":"${new Date().toISOString()}"` }, stream);
  children.set(log, made);
  return log;
}

/** Of a log that `makeLog` made, and of all its children. */
export function setLevel(log: Log, level: LogLevel): void {
  log.level = level;
  for (const child of children.get(log) ?? []) {
    const still = child.deref();
    if (still) still.level = level;
  }
}

/** A log that says nothing, for tests and tools. */
export const silent: Log = pino({ level: 'silent' });

/** Text from outside (radio names, MQTT, files) made safe to show: at most 64 characters, no control characters. */
export function shown(text: string, most = 64): string {
  const clean = Array.from(text, c => (isControl(c.codePointAt(0) as number) ? '\u{fffd}' : c));
  return clean.length > most ? `${clean.slice(0, most - 1).join('')}…` : clean.join('');
}

/** C0, DEL, C1, and the marks that reorder or hide text. */
function isControl(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  );
}
