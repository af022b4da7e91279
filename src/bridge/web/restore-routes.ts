// Taking a backup away, and going back to one: first what the file would change, then a typed word.
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { Restores } from '../../lock/upkeep.ts';
import { type Route, route } from './route.ts';
import { restoreCheck } from './shapes/upkeep-shapes.ts';

/** Counted as it comes in, by whoever keeps it. */
const FILE_BYTES = 256 * 1024 * 1024;
const BINARY = 'application/octet-stream';

const file = z.custom<AsyncIterable<Uint8Array>>(
  body => typeof body === 'object' && body !== null && Symbol.asyncIterator in body,
  `send the file itself (content-type: ${BINARY})`,
);

export function restoreRoutes(restores: Restores): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/backup/file',
      right: 'owner',
      prove: true,
      about: 'A fresh backup as a file. Keys in it are sealed; it opens elsewhere with the recovery code only.',
      media: BINARY,
      fails: ['disk', 'busy'],
      async handle({ asker }, reply) {
        const { path, name } = await restores.file(asker);
        const kept = await open(path).catch((cause: unknown) => {
          const text = 'The backup was made and cannot be read. Look at the disk, then try again.';
          throw new LockError('disk', text, { reason: 'backup_unreadable', cause });
        });
        return reply
          .type(BINARY)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(kept.createReadStream());
      },
    }),
    route({
      method: 'POST',
      url: '/api/restore/check',
      right: 'owner',
      prove: true,
      about: 'Looks at a backup and says what going back to it would change. Changes nothing.',
      answer: restoreCheck,
      fails: ['disk', 'busy'],
      body: file,
      takes: BINARY,
      bodyLimit: FILE_BYTES,
      handle: ({ body, asker }) => restores.check(body, asker),
    }),
    route({
      method: 'POST',
      url: '/api/restore',
      right: 'owner',
      prove: true,
      about:
        'Goes back to the file that was looked at last. Latchbridge ends and starts again with it; what was is kept.',
      answer: z.strictObject({ text: z.string() }),
      fails: ['disk', 'not_found', 'unsupported'],
      body: z.strictObject({
        restore: z.string().min(1).max(64),
        confirm: z.literal('RESTORE', 'type the word RESTORE'),
      }),
      handle: ({ body, asker }) => restores.restore(body.restore, asker),
    }),
  ];
}
