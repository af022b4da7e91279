// Errors as problem documents (RFC 9457), with our codes. Nothing of a request is repeated in them: it may hold a PIN.
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type Code, LockError, type Acted } from '../../base/errors.ts';
import { shown } from '../../base/log.ts';

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: Code | 'internal';
  reason: string;
  detail: string;
  acted: Acted;
}

const STATUS: Readonly<Record<Code, readonly [status: number, title: string]>> = {
  invalid: [400, 'The request makes no sense'],
  forbidden: [403, 'Not allowed'],
  unauthenticated: [403, 'Not known'],
  not_found: [404, 'Not found'],
  busy: [409, 'Busy'],
  rejected: [409, 'The lock said no'],
  unsupported: [422, 'Not possible with this lock'],
  malformed: [502, 'The lock made no sense'],
  unreachable: [502, 'Not reachable'],
  stopped: [503, 'Stopped'],
  timeout: [504, 'No answer in time'],
  disk: [507, 'Not kept'],
};
/** By reason, where the code alone says too little: who is not let in yet, and who asks too often. */
const FINER: Readonly<Record<string, number>> = {
  login: 401,
  wrong_password: 401,
  link: 401,
  token: 401,
  rate: 429,
  too_many_tries: 429,
};

/** Unless the reason says more. */
export function statusOf(code: Code): number {
  return STATUS[code][0];
}

export function problemOf(error: LockError): Problem {
  const [status, title] = STATUS[error.code];
  return {
    type: `urn:latchbridge:problem:${error.code}`,
    title,
    status: FINER[error.reason] ?? status,
    code: error.code,
    reason: error.reason,
    detail: error.message,
    acted: error.acted,
  };
}

/** For what is not ours: the text stays in the log. */
export const INTERNAL: Problem = {
  type: 'urn:latchbridge:problem:internal',
  title: 'A fault in Latchbridge',
  status: 500,
  code: 'internal',
  reason: 'internal',
  detail: 'Something went wrong inside Latchbridge; its log says what. Look at the lock before you try again.',
  acted: 'maybe',
};

/** What fastify itself refuses: by its code, since its texts may quote the request. */
export function refusalOf(code: string, status: number): Problem {
  const [reason, detail] = REFUSALS[code] ?? ['bad_request', 'The request could not be read.'];
  return { ...problemOf(new LockError('invalid', detail, { reason })), status };
}
const NOT_JSON = 'The request must be JSON (content-type: application/json).';
const REFUSALS: Readonly<Record<string, readonly [reason: string, detail: string]>> = {
  FST_ERR_BAD_URL: ['address', 'The address could not be read.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The request is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['not_json', NOT_JSON],
  FST_ERR_CTP_INVALID_JSON_BODY: ['not_json', 'The request is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['not_json', 'The request says that it is JSON and is empty.'],
};

export function notJson(): LockError {
  return new LockError('invalid', NOT_JSON, { reason: 'not_json' });
}

/** What a schema found, by key. The schemas' own texts hold no values. */
export function invalid(error: z.ZodError): LockError {
  const texts = error.issues.map(issue => {
    const key = issue.path.map(String).join('.');
    return `${key === '' ? 'The request' : shown(key)}: ${shown(issue.message, 160)}`;
  });
  return new LockError('invalid', `${texts.join('. ')}.`, { reason: 'request' });
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
