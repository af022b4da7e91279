// Moves of the bolt that nobody accounts for: locks tell at once that they moved and later, or never, by whose hand.
import './switches.ts';
import { DoorLock } from '@matter/main/clusters/door-lock';
import type { Clock } from '../../base/clock.ts';
import type { Bolt } from '../../lock/lock.ts';
import { type DoorEvent, OPERATION } from './happenings.ts';

type Type = DoorLock.LockOperationType;

/** To connect and read the log takes a battery lock so long at most while it is near. */
const PATIENCE = 5000;
const TYPES: Partial<Record<Bolt, Type>> = {
  locked: OPERATION.lock,
  unlocked: OPERATION.unlock,
  unlatched: OPERATION.unlatch,
};

export class Moves {
  readonly #clock: Clock;
  readonly #tell: (event: DoorEvent) => void;
  #waiting: { type: Type; cancel: () => void }[] = [];
  /** Some tell who it was before they tell that they moved. */
  #early: { type: Type; at: number }[] = [];

  constructor(clock: Clock, tell: (event: DoorEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** It stands elsewhere now, and none of our commands did it. */
  moved(bolt: Bolt): void {
    const type = TYPES[bolt];
    if (type === undefined) return;
    const early = this.#early.findIndex(one => one.type === type && this.#clock.elapsed() - one.at < PATIENCE);
    if (early >= 0) return void this.#early.splice(early, 1);
    const waiting = { type, cancel: this.#clock.after(PATIENCE, () => this.#unexplained(waiting)) };
    this.#waiting.push(waiting);
  }

  /** Somebody did it, who was told of. */
  explained(type: Type): void {
    const [first] = this.#waiting.filter(one => one.type === type);
    if (!first) {
      this.#early = [...this.#early.slice(-2), { type, at: this.#clock.elapsed() }];
      return;
    }
    first.cancel();
    this.#waiting = this.#waiting.filter(one => one !== first);
  }

  stop(): void {
    for (const { cancel } of this.#waiting.splice(0)) cancel();
  }

  #unexplained(waiting: { type: Type }): void {
    this.#waiting = this.#waiting.filter(one => one !== waiting);
    this.#tell({
      name: 'lockOperation',
      payload: {
        lockOperationType: waiting.type,
        operationSource: DoorLock.OperationSource.Unspecified,
        userIndex: null,
        fabricIndex: null,
        sourceNode: null,
        credentials: null,
      },
    });
  }
}
