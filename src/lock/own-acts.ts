// Our own commands, told again by the lock's log: so that "unlocked by the app" does not follow each of our unlocks.
import type { Clock } from '../base/clock.ts';
import type { Command, Happening } from './lock.ts';

const TYPE = { lock: 'locked', unlock: 'unlocked', unlatch: 'opened' } as const;
/** More than a log page of them is never waiting. */
const MOST = 25;

export class OwnActs {
  readonly #clock: Clock;
  #acts: Happening['type'][] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The command is done: what to tell of it. */
  done(command: Command): Happening {
    const type = TYPE[command.verb];
    this.#acts = [...this.#acts.slice(1 - MOST), type];
    return { type, source: 'remote', ok: true, at: this.#clock.now(), person: command.asker.who };
  }

  /** Whether the log entry is one of ours; lock clocks are minutes wrong, so kind and order decide. */
  isOurs(happening: Happening): boolean {
    const at = happening.source === 'app' ? this.#acts.indexOf(happening.type) : -1;
    if (at >= 0) this.#acts.splice(at, 1);
    return at >= 0;
  }
}
