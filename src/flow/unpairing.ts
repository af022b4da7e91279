// The short way to UNPAIR: a plan and a token first, then the flow with that token as its confirmation.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Clock, deadline, unlessAborted } from '../base/clock.ts';
import { type Code, LockError, asLockError } from '../base/errors.ts';
import { hex } from '../base/bytes.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Audit } from '../lock/ports.ts';
import type { Registry } from '../lock/registry.ts';
import type { UnpairRequest, Unpaired, Unpairing, WipePlan } from './flow.ts';
import { leftOn } from './nature.ts';
import { FORGOTTEN } from './steps/emptying.ts';
import type { FlowEvent, FlowView, Flows, Prompt } from './words.ts';

const TOKEN_MS = 120_000;
/** One a lock at most. */
const MOST_LEFT = 1000;
/** Asking the lock, the copy, the wipe and the wait for a verdict; the flow goes on after it. */
const DONE_MS = 120_000;

/** How its flows are known again. */
const NOTE = 'lock/unpair';
const DAEMON: Asker = { via: 'daemon', who: 'unpairing', role: 'owner' };

export interface UnpairerParts {
  registry: Registry;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

interface Planned {
  hash: Buffer;
  flow: string;
  /** Which pairing it is about: another one since is not meant. */
  generation: number;
  until: number;
  request: UnpairRequest;
  forget(): void;
}

export class Unpairer implements Unpairing {
  readonly #parts: UnpairerParts;
  readonly #planned = new Map<string, Planned>();
  readonly #ender = new AbortController();
  #flows: Flows | undefined;
  #unhook: (() => void) | undefined;

  constructor(parts: UnpairerParts) {
    this.#parts = parts;
  }

  serve(flows: Flows): void {
    this.#flows = flows;
  }

  /** What was asked for before a restart, nobody waits for any more: its token is gone. Once flows are open. */
  start(): void {
    const flows = this.#served;
    const left = flows.all({ open: true, most: MOST_LEFT }).filter(({ plan }) => plan.request.note === NOTE);
    const ids = new Set(left.map(({ id }) => id));
    const cancel = (id: string): void => void flows.cancel(id, DAEMON).catch(() => undefined);
    for (const { id, pivotAt } of left) if (pivotAt === undefined) cancel(id);
    // One that was about to wipe asks for its confirmation anew.
    const late = ({ kind, view }: FlowEvent): void => {
      if (kind === 'prompt' && ids.has(view.id)) cancel(view.id);
    };
    if (ids.size > 0) this.#unhook = flows.hear(late);
  }

  stop(): void {
    this.#unhook?.();
    this.#ender.abort(new LockError('stopped', 'Latchbridge is stopping; the flow goes on afterwards.'));
    for (const planned of this.#planned.values()) planned.forget();
  }

  /** Any asker may plan: nothing runs until the token comes back. */
  async plan(request: UnpairRequest, asker: Asker): Promise<WipePlan> {
    const { audit, clock, random } = this.#parts;
    const { record } = this.#must(request.lock);
    await this.#drop(record.id, asker);
    const { remove, forget_only } = request;
    const how = { ...(remove && { remove }), ...(forget_only && { forget_only }) };
    const brief = { mode: 'brief', plan_only: true, note: NOTE } as const;
    const wish = { type: 'unpair', reason: 'other', lock: record.id, ...brief, ...how } as const;
    const view = await this.#served.start(wish, asker);
    const token = hex(random(16));
    this.#planned.set(record.id, {
      hash: digest(token),
      flow: view.id,
      generation: record.generation,
      until: clock.elapsed() + TOKEN_MS,
      request,
      forget: clock.after(TOKEN_MS, () => void this.#drop(record.id, asker)),
    });
    audit.write({ lock: record.id, via: asker.via, who: asker.who, what: 'unpair_planned' });
    const lock = this.#must(record.id).view();
    const kept = leftOn(this.#parts.registry, lock);
    return {
      ...describe(lock, view, { request, kept }),
      confirm_token: token,
      expires_in_s: TOKEN_MS / 1000,
      flow: view.id,
    };
  }

  async confirm(lock: string, token: string, asker: Asker): Promise<Unpaired> {
    const { audit, clock } = this.#parts;
    const keeper = this.#must(lock);
    const { id, name, generation } = keeper.record;
    if (asker.role !== 'owner' && asker.role !== 'manager') {
      throw new LockError('forbidden', 'Only an owner or a manager may confirm a wipe; automations may plan one.', {
        reason: 'not_authorised',
      });
    }
    const planned = this.#planned.get(id);
    const isGood = planned && planned.generation === generation && planned.until > clock.elapsed();
    if (!isGood || !timingSafeEqual(planned.hash, digest(token))) {
      const text = `That confirmation is not (or no longer) good for "${name}". Ask for the plan again and confirm within 2 minutes.`;
      throw new LockError('forbidden', text, { reason: 'clearance_expired' });
    }
    this.#planned.delete(id);
    planned.forget();
    const entry = { lock: id, via: asker.via, who: asker.who };
    audit.write({ ...entry, what: 'unpair_confirmed' });
    try {
      const done = await this.#run(keeper, planned, asker);
      audit.write({ ...entry, what: 'unpaired', detail: done.proven ? 'proven' : 'not proven' });
      return done;
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'Unpairing failed.');
      // What may not begin is no plan that anybody should see for ever.
      if (this.#served.get(planned.flow)?.state === 'planned') {
        await this.#served.cancel(planned.flow, DAEMON).catch(() => undefined);
      }
      audit.write({ ...entry, what: 'unpair_failed', detail: error.reason });
      throw error;
    }
  }

