// The port through which bridges bring locks in: a wish or an open window, each carried out as a flow.
import { every, unlessAborted } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import type { Secret } from '../base/log.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Candidate, PairRequest, Pairing, PairingEvent } from './flow.ts';
import { AWAKE_MS, Joiner, type JoinerParts, LONGEST_S, ambiguous, anotherOne } from './joining.ts';
import { WindowTries } from './window-tries.ts';
import type { FlowEvent, FlowView, Flows } from './words.ts';

const LOOK_MS = 500;

/** How its flows are known again. */
const NOTE = 'lock/pair';
/** Steps in which the lock has heard nothing yet. */
const BEFORE = ['opening.plan', 'opening.health', 'opening.suspend', 'repair.find'];
const DAEMON: Asker = { via: 'daemon', who: 'pairing', role: 'owner' };

export interface PairerParts extends Omit<JoinerParts, 'started'> {}

export class Pairer implements Pairing {
  readonly joiner: Joiner;
  readonly #parts: PairerParts;
  readonly #ears = new Set<(event: PairingEvent) => void>();
  readonly #ender = new AbortController();
  #flows: Flows | undefined;
  #running = false;
  /** Given with the wish that runs: on no disk and in no journal. */
  #secret: Secret<string> | undefined;
  #openUntil: number | undefined;
  #closeWindow: (() => void) | undefined;
  readonly #unhooks: (() => void)[] = [];

  constructor(parts: PairerParts) {
    this.#parts = parts;
    this.joiner = new Joiner({
      ...parts,
      started: (address, lock) => this.#tell({ kind: 'started', address, lock }),
    });
  }

  /** From now on every pairing is a flow. */
  serve(flows: Flows): void {
    this.#flows = flows;
    this.#unhooks.push(flows.hear(event => this.#heard(event)));
  }

  /** Once flows are open: what was asked for before a restart, nobody waits for any more. */
  start(): void {
    for (const { id, plan, step } of this.#flows?.all({ open: true }) ?? []) {
      const isLooking = step === undefined || BEFORE.includes(step.id);
      if (plan.request.note === NOTE && isLooking) this.#flows?.cancel(id, DAEMON).catch(() => undefined);
    }
    this.#unhooks.push(this.#parts.nearby.hear(candidate => this.#tell({ kind: 'candidate', candidate })));
  }

  async stop(): Promise<void> {
    this.#ender.abort(new LockError('stopped', 'Latchbridge is stopping.'));
    for (const unhook of this.#unhooks.splice(0)) unhook();
    this.#closeWindow?.();
  }

  get openUntil(): number | undefined {
    return this.#openUntil;
  }

  candidates(): Candidate[] {
    return this.#parts.nearby.all();
  }

  hear(ear: (event: PairingEvent) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  permitJoin(seconds: number, asker: Asker): { open: boolean; until?: number } {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST_S) {
      throw new LockError('invalid', `The pairing window takes 0 to ${LONGEST_S} seconds.`);
    }
    this.#parts.audit.write({ via: asker.via, who: asker.who, what: 'permit_join', detail: `${seconds} s` });
    this.#closeWindow?.();
    if (seconds === 0) return { open: false };
    const { clock } = this.#parts;
    const tries = new WindowTries(clock);
    const stopLooking = every(clock, LOOK_MS, () => this.#lookFor(asker, tries));
    const cancelEnd = clock.after(seconds * 1000, () => this.#closeWindow?.());
    this.#openUntil = clock.now() + seconds * 1000;
    this.#closeWindow = () => {
      stopLooking();
      cancelEnd();
      this.#closeWindow = undefined;
      this.#openUntil = undefined;
      this.#tell({ kind: 'window', open: false });
    };
    this.#tell({ kind: 'window', open: true, until: this.#openUntil });
    return { open: true, until: this.#openUntil };
  }

  async pair(request: PairRequest, asker: Asker): Promise<LockView> {
    if (this.#running || this.joiner.running) throw anotherOne();
    this.joiner.check(request);
    this.#running = true;
    const { secret, ...wish } = request;
    this.#secret = secret;
    try {
      return await this.#byFlow(this.#served, wish, asker);
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'Pairing failed.');
      const address = request.address ?? this.joiner.known(request)?.record.address;
      const { reason, message } = error;
      this.#tell({ kind: 'failed', ...(address !== undefined && { address }), reason, text: message });
      throw error;
    } finally {
      this.#running = false;
      this.#secret = undefined;
    }
  }

  /** What was given with the wish of a flow, while somebody waits for it. */
  secretFor({ note }: { note?: string }): Secret<string> | undefined {
    return note === NOTE ? this.#secret : undefined;
  }

  get #served(): Flows {
    if (this.#flows) return this.#flows;
    throw new LockError('busy', 'Latchbridge is starting; try again in a moment.');
  }

  async #byFlow(flows: Flows, request: PairRequest, asker: Asker): Promise<LockView> {
    const reason = request.lock === undefined ? 'new_lock' : 'other';
    const { id } = await flows.start({ type: 'repair', reason, mode: 'brief', note: NOTE, ...request }, asker);
    const ended = await unlessAborted(this.#ender.signal, flows.settled(id));
    const view = ended.lock === undefined ? undefined : this.#parts.registry.find(ended.lock);
    if (view && succeeded(ended)) return view;
    throw flows.failure?.(id) ?? failed(ended);
  }

  /** A lock became ours in whatever flow, and its tests have passed. */
  #heard({ kind, view }: FlowEvent): void {
    if (kind !== 'ended' || view.lock === undefined || !succeeded(view)) return;
    const joins = view.plan.steps.some(step => step.id === 'repair.pair');
    const lock = this.#parts.registry.find(view.lock);
    if (joins && lock) this.#tell({ kind: 'paired', view: lock });
  }

  /** While the window is open: pairs a single candidate by itself. */
  #lookFor(asker: Asker, tries: WindowTries): void {
    if (this.#running || this.joiner.running) return;
    const found = this.#parts.nearby.pairable(AWAKE_MS);
    const [one] = found;
    if (!one) return;
    if (found.length > 1) {
      // When one of them falls asleep, the other one may still be the neighbour's.
      const error = ambiguous(found);
      this.#tell({ kind: 'failed', reason: error.reason, text: `${error.message} The window is closed.` });
      return this.#closeWindow?.();
    }
    const { hardware } = one.recognised;
    if (!tries.may(hardware)) return;
    this.pair({ seconds: 10 }, asker).catch((thrown: unknown) => {
      tries.failed(hardware);
      this.#parts.log.warn({ err: thrown }, 'pairing in the open window failed');
    });
  }

  #tell(event: PairingEvent): void {
    for (const ear of this.#ears) {
      try {
        ear(event);
      } catch (thrown) {
        this.#parts.log.error({ err: thrown }, 'a bridge failed to take an event');
      }
    }
  }
}

function succeeded({ state }: FlowView): boolean {
  return state === 'succeeded' || state === 'succeeded_with_residuals';
}

function failed({ stop }: FlowView): LockError {
  const text = stop?.text ?? 'The pairing did not come to its end.';
  return new LockError('rejected', text, { reason: stop?.code ?? 'rejected' });
}
