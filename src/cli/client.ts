// Talks to the running daemon over its control socket.
import { type IncomingMessage, request } from 'node:http';
import { type Clock, unlessAborted, within } from '../base/clock.ts';
import { type Acted, type Code, LockError } from '../base/errors.ts';

/** The daemon answers from memory; what asks a lock says how long that may take. */
const ANSWER_MS = 20_000;

export interface Ask {
  body?: unknown;
  /** Default 20 s. */
  withinMs?: number;
}

/** An event of the daemon; what else is in it depends on its kind. */
export interface DaemonEvent {
  id: string;
  at: number;
  kind: string;
  [more: string]: unknown;
}

export class Client {
  readonly #socketPath: string;
  readonly #clock: Clock;

  constructor(socketPath: string, clock: Clock) {
    this.#socketPath = socketPath;
    this.#clock = clock;
  }

  /** The daemon's answer, or its refusal as the LockError that it was there. */
  async ask<T>(method: string, path: string, { body, withinMs = ANSWER_MS }: Ask = {}): Promise<T> {
    const { message, cancel } = this.#send(method, path, { body });
    const late = () => {
      const text = `The daemon did not answer within ${Math.round(withinMs / 1000)} s. Look at its log.`;
      return new LockError('timeout', text, { acted: method === 'GET' ? 'no' : 'maybe' });
    };
    const answer = message.then(async from => ({ status: from.statusCode ?? 0, text: await textOf(from) }));
    const { status, text } = await within(this.#clock, withinMs, answer, late).finally(cancel);
    if (status >= 400) throw refusal(text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.ask<T>('GET', path);
  }

  /** Hears events until the signal aborts (then it resolves) or the daemon ends (then it rejects). */
  async events(path: string, heard: (event: DaemonEvent) => void, signal: AbortSignal): Promise<void> {
    const { message, cancel } = this.#send('GET', path, {});
    try {
      const from = await unlessAborted(signal, message);
      if (from.statusCode !== 200) throw refusal(await textOf(from));
      await unlessAborted(signal, readEvents(from, heard));
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      cancel();
    }
  }

  #send(method: string, path: string, { body }: Ask): { message: Promise<IncomingMessage>; cancel: () => void } {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    // Without a length, the body of a DELETE has no end.
    const json = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent ?? '') };
    const headers = sent === undefined ? {} : json;
    const asked = request({ socketPath: this.#socketPath, method, path, headers, agent: false });
    const message = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.on('error', (cause: NodeJS.ErrnoException) => reject(noAnswer(cause, method)));
    });
    // Cancelling an answered request is nothing; otherwise its error has been told already.
    message.catch(() => undefined);
    asked.end(sent);
    return { message, cancel: () => void asked.destroy() };
  }
}

/** A lock's id or name as part of a path. */
export function lockPath(lock: string, rest = ''): string {
  return `/api/locks/${encodeURIComponent(lock)}${rest}`;
}

async function textOf(message: IncomingMessage): Promise<string> {
  try {
    let text = '';
    for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
    return text;
  } catch (cause) {
    throw noAnswer(cause as NodeJS.ErrnoException, 'POST');
  }
}

async function readEvents(message: IncomingMessage, heard: (event: DaemonEvent) => void): Promise<void> {
  let waiting = '';
  try {
    for await (const chunk of message.setEncoding('utf8')) {
      const lines = (waiting + String(chunk)).split('\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) heard(JSON.parse(line.slice(6)) as DaemonEvent);
    }
  } catch (cause) {
    throw ended(cause);
  }
  throw ended();
}

function ended(cause?: unknown): LockError {
  return new LockError('stopped', 'The daemon has stopped.', { reason: 'daemon_stopped', cause });
}

function noAnswer(cause: NodeJS.ErrnoException, method: string): LockError {
  const reason = ['ENOENT', 'ECONNREFUSED'].includes(cause.code ?? '') ? 'not_running' : 'no_answer';
  if (cause.code === 'EACCES') {
    const text = 'The control socket belongs to another user. Run this command as the user that runs the daemon.';
    return new LockError('forbidden', text, { reason: 'not_ours', cause });
  }
  const acted = reason === 'no_answer' && method !== 'GET' ? 'maybe' : 'no';
  return new LockError('unreachable', 'The daemon ended while it was asked. Look at its log.', {
    reason,
    acted,
    cause,
  });
}

/** A problem document as the error that it was. */
function refusal(text: string): LockError {
  const problem = parsed(text);
  const { code, reason, detail, acted } = problem as { code?: Code; reason?: string; detail?: string; acted?: Acted };
  return new LockError(code ?? 'malformed', detail ?? 'The daemon gave an answer that makes no sense.', {
    reason: reason ?? 'no_problem',
    acted: acted ?? 'no',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
