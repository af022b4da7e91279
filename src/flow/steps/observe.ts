// Watching the air while a person acts: whichever proves it first ends the step.
import { sleep, stopped } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Heard } from '../../lock/registry.ts';
import type { Answer, Ask, Scene } from '../step.ts';

/** The first advert for which `wanted` holds, from now on. Rejects with the reason of the signal. */
export function heardNext(scene: Scene, wanted: (heard: Heard) => boolean, signal: AbortSignal): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unhook();
      signal.removeEventListener('abort', aborted);
    };
    const aborted = (): void => {
      end();
      reject(stopped(signal));
    };
    const unhook = scene.tools.registry.hearAdverts(heard => {
      if (!wanted(heard)) return;
      end();
      resolve(heard);
    });
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });
  });
}

/** Like `heardNext`, for at most `ms`; undefined when it was not heard. */
export async function heardWithin(
  scene: Scene,
  ms: number,
  wanted: (heard: Heard) => boolean,
): Promise<Heard | undefined> {
  const late = new AbortController();
  const signal = AbortSignal.any([scene.signal, late.signal]);
  const cancel = scene.tools.clock.after(ms, () => late.abort());
  try {
    return await heardNext(scene, wanted, signal);
  } catch (thrown) {
    if (late.signal.aborted && !scene.signal.aborted) return undefined;
    throw thrown;
  } finally {
    cancel();
  }
}

/** Resolves when nothing that `wanted` was heard for `ms`. */
export async function silence(
  scene: Scene,
  ms: number,
  how: { wanted: (heard: Heard) => boolean; signal: AbortSignal },
): Promise<void> {
  let last = scene.tools.clock.elapsed();
  const unhook = scene.tools.registry.hearAdverts(heard => {
    if (how.wanted(heard)) last = scene.tools.clock.elapsed();
  });
  try {
    for (;;) {
      const left = last + ms - scene.tools.clock.elapsed();
      if (left <= 0) return;
      await sleep(scene.tools.clock, left, how.signal);
    }
  } finally {
    unhook();
  }
}

export type Proof<T> = { by: 'person'; answer: Answer } | { by: 'radio'; seen: T };

/** Asks and watches at once. The loser is withdrawn. An error of the watching leaves the question open. */
export async function askOrSee<T>(scene: Scene, ask: Ask, see: (signal: AbortSignal) => Promise<T>): Promise<Proof<T>> {
  const ended = new AbortController();
  const signal = AbortSignal.any([scene.signal, ended.signal]);
  const person = scene.ask({ ...ask, signal }).then(answer => ({ by: 'person' as const, answer }));
  const radio = see(signal).then(seen => ({ by: 'radio' as const, seen }));
  // Of the two only one is needed: what the other one says afterwards is nobody's business.
  person.catch(() => undefined);
  radio.catch(() => undefined);
  const watched = radio.catch(() => person);
  try {
    return await Promise.race([person, watched]);
  } finally {
    ended.abort(new LockError('stopped', 'It is known by now.'));
  }
}

/** The usual answers to "do this". */
export const DONE = { value: 'done', label: 'Done', means: 'yes' } as const;
export const CANCEL = { value: 'cancel', label: 'Cancel', means: 'no' } as const;
export const SKIP = { value: 'skip', label: 'Skip', means: 'skip' } as const;

/** A person who says no ends the flow where that is still possible. */
export function cancelled(who: string): LockError {
  return new LockError('stopped', `${who} cancelled it.`, { reason: 'cancelled' });
}
