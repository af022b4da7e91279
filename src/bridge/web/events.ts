// What happens, as numbered events that a reader can take up again after a lost connection.
import type { Clock } from '../../base/clock.ts';
import { hex } from '../../base/bytes.ts';
import type { Candidate, PairingEvent } from '../../flow/flow.ts';
import type { FlowEvent } from '../../flow/words.ts';
import type { EnrolNews } from '../../access/enrolment.ts';
import type { Happening, LockEvent, LockView, SettingValue } from '../../lock/lock.ts';
import type { ApiParts } from './parts.ts';

/** One event as readers get it. `id` is unique over restarts. */
export type ApiEvent = { id: string; at: number } & (
  | { kind: LockEvent['kind']; lock: LockView; from?: string; happening?: Omit<Happening, 'credential'> }
  | { kind: 'pairing'; pairing: PairingEvent }
  | { kind: 'codes'; lock: Named; slot: number }
  | { kind: 'tokens'; lock: Named; token: 'card' | 'finger'; slot: number }
  | { kind: 'settings'; lock: Named; values: Readonly<Record<string, SettingValue>> }
  | { kind: 'enrol'; lock: Named; enrol: EnrolNews }
  | { kind: 'flow'; lock?: Named; flow: FlowEvent }
);
interface Named {
  id: string;
  name: string;
}
type News = ApiEvent extends infer E ? (E extends ApiEvent ? Omit<E, 'id' | 'at'> : never) : never;

/** Enough for a page that reloads or a network that blinks. */
const KEPT = 256;
/** A lock advertises several times a second: the same news of it is told once in this time. */
const AGAIN_MS = 60_000;
/** Candidates remembered for that; the oldest go first. */
const MOST_CANDIDATES = 256;

export class Events {
  readonly #clock: Clock;
  /** Tells the numbers of this start from those of another. */
  readonly #start: string;
  readonly #kept: ApiEvent[] = [];
  readonly #ears = new Set<(event: ApiEvent) => void>();
  readonly #stops: (() => void)[];
  readonly #candidates = new Map<string, { state: string; until: number }>();
  #number = 0;

  constructor({ locks, pairing, access, workbench, flows, clock, random }: ApiParts) {
    this.#clock = clock;
    this.#start = hex(random(4));
    this.#stops = [
      locks.hear(event => this.#tell(ofLock(event))),
      pairing.hear(event => {
        if (event.kind !== 'candidate' || this.#isNews(event.candidate))
          this.#tell({ kind: 'pairing', pairing: event });
      }),
      access.hear((lock, slot, kind) => {
        const view = locks.find(lock);
        if (!view) return;
        if (kind === 'code') this.#tell({ kind: 'codes', lock: nameOf(view), slot });
        else this.#tell({ kind: 'tokens', lock: nameOf(view), token: kind, slot });
      }),
      workbench?.hear((lock, values) => {
        const view = locks.find(lock);
        if (view) this.#tell({ kind: 'settings', lock: nameOf(view), values });
      }) ?? (() => undefined),
      flows?.hear(event => {
        const { lock: id } = event.view;
        const view = id === undefined ? undefined : locks.find(id);
        this.#tell({ kind: 'flow', ...(view ? { lock: nameOf(view) } : {}), flow: event });
      }) ?? (() => undefined),
    ];
  }

  /** Whether what came after that event is still here. */
  knows(id: string): boolean {
    return this.#kept.some(event => event.id === id);
  }

  /** First what came after the event `last`, where it is still known; then everything. The answer stops it. */
  hear(ear: (event: ApiEvent) => void, last?: string): () => void {
    const at = this.#kept.findIndex(event => event.id === last);
    if (at >= 0) this.#kept.slice(at + 1).forEach(ear);
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** What the person at the lock is to do. */
  enrol(view: LockView, news: EnrolNews): void {
    this.#tell({ kind: 'enrol', lock: nameOf(view), enrol: news });
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#ears.clear();
  }

  #isNews({ address, state }: Candidate): boolean {
    const known = this.#candidates.get(address);
    if (known?.state === state && known.until > this.#clock.elapsed()) return false;
    this.#candidates.delete(address);
    this.#candidates.set(address, { state, until: this.#clock.elapsed() + AGAIN_MS });
    const [oldest] = this.#candidates.keys();
    if (this.#candidates.size > MOST_CANDIDATES && oldest !== undefined) this.#candidates.delete(oldest);
    return true;
  }

  #tell(news: News): void {
    this.#number += 1;
    const event = { id: `${this.#start}-${this.#number}`, at: this.#clock.now(), ...news } as ApiEvent;
    this.#kept.push(event);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const ear of this.#ears) ear(event);
  }
}

function nameOf({ id, name }: LockView): Named {
  return { id, name };
}

function ofLock(event: LockEvent): News {
  if (event.kind === 'renamed') return { kind: event.kind, lock: event.view, from: event.from };
  if (event.kind !== 'happened') return { kind: event.kind, lock: event.view };
  const { credential: _credential, ...happening } = event.happening;
  return { kind: event.kind, lock: event.view, happening };
}
