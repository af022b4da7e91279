// Lines of the log, which are JSON, as people read them.
import type { LogLine } from '../../lock/upkeep.ts';

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** pino counts them in tens from 10. */
const TENS = 10;
/** What stands elsewhere in a line. */
const HEAD = ['level', 'time', 'msg', 'part'];
const MOST_TEXT = 500;

/** Undefined for what is not a line of ours. */
export function logLine(line: string, number: number): LogLine | undefined {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { time, msg, part } = fields;
  return {
    number,
    at: typeof time === 'string' ? Date.parse(time) : 0,
    level: LEVELS[Math.min(Math.max(Math.round(Number(fields['level']) / TENS) - 1, 0), LEVELS.length - 1)] ?? 'info',
    ...(typeof part === 'string' && { part }),
    text: textOf(typeof msg === 'string' ? msg : '', fields),
  };
}

export function isAtLeast(level: LogLine['level'], least: LogLine['level']): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** `the broker is gone (err: ECONNREFUSED, url: mqtt://…)`. */
function textOf(message: string, fields: Readonly<Record<string, unknown>>): string {
  const more = Object.entries(fields).filter(([key]) => !HEAD.includes(key));
  const details = more.map(([key, value]) => `${key}: ${shortOf(value)}`).join(', ');
  const text = details === '' ? message : `${message} (${details})`;
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
}

/** An error is its message; its stack is in the log itself. */
function shortOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return typeof message === 'string' ? message : JSON.stringify(value);
}
