// Looking after the daemon: health, doctor, audit, backup.
import { z } from 'zod';
import { given } from '../../base/given.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { auditFound, auditRow, backupMade, examination, healthReport } from './shapes/upkeep-shapes.ts';

/** A page of the audit. */
const MOST_ROWS = 500;
const USUAL_ROWS = 50;

export function upkeepRoutes({ health, examine, audit, auditCheck, backups, locks, pulse }: ApiParts): Route[] {
  return [
    ...['/health', '/api/health'].flatMap(url => healthRoutes(url, { health, ...given({ pulse }) })),
    route({
      method: 'GET',
      url: '/api/doctor',
      right: 'anyone',
      about: 'What the doctor finds, and where each setting comes from.',
      answer: examination,
      handle: () => examine(),
    }),
    route({
      method: 'GET',
      url: '/api/audit',
      right: 'manager',
      about: 'Who did what, newest first; goes on before the number `before`.',
      answer: z.strictObject({ lines: z.array(auditRow) }),
      query: z.strictObject({
        lock: z.string().min(1).max(64).optional(),
        before: z.coerce.number().int().min(1).optional(),
        most: z.coerce.number().int().min(1).max(MOST_ROWS).optional(),
      }),
      handle({ query }) {
        // A lock that is gone has left its lines: then this is its id.
        const lock = query.lock === undefined ? undefined : (locks.find(query.lock)?.id ?? query.lock);
        return { lines: audit.read({ ...given({ lock, before: query.before }), most: query.most ?? USUAL_ROWS }) };
      },
    }),
    route({
      method: 'GET',
      url: '/api/audit/check',
      right: 'manager',
      about:
        'Whether any line of the audit was changed. Who writes down `head` can see later whether the end was cut off.',
      answer: auditFound,
      handle: () => auditCheck(),
    }),
    route({
      method: 'POST',
      url: '/api/backup',
      right: 'manager',
      about: 'Makes a backup now.',
      answer: backupMade,
      fails: ['disk', 'busy'],
      handle: ({ asker }) => backups.backup(asker),
    }),
  ];
}

/** `live`: the process answers in time and can write, else 503 and a watchdog may restart it. `ready`: commands are taken, else 503. */
function healthRoutes(url: string, { health, pulse }: Pick<ApiParts, 'health' | 'pulse'>): Route[] {
  return [
    route({
      method: 'GET',
      url: `${url}/live`,
      right: 'open',
      about: 'Whether the process answers in time and can write; 503 when not. Radio and broker do not count.',
      answer: z.strictObject({ live: z.boolean() }),
      orElse: [503, 'It answers late, or nothing can be written.'],
      handle(_asked, reply) {
        const live = pulse?.().live ?? true;
        return reply.code(live ? 200 : 503).send({ live });
      },
    }),
    route({
      method: 'GET',
      url: `${url}/ready`,
      right: 'open',
      about: 'Whether commands are taken; 503 when not.',
      answer: z.strictObject({ ready: z.boolean() }),
      orElse: [503, 'Not ready: the keys are sealed.'],
      async handle(_asked, reply) {
        const { ready } = await health();
        return reply.code(ready ? 200 : 503).send({ ready });
      },
    }),
    route({
      method: 'GET',
      url,
      right: 'anyone',
      about: 'All parts as they are now.',
      answer: healthReport,
      handle: () => health(),
    }),
  ];
}
