// Keys on paper and in files: export, import, the recovery code. Only for an owner.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Json } from '../../lock/driver.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { json } from './shapes/shape.ts';
import { carried, sealedFile } from './shapes/upkeep-shapes.ts';
import { isSealedFile, openFile, sealFile } from './sealed-file.ts';

/** Hundreds of locks of another program, each with its operation log. */
const IMPORT_BYTES = 4 * 1024 * 1024;

const passphrase = z.string().min(1).max(1024);
const recoveryCode = z.strictObject({ code: z.string().min(1).max(256) });

export function carryRoutes({ carrier, recovery, locks, random, clock }: ApiParts): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/export',
      right: 'owner',
      prove: true,
      about: 'Locks and their keys as a file that only the passphrase opens.',
      answer: sealedFile,
      fails: ['not_found', 'unauthenticated'],
      body: z.strictObject({ passphrase, locks: z.array(z.string().min(1).max(64)).min(1).optional() }),
      handle({ body, asker }) {
        const ids = body.locks?.map(lock => viewOf(locks, lock).id);
        return sealFile(carrier.pack(ids, asker), new Secret(body.passphrase), { random, now: clock.now() });
      },
    }),
    route({
      method: 'POST',
      url: '/api/import',
      right: 'owner',
      prove: true,
      about: 'Takes locks in from an export, or from a file of another program.',
      answer: carried,
      fails: ['unauthenticated', 'disk'],
      bodyLimit: IMPORT_BYTES,
      body: z.strictObject({ document: json, passphrase: passphrase.optional() }),
      async handle({ body, asker }) {
        const document = body.document as Json;
        if (!isSealedFile(document)) return { locks: carrier.adopt(new Secret(document), asker) };
        if (body.passphrase === undefined) {
          throw new LockError('invalid', 'This file opens only with the passphrase it was made with.', {
            reason: 'passphrase_needed',
          });
        }
        return { locks: carrier.unpack(await openFile(document, new Secret(body.passphrase)), asker) };
      },
    }),
    route({
      method: 'POST',
      url: '/api/recovery_code/show',
      right: 'owner',
      prove: true,
      about: 'The code that opens the keys on another machine. It is to be written on paper.',
      answer: z.strictObject({ code: z.string() }),
      fails: ['unauthenticated'],
      handle: ({ asker }) => ({ code: recovery.show(asker).reveal() }),
    }),
    route({
      method: 'POST',
      url: '/api/recovery_code/confirm',
      right: 'owner',
      about: 'The code typed back from paper: proof that somebody has it.',
      answer: z.strictObject({ confirmed: z.literal(true) }),
      fails: ['unauthenticated'],
      body: recoveryCode,
      handle({ body, asker }) {
        recovery.confirm(new Secret(body.code), asker);
        return { confirmed: true };
      },
    }),
    route({
      method: 'POST',
      url: '/api/recovery_code/enter',
      right: 'owner',
      about: 'Opens the keys after a restore on another machine.',
      answer: z.strictObject({ opened: z.literal(true) }),
      fails: ['disk'],
      body: recoveryCode,
      handle({ body, asker }) {
        recovery.enter(new Secret(body.code), asker);
        return { opened: true };
      },
    }),
  ];
}
