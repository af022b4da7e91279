// Questions to people: kept on the disk under one id until somebody answers, over restarts.
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { stopped } from '../../base/clock.ts';
import type { Asker } from '../../lock/lock.ts';
import type { PlannedStep } from '../plan.ts';
import type { Answer, Ask } from '../step.ts';
import type { AnswerRequest, Prompt, PromptOption } from '../words.ts';
import { mayAnswer, mayConfirm } from './authority.ts';
import type { Book } from './book.ts';
import type { KeptPrompt } from './memory.ts';
import type { FlowPolicy } from '../words.ts';

const PEOPLE: Prompt['roles'] = ['owner', 'manager', 'technician'];
const MASTERS: Prompt['roles'] = ['owner', 'manager'];
const DONE: readonly PromptOption[] = [
  { value: 'done', label: 'Done', means: 'yes' },
  { value: 'cancel', label: 'Cancel', means: 'no' },
];
const YES_NO: readonly PromptOption[] = [
  { value: 'yes', label: 'Yes', means: 'yes' },
  { value: 'no', label: 'No', means: 'no' },
];
/** What people type and say for an option that is called otherwise. */
const MEANINGS: Readonly<Record<string, PromptOption['means']>> = {
  done: 'yes',
  yes: 'yes',
  ok: 'yes',
  confirm: 'yes',
  skip: 'skip',
  no: 'no',
  cancel: 'no',
  help: 'help',
};

export interface AskingParts {
  book: Book;
  policy: FlowPolicy;
  random: (bytes: number) => Uint8Array;
  tellPrompt(prompt: KeptPrompt): void;
  tellAnswer(prompt: string, by: Asker): void;
  changed(): void;
}

interface Waiter {
  resolve(answer: Answer): void;
}

export class Asking {
  readonly #parts: AskingParts;
  readonly #waiting = new Map<string, Waiter>();

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** Rejects with the reason of the first signal that aborts. */
  async ask(step: Pick<PlannedStep, 'id' | 'honours'>, ask: Ask, signal: AbortSignal): Promise<Answer> {
    const all = ask.signal ? AbortSignal.any([signal, ask.signal]) : signal;
    if (all.aborted) throw stopped(all);
    const known = this.#known(step.id, ask);
    if (known?.answer) {
      known.replayed = true;
      return answerOf(known);
    }
    // One that was open before a restart is put once more: nobody has heard of it since.
    if (known) this.#parts.tellPrompt(known);
    const id = known?.prompt.id ?? this.#pose(step, ask);
    this.#parts.changed();
    return new Promise<Answer>((resolve, reject) => {
      const aborted = (): void => {
        this.#waiting.delete(id);
        // The radio was faster: the question is gone. A stop of the flow leaves it as it is.
        if (ask.signal?.aborted && !signal.aborted) this.#withdraw(id);
        reject(stopped(all));
      };
      all.addEventListener('abort', aborted, { once: true });
      const took = (answer: Answer): void => {
        all.removeEventListener('abort', aborted);
        this.#waiting.delete(id);
        resolve(answer);
      };
      this.#waiting.set(id, { resolve: took });
      // Whoever heard of the question may have answered it, or stopped the flow, while it was told.
      const early = this.#parts.book.memory.prompts.find(({ prompt }) => prompt.id === id);
      if (early?.answer) {
        early.replayed = true;
        took(answerOf(early));
      } else if (all.aborted) aborted();
    });
  }

