// The live guide through a flow: one instruction at a time, what the lock says meanwhile, and questions that a person answers.
import { unlessAborted } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import type { AnswerRequest, FlowView, Prompt, PublicLine } from '../flow/words.ts';
import type { Client } from './client.ts';
import {
  endText,
  exposureText,
  duration,
  gradeText,
  howToAnswer,
  isClosed,
  promptText,
  stateText,
  workOrderText,
} from './flow-text.ts';
import { meantBy, questionText } from './flow-question.ts';
import type { Io } from './io.ts';

export const DONE = 0;
export const STOPPED = 1;
/** It is not at its end: it waits for somebody, or goes on without this terminal. */
export const OPEN = 3;

/** Clocks count by this; between them an event wakes the guide. */
const LOOK_MS = 1000;
/** Lines that stand below the heading of their step; that one was taken back begins nothing. */
const HEADED: readonly string[] = ['step', 'said', 'evidence', 'notice'];
/** Whoever waits for so little stays. */
const SHORT_MS = 30_000;

export interface Guided {
  client: Client;
  io: Io;
  flow: string;
  /** Confirms the plan and the pivot without asking; what only a person knows is asked all the same. */
  yes: boolean;
  json: boolean;
  self: string;
  /** Somebody comes back to it: what was said before the step that it is at is not said again. */
  fromNow?: boolean;
}

/** Resolves with the exit code at the end of the flow, on Ctrl-C, or where somebody is needed and nobody can be asked. */
export async function guide(guided: Guided): Promise<number> {
  return new Guide(guided).follow();
}

class Guide {
  readonly #guided: Guided;
  readonly #ended = new AbortController();
  #wake: () => void = () => undefined;
  #woken = false;
  /** The last line of the journal that was looked at. */
  #line = 0;
  #step = '';
  #atStake = '';
  #told = '';
  /** Prompts that were answered here: they may still be in the next look. */
  readonly #answered = new Set<string>();
  /** Ended the guide from within a question. */
  #failed: unknown;
  #asking: { question: string; withdraw: AbortController; typed: Promise<void> } | undefined;

  constructor(guided: Guided) {
    this.#guided = guided;
  }

