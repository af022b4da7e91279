// latchbridge export FILE: locks and their keys, sealed with a passphrase.
import { writeFileSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { command, whereOptions } from './command.ts';
import { readSecret } from './secrets.ts';

/** The key is made slowly on purpose: a second on a Pi, several on a busy one. */
const SEAL_MS = 60_000;

export const exporting = command({
  name: 'export',
  about: 'write locks and their keys into a file that only a passphrase opens',
  words: 'FILE [LOCK...]',
  options: {
    'passphrase-stdin': { type: 'boolean', about: 'the passphrase is piped in' },
    ...whereOptions,
  },
  more: ['Without names: every lock whose key we have. Whoever has file and passphrase can open the doors.'],
  async run({ words: [file = '', ...locks], values, io, daemon }) {
    const client = await daemon();
    const passphrase = await readSecret(io, {
      what: 'passphrase',
      option: 'passphrase-stdin',
      piped: values['passphrase-stdin'],
      twice: true,
    });
    const body = { passphrase: passphrase.reveal(), ...(locks.length > 0 ? { locks } : {}) };
    const sealed = await client.ask<unknown>('POST', '/api/export', { body, withinMs: SEAL_MS });
    write(file, `${JSON.stringify(sealed, null, 2)}\n`);
    io.out(
      `${shown(file, 200)} holds ${locks.length > 0 ? locks.join(', ') : 'every lock whose key we have'}. Keep it apart from its passphrase.`,
    );
    return 0;
  },
});

/** Never over another file: it may be the only copy of older keys. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    const text = why === 'EEXIST' ? 'exists already; choose another name' : `cannot be written (${why})`;
    throw new LockError('disk', `${shown(file, 200)} ${text}.`, { reason: 'file', cause });
  }
}