  /** Throws `not_found`, `forbidden`, `invalid` or `rejected` (reason `expired`). On the disk when it returns. */
  answer(request: AnswerRequest, by: Asker): void {
    const { book, policy } = this.#parts;
    const kept = book.memory.prompts.find(({ prompt }) => prompt.id === request.prompt);
    if (!kept || kept.answer || kept.withdrawn) throw gone(request.prompt, kept !== undefined || this.#was(request));
    const { prompt } = kept;
    mayAnswer(prompt, by);
    const option = chosen(prompt, request.answer);
    const yes = option?.means === 'yes';
    // After a restart it is looked again whether all is still so: a yes is for what is known then.
    if (prompt.kind === 'clearance' && !this.#waiting.has(prompt.id)) throw notYet();
    if (prompt.kind === 'clearance' && yes) mayConfirm(by, { policy, starter: book.kept.starter });
    if (prompt.challenge !== undefined && yes && request.challenge !== prompt.challenge) throw this.#challenge(kept);
    const value = option?.value ?? request.answer;
    const said = { prompt: prompt.id, who: by.who, via: by.via, role: by.role, means: option?.means };
    book.write('answered', { ...said, ...(!prompt.secret && { value }) }, prompt.step);
    if (prompt.kind === 'clearance' && yes) {
      const { hash } = book.kept.plan;
      book.write('clearance', { who: by.who, via: by.via, role: by.role, plan: hash }, prompt.step);
    }
    this.#parts.tellAnswer(prompt.id, by);
    const waiter = this.#waiting.get(prompt.id);
    kept.replayed = waiter !== undefined;
    waiter?.resolve({ value, ...(option?.means && { means: option.means }), by });
    this.#parts.changed();
  }

  /** Asked already in this run of the step: open, or answered before a restart. A confirmation is never taken twice. */
  #known(step: string, { kind, text, secret }: Ask): KeptPrompt | undefined {
    return this.#parts.book.memory.prompts.find(({ prompt, answer, replayed, withdrawn }) => {
      if (prompt.step !== step || prompt.kind !== kind || prompt.text !== text || withdrawn) return false;
      return answer ? !replayed && !secret && kind !== 'clearance' : !this.#waiting.has(prompt.id);
    });
  }

  #pose(step: Pick<PlannedStep, 'id' | 'honours'>, ask: Ask): string {
    const { book, random } = this.#parts;
    const id = `p-${book.memory.asked + 1}`;
    const isPivot = ask.kind === 'clearance';
    const challenge = ask.challenge || isPivot ? fourDigits(random) : undefined;
    const options = ask.options ?? defaults(ask.kind);
    const { kind, text, spoken, secret, roles = isPivot ? MASTERS : PEOPLE, hold, says, atStake } = ask;
    const asked = { id, flow: book.kept.id, kind, text, spoken, options, roles, honours: step.honours };
    const more = given({ hold, says, atStake });
    book.write('asked', { ...asked, challenge, ...(secret && { secret }), ...more } as never, step.id);
    const kept = book.memory.prompts.find(({ prompt }) => prompt.id === id);
    if (kept) this.#parts.tellPrompt(kept);
    return id;
  }

  #withdraw(id: string): void {
    try {
      this.#parts.book.write('answered', { prompt: id, withdrawn: true });
    } catch {
      // A full disk: the step notices by itself, and its end takes the question away as well.
    }
    this.#parts.changed();
  }

  /** Guessing is made useless: each wrong number makes another one. */
  #challenge(kept: KeptPrompt): LockError {
    const { book, random } = this.#parts;
    const { step, askedAt: _at, ...asked } = kept.prompt;
    book.write('asked', { ...asked, challenge: fourDigits(random) } as never, step);
    this.#parts.tellPrompt(kept);
    const text = 'The number does not fit. Another one is shown now: send that one back with the answer.';
    return new LockError('invalid', text, { reason: 'wrong_challenge' });
  }

  #was(request: AnswerRequest): boolean {
    const number = Number(/^p-(\d+)$/.exec(request.prompt)?.[1] ?? Number.NaN);
    return number >= 1 && number <= this.#parts.book.memory.asked;
  }
}

function answerOf({ answer }: KeptPrompt): Answer {
  const { value = '', means, by } = answer as NonNullable<KeptPrompt['answer']>;
  return { value, by, ...(means !== undefined && { means: means as NonNullable<Answer['means']> }) };
}

/** The option that was meant; undefined only where anything may be typed. */
function chosen(prompt: Pick<Prompt, 'kind' | 'options'>, answer: string): PromptOption | undefined {
  if (prompt.kind === 'human_input' && prompt.options.length === 0) return undefined;
  const said = answer.trim().toLowerCase();
  const exact = prompt.options.find(({ value }) => value.toLowerCase() === said);
  const meant = MEANINGS[said];
  const found = exact ?? (meant && prompt.options.find(({ means }) => means === meant));
  if (found) return found;
  if (prompt.kind === 'human_input') return undefined;
  const list = prompt.options.map(({ value }) => value).join(', ');
  throw new LockError('invalid', `That is not one of the answers. Possible are: ${list}.`, { reason: 'wrong_option' });
}

function defaults(kind: Prompt['kind']): readonly PromptOption[] {
  if (kind === 'human_input') return [];
  return kind === 'human_do' ? DONE : YES_NO;
}

function gone(id: string, was: boolean): LockError {
  if (!was) return new LockError('not_found', `This flow has no question ${id}.`);
  return new LockError('rejected', 'That question is answered or not asked any more.', { reason: 'expired' });
}

function notYet(): LockError {
  const text = 'The flow looks again whether everything is still so. Answer in a moment, when it asks.';
  return new LockError('busy', text, { reason: 'not_yet' });
}

function fourDigits(random: (bytes: number) => Uint8Array): string {
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const number = high * 256 + low;
    // The last, incomplete ten thousand would make some numbers more likely.
    if (number < 60_000) return String(number % 10_000).padStart(4, '0');
  }
}

/** For R12: what somebody says who cannot get out. */
export function isLockedIn(answer: string): boolean {
  return /^locked[ _-]?in$/i.test(answer.trim());
}
