// What nobody may forget: a door that opens to the public, a flow that stands still. Counted over restarts.
import type { Clock } from '../../base/clock.ts';
import type { Stage } from './stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** flows.md 4.6 and 4.10. */
const PARKED_MS = [HOUR_MS, 24 * HOUR_MS];
const EXPOSED_MS = [HOUR_MS, 24 * HOUR_MS];
/** Somebody at the door says so this often; nobody for another round is an alarm. */
const BEAT_MS = MINUTE_MS;
const LOOK_MS = 15_000;

export class Alarms {
  readonly #stage: Stage;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #beat = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#clock = stage.parts.clock;
  }

  /** Called whenever something may have changed. Keeps a timer only while there is something to watch. */
  look(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { memory } = this.#stage.book;
    if (memory.closed) return;
    const waits = [...this.#exposed(), ...this.#parked()];
    if (waits.length === 0) return;
    this.#cancel = this.#clock.after(Math.max(1000, Math.min(...waits)), () => this.#guarded());
  }

  stop(): void {
    this.#cancel?.();
  }

  #guarded(): void {
    try {
      this.look();
    } catch (thrown) {
      // A full disk keeps the alarm from being noted, not from coming again.
      this.#stage.parts.log.error({ flow: this.#stage.book.kept.id, err: thrown }, 'an alarm could not be noted');
      this.#cancel = this.#clock.after(MINUTE_MS, () => this.#guarded());
    }
  }

  #exposed(): number[] {
    const stage = this.#stage;
    const { memory, kept, elapsed } = stage.book;
    if (memory.exposedSince === undefined) return [];
    const { what, limitSeconds } = kept.plan.exposure;
    const name = stage.view()?.name ?? 'a lock';
    const used = memory.exposedMs(elapsed);
    const limits = [limitSeconds * 1000, ...EXPOSED_MS].filter(limit => limit > 0);
    for (const limit of limits) {
      if (used < limit) continue;
      const text = `"${name}": for ${words(limit)} now ${what}. Pair it again, take it off, or secure the door another way.`;
      stage.notify(text, true, `exposed ${limit}`);
    }
    this.#presence(name, what);
    const next = limits.filter(limit => limit > used).map(limit => limit - used);
    return [...next, LOOK_MS];
  }

  /** Nobody has shown up for a while: it is said, and after another round everybody is told. */
  #presence(name: string, what: string): void {
    const stage = this.#stage;
    const since = this.#clock.elapsed() - stage.personAt;
    if (since < BEAT_MS) {
      this.#beat = false;
      return;
    }
    if (!this.#beat) stage.say(`Are you still at the door? Until it is paired, ${what}.`);
    this.#beat = true;
    if (since < 2 * BEAT_MS) return;
    stage.notify(`"${name}": ${what}, and nobody has said for ${words(2 * BEAT_MS)} that he is there.`, true, 'absent');
  }

  #parked(): number[] {
    const stage = this.#stage;
    const { parked } = stage.book.memory;
    if (!parked) return [];
    const since = Math.max(0, this.#clock.now() - parked.at);
    const name = stage.view()?.name ?? 'a lock';
    for (const limit of PARKED_MS) {
      if (since < limit) continue;
      const text = `"${name}": the ${stage.book.kept.type} stands still for ${words(limit)}: ${parked.text} ${parked.next ?? ''}`;
      stage.notify(text.trim(), true, `parked ${parked.at} ${limit}`);
    }
    return PARKED_MS.filter(limit => limit > since).map(limit => limit - since);
  }
}

function words(ms: number): string {
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms === HOUR_MS ? 'an hour' : `${Math.round(ms / HOUR_MS)} hours`;
}
