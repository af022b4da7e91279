// Flows made of notes: a short script of steps with the prompts, roles, challenges and refusals of the real ones.
import type { Clock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import type { Plan, PlannedStep } from '../../src/flow/plan.ts';
import {
  type AnswerRequest,
  CLOSED,
  type FlowEvent,
  type FlowRequest,
  type Flows,
  type FlowView,
  type Prompt,
  type PromptOption,
  type PublicLine,
  type Suggestion,
  type WorkOrder,
} from '../../src/flow/words.ts';
import type { Asker } from '../../src/lock/lock.ts';

/** Typed as the answer of the secret prompt; found in any output, it has leaked. */
export const NEW_CODE = '48150923';

export interface FakeStep {
  id: string;
  text: string;
  ask?: Partial<Pick<Prompt, 'kind' | 'options' | 'challenge' | 'secret' | 'roles' | 'expiresInS' | 'spoken'>>;
}

const YES_NO: readonly PromptOption[] = [
  { value: 'yes', label: 'Yes', means: 'yes' },
  { value: 'no', label: 'No', means: 'no' },
];
export const DONE: readonly PromptOption[] = [
  { value: 'done', label: 'Done', means: 'yes' },
  { value: 'skip', label: 'I cannot', means: 'skip' },
];
export const OPEN_DOOR: FakeStep = {
  id: 'opening.open_door',
  text: 'Open the door and leave it open.',
  ask: { kind: 'human_do', options: DONE, spoken: 'Open the door, please.', expiresInS: 120 },
};
export const CLEARANCE: FakeStep = {
  id: 'opening.clearance',
  text: 'Everything on the lock will be erased. Shall it be done?',
  ask: { kind: 'clearance', options: YES_NO, challenge: '4071', roles: ['owner', 'manager'] },
};
export const WIPE: FakeStep = { id: 'unpair.wipe', text: 'The lock forgets everything.' };
export const NEW_ADMIN: FakeStep = {
  id: 'repair.admin_code',
  text: 'Type the new admin code.',
  ask: { kind: 'human_input', options: [], secret: true, roles: ['owner'] },
};

const FROM_NOBODY_WITHOUT_RIGHT: Prompt['roles'] = ['owner', 'manager', 'technician'];

interface Held {
  view: FlowView;
  script: readonly FakeStep[];
  at: number;
  prompts: number;
  lines: PublicLine[];
  done: Promise<void>;
  finish: () => void;
}

/** Change its fields to say what flows do. */
export class FakeFlows implements Flows {
  /** What the next flow consists of. */
  script: readonly FakeStep[] = [OPEN_DOOR, CLEARANCE, WIPE];
  confirmByMqtt = true;
  suggested: Suggestion[] = [];
  readonly started: { request: FlowRequest; asker: Asker }[] = [];
  readonly answers: { flow: string; answer: AnswerRequest; asker: Asker }[] = [];
  readonly #clock: Clock;
  readonly #nameOf: (lock: string) => string | undefined;
  readonly #flows = new Map<string, Held>();
  readonly #ears = new Set<(event: FlowEvent) => void>();
  #count = 0;

  constructor(clock: Clock, nameOf: (lock: string) => string | undefined = () => undefined) {
    this.#clock = clock;
    this.#nameOf = nameOf;
  }

  get ears(): number {
    return this.#ears.size;
  }

  async start(request: FlowRequest, asker: Asker): Promise<FlowView> {
    if (request.type !== 'repair' && request.lock === undefined)
      throw new LockError('invalid', 'Say which lock it is about.', { reason: 'no_lock' });
    const other = this.all({ open: true, ...(request.lock === undefined ? {} : { lock: request.lock }) }).find(
      view => view.state !== 'planned',
    );
    if (other && request.lock !== undefined)
      throw new LockError('busy', `Flow ${other.id} (${other.type}) has the lock. Finish or cancel it first.`);
    this.started.push({ request, asker });
    this.#count += 1;
    const id = `f-${this.#count}`;
    const plan = planOf(request, this.script);
    const only = request.plan_only === true || asker.role === 'automation';
    const name = request.lock === undefined ? undefined : this.#nameOf(request.lock);
    const view: FlowView = {
      id,
      type: request.type,
      reason: request.reason,
      ...(request.lock === undefined ? {} : { lock: request.lock }),
      ...(name === undefined ? {} : { lockName: name }),
      state: 'planned',
      atStake: 'Nothing has changed. You can stop.',
      prompts: [],
      progress: [],
      residuals: [],
      starter: asker.who,
      holder: asker.who,
      startedAt: this.#clock.now(),
      plan,
    };
    let finish = (): void => undefined;
    const done = new Promise<void>(resolve => (finish = resolve));
    this.#flows.set(id, { view, script: this.script, at: -1, prompts: 0, lines: [], done, finish });
    this.#tell({ kind: 'started', view });
    if (!only) this.#next(id);
    return this.#must(id).view;
  }

  async preview(request: FlowRequest): Promise<Plan> {
    return planOf(request, this.script);
  }

  get(flow: string): FlowView | undefined {
    return this.#flows.get(flow)?.view;
  }

  all({ lock, open, most }: { lock?: string; open?: boolean; most?: number } = {}): FlowView[] {
    const isOpen = (view: FlowView): boolean => !CLOSED.includes(view.state);
    return [...this.#flows.values()]
      .map(held => held.view)
      .filter(view => (lock === undefined || view.lock === lock) && (open === undefined || isOpen(view) === open))
      .toReversed()
      .toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)))
      .slice(0, most);
  }

  async answer(flow: string, answer: AnswerRequest, asker: Asker): Promise<FlowView> {
    const { view } = this.#must(flow);
    const prompt = view.prompts.find(each => each.id === answer.prompt);
    if (!prompt)
      throw new LockError('not_found', 'That was answered already, or is not asked any more.', { reason: 'expired' });
    if (!prompt.roles.includes(asker.role))
      throw new LockError('forbidden', 'You may not answer this.', { reason: 'not_authorised' });
    if (prompt.kind === 'clearance' && asker.via === 'mqtt' && !this.confirmByMqtt)
      throw new LockError('forbidden', 'This is not confirmed over MQTT.', { reason: 'not_authorised' });
    if (prompt.challenge !== undefined && prompt.challenge !== answer.challenge)
      throw new LockError('invalid', 'Send the four digits of the question back.', { reason: 'wrong_challenge' });
    const means = meaningOf(prompt, answer.answer);
    this.answers.push({ flow, answer, asker });
    this.#change(flow, {
      prompts: [],
      ...(prompt.kind === 'clearance' ? { confirmer: asker.who } : {}),
    });
    this.#tell({ kind: 'answered', view: this.#must(flow).view, prompt: prompt.id, by: asker.who });
    if (means === 'no') return this.#end(flow, 'aborted_clean', { code: 'cancelled', text: 'It was not wanted.' });
    this.#next(flow);
    return this.#must(flow).view;
  }

  async cancel(flow: string, asker: Asker): Promise<FlowView> {
    if (asker.role === 'automation') throw new LockError('forbidden', 'You may not.', { reason: 'not_authorised' });
    return this.#end(flow, 'aborted_clean', { code: 'cancelled', text: 'It was cancelled; nothing has changed.' });
  }

  async pause(flow: string): Promise<FlowView> {
    return this.#change(flow, { state: 'paused' });
  }

  async resume(flow: string, asker: Asker): Promise<FlowView> {
    const { view, at } = this.#must(flow);
    if (asker.role === 'automation') throw new LockError('forbidden', 'You may not.', { reason: 'not_authorised' });
    if (at < 0) this.#next(flow);
    else this.#change(flow, { state: view.prompts.length > 0 ? 'waiting_human' : 'running' }, ['stop']);
    return this.#must(flow).view;
  }

  async handOver(flow: string, to: string): Promise<FlowView> {
    return this.#change(flow, { holder: to });
  }

  readonly comments: string[] = [];
  async comment(flow: string, text: string): Promise<FlowView> {
    this.comments.push(text);
    return this.#must(flow).view;
  }

  async emergency(): Promise<FlowView[]> {
    return this.all({ open: true }).map(view =>
      this.#end(view.id, 'aborted_clean', { code: 'emergency', text: 'An emergency ended it.' }),
    );
  }

  async settled(flow: string): Promise<FlowView> {
    await this.#must(flow).done;
    return this.#must(flow).view;
  }

  lines(flow: string): PublicLine[] {
    return this.#must(flow).lines;
  }

  suggestions(): readonly Suggestion[] {
    return this.suggested;
  }

  hear(ear: (event: FlowEvent) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** The radio sees that it was done: the prompt goes without an answer. */
  prove(flow: string): void {
    this.#change(flow, { prompts: [] });
    this.#next(flow);
  }

  say(flow: string, text: string): void {
    const { view } = this.#must(flow);
    this.#change(flow, { progress: [...view.progress, text].slice(-5) });
    this.#line(flow, 'said', text);
  }

  park(flow: string, stop: { code: string; text: string; next?: string }): void {
    this.#line(flow, 'parked', stop.text);
    this.#change(flow, { state: 'needs_attention', stop });
  }

  notice(flow: string, text: string, urgent = false): void {
    this.#tell({ kind: 'notice', view: this.#must(flow).view, text, urgent });
  }

  raise(flow: string, more: Partial<WorkOrder> = {}): void {
    const { view } = this.#must(flow);
    const order: WorkOrder = {
      flow,
      lock: view.lock ?? '',
      unit: 'Flat 3',
      text: 'Go to the lock and touch its keypad.',
      bring: ['4 AA batteries'],
      minutes: 5,
      fallback: 'The next guest gets a backup code.',
      raisedAt: this.#clock.now(),
      ...more,
    };
    this.#tell({ kind: 'work_order', view: this.#change(flow, { workOrder: order }), order });
  }

  change(flow: string, change: Partial<FlowView>): void {
    this.#change(flow, change);
  }

  #next(flow: string): void {
    const held = this.#must(flow);
    held.at += 1;
    const step = held.script[held.at];
    if (!step) {
      this.#end(flow, 'succeeded');
      return;
    }
    const planned = held.view.plan.steps[held.at] as PlannedStep;
    const { id, kind, segment, title } = planned;
    const where = {
      id,
      kind,
      segment,
      title,
      number: held.at + 1,
      of: held.script.length,
      startedAt: this.#clock.now(),
    };
    const prompts = step.ask ? [this.#prompt(held, step)] : [];
    const state = step.ask?.kind === 'clearance' ? 'awaiting_clearance' : step.ask ? 'waiting_human' : 'running';
    this.#change(flow, { step: where, prompts, state, atStake: planned.atStake });
    this.#line(flow, 'step', planned.text);
    const [prompt] = prompts;
    if (prompt) this.#tell({ kind: 'prompt', view: held.view, prompt });
    else this.#next(flow);
  }

  #prompt(held: Held, { id, text, ask = {} }: FakeStep): Prompt {
    held.prompts += 1;
    return {
      id: `p-${held.prompts}`,
      flow: held.view.id,
      step: id,
      kind: ask.kind ?? 'human_confirm',
      text,
      spoken: ask.spoken ?? text,
      options: ask.options ?? YES_NO,
      ...(ask.challenge === undefined ? {} : { challenge: ask.challenge }),
      ...(ask.secret ? { secret: true } : {}),
      roles: ask.roles ?? FROM_NOBODY_WITHOUT_RIGHT,
      honours: ['S0-03'],
      askedAt: this.#clock.now(),
      ...(ask.expiresInS === undefined ? {} : { expiresInS: ask.expiresInS }),
    };
  }

  #line(flow: string, kind: string, text: string): void {
    const held = this.#must(flow);
    const step = held.view.step?.id;
    const line: PublicLine = {
      number: held.lines.length + 1,
      at: this.#clock.now(),
      kind,
      text,
      ...(step === undefined ? {} : { step }),
    };
    held.lines.push(line);
    this.#tell({ kind: 'line', view: held.view, line });
  }

  #end(flow: string, state: FlowView['state'], stop?: NonNullable<FlowView['stop']>): FlowView {
    const held = this.#must(flow);
    const atStake = stop?.text ?? 'Nothing is at stake any more.';
    const { step: _step, ...rest } = held.view;
    held.view = { ...rest, state, prompts: [], atStake, endedAt: this.#clock.now(), ...(stop ? { stop } : {}) };
    this.#line(flow, 'closed', atStake);
    this.#tell({ kind: 'ended', view: held.view });
    held.finish();
    return held.view;
  }

  #change(flow: string, change: Partial<FlowView>, without: readonly (keyof FlowView)[] = []): FlowView {
    const held = this.#must(flow);
    const rest = Object.fromEntries(
      Object.entries(held.view).filter(([key]) => !without.includes(key as keyof FlowView)),
    );
    held.view = { ...rest, ...change } as FlowView;
    this.#tell({ kind: 'changed', view: held.view });
    return held.view;
  }

  #must(flow: string): Held {
    const held = this.#flows.get(flow);
    if (!held) throw new LockError('not_found', `There is no flow "${flow}".`, { reason: 'unknown_flow' });
    return held;
  }

  #tell(event: FlowEvent): void {
    for (const ear of this.#ears) ear(event);
  }
}

