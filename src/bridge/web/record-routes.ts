// Signed records of what flows erased, and the support bundle.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import type { Asker } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import type { Recorder } from '../../flow/record/recorder.ts';
import { type Route, route } from './route.ts';
import { record, recordList } from './shapes/flow-shapes.ts';

const MOST = 500;

export interface RecordParts {
  records: Recorder;
  locks: Locks;
  /** The support bundle about one lock or all. */
  bundle: (lock: string | undefined, asker: Asker) => string;
}

export function recordRoutes({ records, locks, bundle }: RecordParts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/bundle',
      right: 'manager',
      about: 'A support bundle as text: what is known and what was tried, without secrets.',
      answer: z.strictObject({ document: z.string() }),
      query: z.strictObject({ lock: z.string().min(1).max(64).optional() }),
      handle: ({ query, asker }) => ({ document: bundle(query.lock, asker) }),
    }),
    route({
      method: 'GET',
      url: '/api/records',
      right: 'anyone',
      about: 'The records that there are, newest first. `kind` incomplete is no proof.',
      answer: recordList,
      query: z.strictObject({
        lock: z.string().min(1).max(64).optional(),
        most: z.coerce.number().int().min(1).max(MOST).optional(),
      }),
      handle({ query }) {
        // A lock that is gone has left its records: then this is its id.
        const lock = query.lock === undefined ? undefined : (locks.find(query.lock)?.id ?? query.lock);
        const found = records.all({ ...given({ lock }), most: query.most ?? MOST });
        return { records: found.map(({ id, flow, at, text }) => ({ id, flow, at, ...headOf(text) })) };
      },
    }),
    route({
      method: 'GET',
      url: '/api/records/:record',
      right: 'anyone',
      about: 'One record, by its id or that of its flow. `document` is the signed file, to be kept as it is.',
      answer: record,
      params: z.strictObject({ record: z.string().min(1).max(64) }),
      handle({ params }) {
        const found = records.get(params.record);
        if (!found)
          throw new LockError('not_found', 'There is no such record. A flow that erased nothing leaves none.');
        const { id, flow, at, text } = found;
        return { id, flow, at, ...headOf(text), document: text };
      },
    }),
    route({
      method: 'GET',
      url: '/api/record-key',
      right: 'anyone',
      about: 'The public key (Ed25519, base64url) that our records are signed with.',
      answer: z.strictObject({ public_key: z.string() }),
      handle: () => ({ public_key: records.publicKey() }),
    }),
  ];
}

function headOf(text: string): { kind: string; title: string } {
  const { record } = JSON.parse(text) as { record: { kind: string; title: string } };
  return { kind: record.kind, title: record.title };
}
