// latchbridge backup: a copy of everything but the vault key, now.
import { command, jsonOption, whereOptions } from './command.ts';

/** A slow card, and a second copy on a stick. */
const BACKUP_MS = 120_000;

export const backup = command({
  name: 'backup',
  about: 'make a backup now',
  words: '',
  options: { ...jsonOption, ...whereOptions },
  more: ['One is made every hour anyway. The keys in it open only with the vault key, or with the recovery code.'],
  async run({ values, io, daemon }) {
    const client = await daemon();
    const done = await client.ask<{ path: string; bytes: number; second?: string }>('POST', '/api/backup', {
      withinMs: BACKUP_MS,
    });
    if (values.json) io.out(JSON.stringify(done));
    else
      io.out(
        `${done.path} (${Math.ceil(done.bytes / 1024)} KiB)${done.second === undefined ? '' : `, and ${done.second}`}`,
      );
    return 0;
  },
});