function meaningOf({ kind, options }: Prompt, word: string): PromptOption['means'] {
  if (kind === 'human_input') return 'yes';
  const plain = word.toLowerCase();
  const said = { done: 'yes', yes: 'yes', ok: 'yes', confirm: 'yes', skip: 'skip', no: 'no', cancel: 'no' }[plain];
  const option =
    options.find(each => each.value === word) ?? options.find(each => said !== undefined && each.means === said);
  if (!option) {
    const known = options.map(each => each.value).join(', ');
    throw new LockError('invalid', `Answer one of ${known}.`, { reason: 'unknown_answer' });
  }
  return option.means;
}

function planOf(request: FlowRequest, script: readonly FakeStep[]): Plan {
  const pivot = script.findIndex(step => step.ask?.kind === 'clearance');
  return {
    type: request.type,
    ...(request.lock === undefined ? {} : { lock: request.lock }),
    request,
    goal: 'The lock forgets us and everybody else.',
    rung: 'factory_reset',
    whyNotLess: 'Taking codes off would leave our own key on it.',
    lost: ['2 codes: Ada, Cleaner'],
    bring: [],
    minutes: 3,
    humanSteps: script.filter(step => step.ask).length,
    notes: [{ text: 'The reset button does not change a metal cylinder.', honours: ['S2-12'] }],
    procedure: { id: 'ttlock', title: 'TTLock deadbolt', sure: true, sources: ['ttl_js'] },
    restore: 'forbidden',
    exposure: { what: 'anybody nearby can pair it', limitSeconds: 600 },
    steps: script.map((step, i) => ({
      id: step.id,
      kind:
        step.ask?.kind === undefined || step.ask.kind === 'clearance' || step.ask.kind === 'plan'
          ? 'auto_ble'
          : step.ask.kind,
      segment: pivot >= 0 && i > pivot ? 'pivot' : 'reversible',
      title: step.id.replace(/^.*\./, '').replaceAll('_', ' '),
      text: step.text,
      honours: ['S0-03'],
      atStake: pivot >= 0 && i > pivot ? 'The lock is being wiped.' : 'Nothing has changed. You can stop.',
      evidence: 'E1',
      unattended: 'park',
    })),
    hash: 'ab'.repeat(32),
  };
}