  async follow(): Promise<number> {
    const { client, io, flow, self } = this.#guided;
    const path = `/api/events?flow=${encodeURIComponent(flow)}`;
    // Only to be quicker than the clock; without them it looks once a second.
    const heard = client.events(path, () => this.#rouse(), this.#ended.signal).catch(() => undefined);
    try {
      for (;;) {
        const view = await this.#look();
        const code = view && (await this.#tell(view));
        if (code !== undefined) return code;
        await this.#sleep();
      }
    } catch (thrown) {
      io.status('');
      const gone = thrown instanceof LockError && thrown.code === 'unreachable';
      const left = io.signal.aborted || (thrown instanceof LockError && thrown.reason === 'interrupted');
      if (gone || left) io.err(`The flow goes on without this terminal. Come back with: ${self} flow follow ${flow}`);
      if (!left) throw thrown;
      return OPEN;
    } finally {
      this.#withdraw();
      this.#ended.abort(new LockError('stopped', 'The guide has ended.'));
      await heard;
    }
  }

  /** Undefined where the lines that came after the view know of a later step: it is looked again at once. */
  async #look(): Promise<FlowView | undefined> {
    const { client, flow } = this.#guided;
    const path = `/api/flows/${encodeURIComponent(flow)}`;
    const view = await client.get<FlowView>(path);
    const { lines } = await client.get<{ lines: PublicLine[] }>(`${path}/lines`);
    // What the lock has answered is not asked any more, before it is said what it was.
    if (!view.prompts.some(prompt => this.#asking?.question === keyOf(prompt))) this.#withdraw();
    const isBack = this.#guided.fromNow === true && this.#line === 0;
    const at = lines.findLast(({ step }) => step !== undefined)?.step;
    const fresh = lines.filter(
      ({ number, step }) => number > this.#line && (!isBack || (at !== undefined && step === at)),
    );
    for (const line of fresh) this.#print(line, view);
    this.#line = Math.max(this.#line, lines.at(-1)?.number ?? 0);
    if (fresh.length === 0 || at === undefined || view.step === undefined || view.step.id === at) return view;
    this.#rouse();
    return undefined;
  }

  /** Says what is new; gives the exit code when there is nothing more to do here. */
  async #tell(view: FlowView): Promise<number | undefined> {
    const { io, json, self } = this.#guided;
    if (isClosed(view)) {
      this.#withdraw();
      io.status('');
      if (json) io.out(JSON.stringify(view));
      else for (const line of endText(view, self)) io.out(line);
      return view.state.startsWith('succeeded') ? DONE : STOPPED;
    }
    this.#where(view);
    const prompt = view.prompts.find(each => !this.#answered.has(each.id));
    if (prompt) return this.#prompted(view, prompt);
    this.#withdraw();
    if (await this.#stands(view)) return OPEN;
    io.status(this.#statusOf(view));
    return undefined;
  }

  /** Where it is, and what is true if it stops here; each once. */
  #where({ step, atStake }: FlowView): void {
    if (step) this.#stepped(step.id, `[${step.number}/${step.of}] ${step.title}`);
    if (atStake !== this.#atStake) {
      this.#atStake = atStake;
      this.#say(`      ${atStake}`);
    }
  }

  #stepped(id: string, head: string): void {
    if (id === this.#step) return;
    this.#step = id;
    this.#say(head);
  }

  /** Whether it goes no further while somebody looks on. */
  async #stands(view: FlowView): Promise<boolean> {
    const { io, json, self } = this.#guided;
    const { state, stop, id } = view;
    const said = `${state} ${stop?.code ?? ''}`;
    const isNew = said !== this.#told;
    this.#told = said;
    // Ten seconds without power are waited for here, the end of somebody's stay is not.
    const since = io.clock.now() - (view.step?.startedAt ?? view.startedAt);
    const isShort = state === 'waiting_window' && since < SHORT_MS;
    const waits = (state === 'needs_attention' || state === 'waiting_window') && !isShort;
    if (state !== 'planned' && state !== 'paused' && !waits) return false;
    if (isNew && !json) {
      io.status('');
      io.err(`It ${state === 'planned' ? 'is' : ''} ${stateText(state)}.`.replace('  ', ' '));
      if (stop) for (const line of [stop.text, ...(stop.next === undefined ? [] : [stop.next])]) io.err(line);
      if (view.workOrder) for (const line of workOrderText(view.workOrder, io.zone)) io.err(line);
      if (state === 'planned' || state === 'paused') io.err(`Go on with: ${self} flow resume ${id}`);
    }
    const stays = waits && io.interactive && !json;
    if (!stays && json) io.out(JSON.stringify(view));
    return !stays;
  }

  async #prompted(view: FlowView, prompt: Prompt): Promise<number | undefined> {
    const { io, yes, json, self } = this.#guided;
    const question = keyOf(prompt);
    if (this.#asking?.question === question) return undefined;
    this.#withdraw();
    io.status('');
    if (!json) for (const line of ['', ...promptText(prompt)]) io.err(line);
    const usual = prompt.options.find(option => option.means === 'yes');
    if (yes && usual && (prompt.kind === 'clearance' || prompt.kind === 'plan')) {
      this.#say(`${usual.label} (--yes)`);
      await this.#answer(prompt, usual.value, prompt.challenge);
      return undefined;
    }
    if (!io.interactive || json) {
      if (json) io.out(JSON.stringify(view));
      else io.err(`Answer with: ${howToAnswer(view.id, prompt, self)}`);
      return OPEN;
    }
    const withdraw = new AbortController();
    const typed = this.#ask(view, prompt, withdraw.signal).catch((thrown: unknown) =>
      this.#notAnswered(thrown, withdraw),
    );
    this.#asking = { question, withdraw, typed };
    return undefined;
  }

  /** Asks until it is an answer that the flow takes. */
  async #ask(view: FlowView, prompt: Prompt, signal: AbortSignal): Promise<void> {
    const { io } = this.#guided;
    const since = io.clock.elapsed();
    const left = (): string => {
      const seconds = prompt.expiresInS ?? view.expiresInS;
      return seconds === undefined ? '' : ` (${duration(seconds - (io.clock.elapsed() - since) / 1000)} left)`;
    };
    for (;;) {
      const ticking = (): string => `${questionText(prompt)}${left()}: `;
      const typed = await io.ask(ticking(), { hidden: prompt.secret === true, signal, ticking });
      const meant = await this.#meant(prompt, typed, signal);
      if (meant === undefined) {
        io.err(`That is none of ${prompt.options.map(option => option.label).join(', ')}.`);
        continue;
      }
      try {
        await this.#answer(prompt, meant.answer, meant.challenge);
        return this.#rouse();
      } catch (thrown) {
        if (!(thrown instanceof LockError) || isGone(thrown)) throw thrown;
        io.err(thrown.message);
        // It may be asked differently now: with other digits, or not at all.
        this.#asking = undefined;
        return this.#rouse();
      }
    }
  }

  /** What was meant, with the digits where they are still wanted. */
  async #meant(prompt: Prompt, typed: string, signal: AbortSignal): Promise<Omit<AnswerRequest, 'prompt'> | undefined> {
    const meant = meantBy(prompt, typed);
    if (!meant || meant.complete) return meant;
    const { challenge = '' } = prompt;
    const digits = await this.#guided.io.ask(`Type ${challenge} to confirm: `, { signal });
    return digits.trim() === challenge ? { ...meant, challenge } : undefined;
  }

