// latchbridge bundle FILE: everything that a helper needs to know, and no secret.
import { writeFileSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { command, whereOptions } from './command.ts';

export const bundle = command({
  name: 'bundle',
  about: 'write a support bundle: what was tried and what came of it, without secrets',
  words: 'FILE [LOCK]',
  options: { ...whereOptions },
  more: [
    'Holds the lock’s model and firmware, the steps that were tried with their results, errors and the messages around them,',
    'health, log and audit. Keys, codes and passwords are taken out. Sending it to somebody is up to you.',
  ],
  async run({ words: [file = '', lock], io, daemon }) {
    const client = await daemon();
    const query = lock === undefined ? '' : `?lock=${encodeURIComponent(lock)}`;
    const { document } = await client.get<{ document: string }>(`/api/bundle${query}`);
    try {
      writeFileSync(file, `${document}\n`, { flag: 'wx', mode: 0o600 });
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code;
      const text = why === 'EEXIST' ? 'exists already; choose another name' : `cannot be written (${why})`;
      throw new LockError('disk', `${shown(file, 200)} ${text}.`, { reason: 'file', cause });
    }
    io.out(`${shown(file, 200)} holds no key, code or password. Read it before you send it to somebody.`);
    return 0;
  },
});
