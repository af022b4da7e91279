// The virtual locks as the demo lists them. A daemon without that list is asked once.
import type { DemoLock } from '../../api.d.ts';
import { get } from '../../state/api.ts';
import { isMissing } from '../../state/refusal.ts';
import { hearEvents } from '../../state/live.ts';

let known: readonly DemoLock[] | undefined;
let missing = false;
let loading: Promise<void> | undefined;

/** Undefined where the daemon has no such list. */
export async function demoLocks(fresh: boolean): Promise<readonly DemoLock[] | undefined> {
  if (missing) return undefined;
  if (known && !fresh) return known;
  loading ??= load().finally(() => (loading = undefined));
  await loading;
  return known;
}

async function load(): Promise<void> {
  try {
    known = (await get<{ locks: DemoLock[] }>('api/demo/locks')).locks;
  } catch (thrown) {
    missing = isMissing(thrown);
  }
}

/** How often how they look is asked while much happens. */
const PAUSE_MS = 700;

/** Calls when something happened to a lock that may have changed how it looks. */
export function hearDemo(ear: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deaf = hearEvents(event => {
    if (event.kind === 'flow' || event.kind === 'pairing') return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void demoLocks(true).then(ear);
    }, PAUSE_MS);
  });
  return () => {
    clearTimeout(timer);
    deaf();
  };
}
