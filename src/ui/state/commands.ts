// Lock, unlock, open: what is pending and how it ended stands in the store, so that every view shows the same.
import type { LockView, Verb } from '../api.d.ts';
import { announce } from '../parts/toast.ts';
import { DONE } from '../text/lock-words.ts';
import { post, segment } from './api.ts';
import { Refusal, wordsOf } from './refusal.ts';
import { withPending, withRefused } from './state.ts';
import { store } from './store.ts';

/** A vibration says it to somebody who looks at the door and not at the screen. */
const YES_MS = 40;
const NO_MS = [60, 60, 60];

export async function send(lock: LockView, verb: Verb): Promise<void> {
  if (store.state.pending.has(lock.id)) return;
  store.change(state => withPending(state, lock.id, { verb, since: Date.now() }));
  try {
    await post(`api/locks/${segment(lock.id)}/command`, { verb });
    navigator.vibrate?.(YES_MS);
    announce(`${lock.name} is ${DONE[verb]}, says the lock.`);
  } catch (thrown) {
    navigator.vibrate?.(NO_MS);
    const maybe = thrown instanceof Refusal && thrown.acted === 'maybe';
    store.change(state => withRefused(state, lock.id, { text: wordsOf(thrown), at: Date.now(), maybe }));
  }
  store.change(state => withPending(state, lock.id, undefined));
}

export function dismiss(lock: LockView): void {
  store.change(state => withRefused(state, lock.id, undefined));
}
