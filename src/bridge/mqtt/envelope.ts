// The answer to a request or a command, in zigbee2mqtt's shape, and what is read from a message before it is understood.
import { z } from 'zod';
import { asLockError, LockError } from '../../base/errors.ts';
import { type Log, shown } from '../../base/log.ts';

export interface Envelope {
  status: 'ok' | 'error';
  data: unknown;
  error?: string;
  /** Stable lower_case word: LockError's reason. */
  code?: string;
  transaction?: unknown;
  /** The flow that it is about, or that is in the way. */
  flow?: string;
  /** One of a flood of the same refusals: answered only where an answer is expected. Never published. */
  untold?: boolean;
}

/** A transaction is echoed up to this length as JSON; it is somebody's number or a UUID. */
const MOST_TRANSACTION = 256;

export function succeeded(data: unknown): Envelope {
  return { status: 'ok', data };
}

/** Anything that is not a LockError keeps its text to the log: it may quote what was sent. */
export function failed(thrown: unknown, log: Log): Envelope {
  const error = asLockError(thrown, 'invalid', 'Something went wrong inside Latchbridge; its log says what.', {
    reason: 'internal',
  });
  if (error !== thrown) log.error({ error: thrown }, 'A request over MQTT failed unexpectedly.');
  return { status: 'error', data: {}, error: error.message, code: error.reason };
}

/** JSON that is an object; an empty payload is an empty one. Throws `malformed` (reason `bad_json`), never quoting it. */
export function bodyOf(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LockError('malformed', 'The message is not valid JSON.', { reason: 'bad_json' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LockError('malformed', 'The message must be a JSON object.', { reason: 'bad_json' });
  }
  return value as Record<string, unknown>;
}

/** What to echo, found even in JSON that is broken further on; undefined when there is none or it is too long. */
export function transactionOf(text: string): unknown {
  let found: unknown;
  try {
    found = bodyOf(text)['transaction'];
  } catch {
    const raw = /"transaction"\s*:\s*("(?:[^"\\]|\\.){0,250}"|-?\d{1,15})/.exec(text)?.[1];
    found = raw === undefined ? undefined : parsed(raw);
  }
  return keyOf(found) === undefined ? undefined : found;
}

/** A transaction as text, for telling one from another. */
export function keyOf(transaction: unknown): string | undefined {
  if (transaction === undefined) return undefined;
  try {
    const key = JSON.stringify(transaction);
    return key.length <= MOST_TRANSACTION ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The body as the schema has it, or `invalid` naming the field. Values are never quoted: they may be codes. */
export function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = shown(issue?.path.map(String).join('.') ?? '');
  const own = issue?.code === 'custom' ? issue.message : undefined;
  // What may stand there is ours, not theirs: it can be said.
  const values = issue?.code === 'invalid_value' ? `; it must be one of ${issue.values.map(String).join(', ')}` : '';
  const text =
    field === '' ? 'The message lacks what it needs.' : `"${field}" is missing or not what it should be${values}.`;
  throw new LockError('invalid', own ?? text);
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