  get #served(): Flows {
    if (this.#flows) return this.#flows;
    throw new LockError('busy', 'Latchbridge is starting; try again in a moment.');
  }

  #must(lock: string): Keeper {
    const keeper = this.#parts.registry.keeper(lock);
    if (!keeper) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return keeper;
  }

  /** A plan that nobody confirmed is nothing that anybody should see for ever. */
  async #drop(lock: string, asker: Asker): Promise<void> {
    const planned = this.#planned.get(lock);
    if (!planned) return;
    this.#planned.delete(lock);
    planned.forget();
    await this.#served.cancel(planned.flow, { ...asker, role: 'owner' }).catch(() => undefined);
  }

  /** The token is the answer to the one question of the flow; to a second one it is none. */
  async #run(keeper: Keeper, { flow, request }: Planned, asker: Asker): Promise<Unpaired> {
    const flows = this.#served;
    const { clock } = this.#parts;
    let answered = false;
    let refused: LockError | undefined;
    const hear = (event: FlowEvent): void => {
      if (event.kind !== 'prompt' || event.view.id !== flow || !isConfirmation(event.prompt)) return;
      const { id: prompt, challenge } = event.prompt;
      const yes = { prompt, answer: 'confirm', ...(challenge !== undefined && { challenge }) };
      const again = answered;
      answered = true;
      // A moment later: who asks has to be listening for the answer first.
      const act = Promise.resolve().then(() => (again ? flows.cancel(flow, asker) : flows.answer(flow, yes, asker)));
      act.catch((thrown: unknown) => {
        refused = asLockError(thrown, 'forbidden', 'The wipe was not confirmed.');
        flows.cancel(flow, asker).catch(() => undefined);
      });
    };
    const unhook = flows.hear(hear);
    const limit = deadline(clock, DONE_MS, notYet, this.#ender.signal);
    try {
      await flows.resume(flow, asker);
      const view = keeper.view();
      const ended = await unlessAborted(limit.signal, flows.settled(flow));
      if (ended.state !== 'succeeded' && ended.state !== 'succeeded_with_residuals')
        throw refused ?? flows.failure?.(flow) ?? failed(ended);
      const { proven, text } = this.#outcome(flow, request, view);
      const { id } = keeper.record;
      const now = this.#parts.registry.find(id) ?? view;
      return { view: now, proven, removed: request.remove === true, text, flow };
    } finally {
      limit.clear();
      unhook();
    }
  }

  #outcome(flow: string, request: UnpairRequest, view: LockView): { proven: boolean; text: string } {
    if (request.forget_only) {
      const text = `${FORGOTTEN} ${leftOn(this.#parts.registry, view)}`;
      return { proven: false, text };
    }
    const lines = this.#served.lines(flow).filter(line => line.step === 'unpair.wipe' && line.grade !== undefined);
    const proof = lines.at(-1);
    return { proven: proof?.grade === 'E3', text: proof?.text ?? 'The lock forgot everything.' };
  }
}

function isConfirmation({ kind, step }: Prompt): boolean {
  return kind === 'clearance' || step === 'unpair.confirm_forget';
}

function notYet(): LockError {
  const text =
    'Whether the lock forgot us is not known yet; it is asked as soon as it is heard. If it is one that sleeps, wake it.';
  return new LockError('timeout', text, { acted: 'maybe', reason: 'not_confirmed' });
}

/** Of the stop codes; what is not here was refused. */
const CODES: Readonly<Record<string, Code>> = {
  not_heard: 'timeout',
  asleep: 'timeout',
  too_weak: 'timeout',
  adapter_down: 'unreachable',
  still_opens: 'rejected',
  disk: 'disk',
  busy: 'busy',
};

function failed({ stop, pivotAt }: FlowView): LockError {
  const { code = 'rejected', text = 'Unpairing did not come to its end.' } = stop ?? {};
  const acted = pivotAt === undefined ? 'no' : 'maybe';
  return new LockError(CODES[code] ?? 'forbidden', text, { reason: code, acted });
}

function describe(
  view: LockView,
  { plan }: FlowView,
  { request, kept }: { request: UnpairRequest; kept: string },
): Omit<WipePlan, 'confirm_token' | 'expires_in_s' | 'flow'> {
  const { id, name } = view;
  const steps = plan.steps.map(step => (step.segment === 'pivot' ? `${step.title}. ${step.text}` : `${step.title}.`));
  const what = { lock: id, name, steps, erases: plan.lost };
  if (request.forget_only) return { ...what, warnings: [FORGOTTEN, kept] };
  if (plan.rung === 'own_key') return { ...what, warnings: [`Afterwards ${plan.exposure.what}.`] };
  const byHand = !view.abilities?.verbs.includes('lock');
  const warnings = [
    'Until it is paired again anybody nearby can pair the lock, and a default code may open it.',
    ...(byHand ? ['It is closed by hand, so this is not checked: open it before you confirm.'] : []),
    ...(byHand || view.state.bolt === 'unlocked'
      ? []
      : ['It is not unlocked now: unlock it and open the door before you confirm.']),
  ];
  return { ...what, warnings };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
