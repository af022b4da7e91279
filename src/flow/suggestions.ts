// Rules over what locks were seen to do: each suggests a flow to a person and never starts one. Source: flows.md S0-28..S0-32.
import { type Clock, every } from '../base/clock.ts';
import type { Happening, LockEvent, LockView } from '../lock/lock.ts';
import type { Heard } from '../lock/registry.ts';
import { type Series, type Trace, rules } from './suggestion-rules.ts';
import type { Suggestion } from './words.ts';

/** Six an hour show a trend, and a day of them is little to keep. */
const SAMPLE_MS = 10 * 60_000;
const DAY_MS = 24 * 3600_000;
/** A week of a battery. */
const KEEP_MS = 7 * DAY_MS;
/** An hour each once a sample is a day old. */
const COARSE_MS = 3600_000;
/** Of a lock that is turned all day. */
const MOST_HAPPENINGS = 200;

export interface SuggestionParts {
  locks: {
    all(): LockView[];
    hear(ear: (event: LockEvent) => void): () => void;
    hearAdverts(ear: (heard: Heard) => void): () => void;
  };
  clock: Clock;
}

export class Suggestions {
  readonly #parts: SuggestionParts;
  readonly #traces = new Map<string, Trace>();
  /** Since when each is so, by its id. */
  readonly #since = new Map<string, number>();
  readonly #stops: (() => void)[] = [];

  constructor(parts: SuggestionParts) {
    this.#parts = parts;
  }

  start(): void {
    const { locks, clock } = this.#parts;
    this.#stops.push(
      locks.hear(event => this.#heard(event)),
      locks.hearAdverts(heard => this.#advert(heard)),
      every(clock, SAMPLE_MS, () => this.#sample()),
    );
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** What is so now; evidence is made anew each time. */
  all(): readonly Suggestion[] {
    const now = this.#parts.clock.now();
    const found = this.#parts.locks.all().flatMap(view => {
      const trace = this.#traceOf(view.id);
      return rules.flatMap(({ name, suggests, look }) => {
        const seen = look({ view, trace, now });
        return seen ? [{ id: `${view.id}:${name}`, lock: view.id, rule: name, suggests, ...seen }] : [];
      });
    });
    const ids = new Set(found.map(({ id }) => id));
    for (const id of this.#since.keys()) if (!ids.has(id)) this.#since.delete(id);
    return found.map(one => {
      const since = this.#since.get(one.id) ?? now;
      this.#since.set(one.id, since);
      return { ...one, since };
    });
  }

  #sample(): void {
    const now = this.#parts.clock.now();
    for (const view of this.#parts.locks.all()) {
      const trace = this.#traceOf(view.id);
      const { rssi, lastHeard, state, stats } = view;
      const fresh = lastHeard !== undefined && now - lastHeard <= SAMPLE_MS;
      trace.series = thinned(trace.series, now);
      trace.series.push({
        at: now,
        losses: stats.losses,
        opens: stats.opens,
        ...(fresh && rssi !== undefined && { rssi }),
        ...(state.battery !== undefined && { battery: state.battery }),
      });
    }
    // Whoever asks later learns since when it is so.
    this.all();
  }

  #heard(event: LockEvent): void {
    const { id } = event.view;
    if (event.kind === 'removed') this.#traces.delete(id);
    else if (event.kind === 'happened') this.#happened(this.#traceOf(id), event.happening);
    // Another pairing: what the old one did is nothing to go by.
    else if (event.view.generation !== this.#traceOf(id).generation) {
      this.#traces.set(id, { ...fresh(), generation: event.view.generation });
    }
  }

  #happened(trace: Trace, happening: Happening): void {
    const now = this.#parts.clock.now();
    trace.happenings = trace.happenings.filter(one => now - one.heardAt <= DAY_MS).slice(1 - MOST_HAPPENINGS);
    const { type, source, ok, at, slot } = happening;
    trace.happenings.push({ type, source, ok, at, heardAt: now, known: slot !== undefined });
  }

  /** Anybody can send an advert: it is a reason to look, and nothing else. */
  #advert({ lock, recognised, driver }: Heard): void {
    if (lock === undefined) return;
    const trace = this.#traceOf(lock);
    // One that takes many clients offers itself because somebody at it wants that.
    if (recognised.state === 'pairable' && driver.nature.owners === 'one') trace.offeredAt = this.#parts.clock.now();
    else delete trace.offeredAt;
  }

  #traceOf(lock: string): Trace {
    let trace = this.#traces.get(lock);
    if (!trace) this.#traces.set(lock, (trace = fresh()));
    return trace;
  }
}

function fresh(): Trace {
  return { series: [], happenings: [] };
}

/** The last day as it was sampled, before that one an hour, for a week. */
function thinned(series: readonly Series[], now: number): Series[] {
  let last = Number.NEGATIVE_INFINITY;
  return series.filter(({ at }) => {
    const old = now - at;
    if (old > KEEP_MS || (old > DAY_MS && at - last < COARSE_MS)) return false;
    last = at;
    return true;
  });
}
