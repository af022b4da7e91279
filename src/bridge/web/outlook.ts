// What happens, as one reader of the stream may know it.
import type { LockView } from '../../lock/lock.ts';
import type { Sight } from './caller.ts';
import type { ApiEvent } from './events.ts';

/** What goes out of their sight is gone for them, and they are told so once. */
export class Outlook {
  readonly #sight: Sight;
  /** As they saw it last. */
  readonly #seen: Map<string, LockView>;

  constructor(sight: Sight, locks: readonly LockView[]) {
    this.#sight = sight;
    this.#seen = new Map((sight.all ? [] : locks.filter(view => sight.sees(view))).map(view => [view.id, view]));
  }

  /** Undefined for what is not theirs. What is about no lock at all is for those who see all of them. */
  of(event: ApiEvent): ApiEvent | undefined {
    const sight = this.#sight;
    if (sight.all) return event;
    if (event.kind === 'flow') return sight.flow(event.flow.view.id) ? event : undefined;
    if (!('lock' in event)) return undefined;
    if (!('unit' in event.lock)) return sight.lock(event.lock.id) ? event : undefined;
    const { id, at, lock } = event as Extract<ApiEvent, { lock: LockView }>;
    const before = this.#seen.get(lock.id);
    if (event.kind !== 'removed' && sight.sees(lock)) {
      this.#seen.set(lock.id, lock);
      return event;
    }
    this.#seen.delete(lock.id);
    const shown = before ?? (sight.sees(lock) ? lock : undefined);
    return shown && { id, at, kind: 'removed', lock: shown };
  }
}
