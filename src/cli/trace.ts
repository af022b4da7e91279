// latchbridge trace NAME: what the lock says and is told, without secrets, in a file to show to others.
import { writeFileSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { LONGEST_TRACE_S, type Trace } from '../lock/trace.ts';
import { type Client, lockPath } from './client.ts';
import { command, whereOptions } from './command.ts';
import type { Io } from './io.ts';

const USUAL_S = 60;
/** Masking thousands of messages on a Pi. */
const MASKING_MS = 30_000;

export const trace = command({
  name: 'trace',
  about: 'write down what a lock says and is told, without secrets, to show to others',
  words: 'LOCK',
  options: {
    seconds: {
      type: 'number',
      value: 'N',
      least: 1,
      most: LONGEST_TRACE_S,
      about: `for how long, default ${USUAL_S}; Ctrl-C ends it early`,
    },
    out: { type: 'string', value: 'FILE', about: 'the file to write; its name must begin with the family' },
    ...whereOptions,
  },
  more: [
    'Use the lock meanwhile: lock and unlock it from here and by hand, set a code, read its log.',
    'Keys, codes, card numbers and addresses are replaced by others. Times of use stay in it.',
    'npm run vectors -- FILE, in a clone, runs the file as a test.',
  ],
  async run({ words: [lock = ''], values, io, daemon }) {
    const client = await daemon();
    const seconds = values.seconds ?? USUAL_S;
    const { meta, vectors } = await recorded(client, { lock, seconds, io });
    if (vectors.length === 0) {
      const text = 'Nothing was heard of the lock. Is it in range and awake? Touch it, then try again.';
      throw new LockError('unreachable', text, { reason: 'not_heard' });
    }
    const file = values.out ?? `${meta.family}-${lock}.trace.json`;
    write(file, `${JSON.stringify({ meta, vectors }, null, 1)}\n`);
    io.out(`${shown(file, 200)} holds ${vectors.length} messages of "${lock}", without secrets.`);
    return 0;
  },
});

async function recorded(client: Client, how: { lock: string; seconds: number; io: Io }): Promise<Trace> {
  const { lock, seconds, io } = how;
  io.err(`Listening to "${lock}" for ${seconds} s. Use the lock now; Ctrl-C ends it early.`);
  const path = lockPath(lock, '/trace');
  const enough = (): void => void client.ask('DELETE', path).catch(() => undefined);
  io.signal.addEventListener('abort', enough, { once: true });
  try {
    return await client.ask<Trace>('POST', path, { body: { seconds }, withinMs: seconds * 1000 + MASKING_MS });
  } finally {
    io.signal.removeEventListener('abort', enough);
  }
}

/** Never over another file. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    const text = why === 'EEXIST' ? 'exists already; choose another name with --out' : `cannot be written (${why})`;
    throw new LockError('disk', `${shown(file, 200)} ${text}.`, { reason: 'file', cause });
  }
}