  async #answer({ id }: Prompt, answer: string, challenge: string | undefined): Promise<void> {
    const { client, flow } = this.#guided;
    const body = { prompt: id, answer, ...(challenge === undefined ? {} : { challenge }) };
    await client.ask<FlowView>('POST', `/api/flows/${encodeURIComponent(flow)}/answer`, { body });
    this.#answered.add(id);
  }

  /** Ctrl-C ends the guide; that the question is not asked any more ends nothing. */
  #notAnswered(thrown: unknown, withdraw: AbortController): void {
    if (withdraw.signal.aborted) return;
    if (thrown instanceof LockError && isGone(thrown)) return this.#rouse();
    this.#failed = thrown;
    this.#rouse();
  }

  #withdraw(): void {
    this.#asking?.withdraw.abort(new LockError('stopped', 'It is not asked any more.', { reason: 'withdrawn' }));
    this.#asking = undefined;
  }

  #statusOf(view: FlowView): string {
    const { state, exposure, expiresInS, step } = view;
    const since = step ? (this.#guided.io.clock.now() - step.startedAt) / 1000 : 0;
    const parts = [
      exposure ? exposureText(exposure) : undefined,
      `${stateText(state)} ${step ? duration(since) : ''}`.trim(),
      expiresInS === undefined ? undefined : `${duration(expiresInS)} left`,
    ];
    return `  ${parts.filter(part => part !== undefined).join(' · ')}`;
  }

  #print(line: PublicLine, { plan }: FlowView): void {
    const text = shown(line.text, 400);
    // Many steps are over before anybody could look.
    const at = plan.steps.findIndex(step => step.id === line.step);
    if (at >= 0 && HEADED.includes(line.kind))
      this.#stepped(line.step as string, `[${at + 1}/${plan.steps.length}] ${plan.steps[at]?.title}`);
    if (line.kind === 'said') this.#say(`      ${text}`);
    if (line.kind === 'evidence' && line.grade) this.#say(`      = ${text} (${gradeText(line.grade, line.by)})`);
    if (line.kind === 'notice') this.#say(`      ! ${text}`);
  }

  #say(text: string): void {
    if (!this.#guided.json) this.#guided.io.err(text);
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake();
  }

  async #sleep(): Promise<void> {
    const { io } = this.#guided;
    if (!this.#woken) {
      const woken = new Promise<void>(resolve => (this.#wake = resolve));
      const cancel = io.clock.after(LOOK_MS, () => this.#wake());
      await unlessAborted(io.signal, woken).finally(cancel);
    }
    this.#woken = false;
    if (this.#failed !== undefined) throw this.#failed;
  }
}

/** Answered elsewhere, or proved by the lock meanwhile. */
function isGone({ code, reason }: LockError): boolean {
  return code === 'not_found' || reason === 'expired';
}

/** With other digits it is another question. */
function keyOf({ id, challenge = '' }: Prompt): string {
  return `${id} ${challenge}`;
}
