// What went wrong with a request, as a person reads it: from a problem document, or from no answer at all.
import type { Problem } from '../api.d.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly title: string;
  /** 'maybe': the lock may have moved although no yes came. */
  readonly acted: 'no' | 'maybe';

  /** The page has codes of its own for what no daemon said. */
  constructor(problem: Omit<Problem, 'type' | 'code'> & { code: string }) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.reason = problem.reason;
    this.title = problem.title;
    this.acted = problem.acted;
  }
}

/** No answer came. `changing`: the request could have done something. */
export function noAnswer(changing: boolean): Refusal {
  const detail = changing
    ? 'Latchbridge did not answer. It may have done it all the same: look before you try again.'
    : 'Latchbridge does not answer. Check that it runs and that this device is in its network.';
  const acted = changing ? 'maybe' : 'no';
  return new Refusal({ status: 0, code: 'offline', reason: 'offline', title: 'No answer', detail, acted });
}

/** `body`: what came, parsed where it was JSON. A proxy in between answers in its own way. */
export function refusalFrom(status: number, body: unknown): Refusal {
  if (isProblem(body)) return new Refusal({ ...body, status });
  const gone = status === 404;
  return new Refusal({
    status,
    code: gone ? 'not_found' : 'unexpected',
    reason: gone ? 'route' : 'unexpected',
    title: gone ? 'Not here' : 'Unexpected answer',
    detail: gone
      ? 'This version of Latchbridge does not offer that.'
      : `Something between this page and Latchbridge answered (${status}). Reload the page; if it stays, look at the proxy.`,
    acted: 'no',
  });
}

/** Any thrown thing in words. */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof Refusal) return thrown.message;
  return 'Something went wrong in this page. Reload it and try again.';
}

/** The route is not there: an older daemon, or a part that is switched off. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Refusal && thrown.status === 404 && thrown.reason === 'route';
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { detail, code } = body as Partial<Problem>;
  return typeof detail === 'string' && typeof code === 'string';
}
