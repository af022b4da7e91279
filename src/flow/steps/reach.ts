// Waiting for a lock that is out of reach, and for a time of day.
import { LockError, asLockError } from '../../base/errors.ts';
import { type Clock, sleep } from '../../base/clock.ts';
import { isRefusal } from '../../lock/standing.ts';
import type { Scene } from '../step.ts';
import { heardWithin } from './observe.ts';

/** An advert comes every second to every ten; trying sooner again only costs battery. */
const PAUSE_MS = 5000;
/** Even without an advert it is tried this often: a scanner can be deaf, too. */
const UNHEARD_MS = 5 * 60_000;
/** One session with one answer; a lock at the edge of its range needs several tries to connect. */
const TRY_MS = 30_000;
/** Timers of the system end at 24 days, and the wall clock may be set meanwhile: it is looked at this often. */
const LOOK_MS = 3600_000;

/** Asks the lock until it answers: again at its next advert. Rejects only with what no waiting mends. */
export async function untilReached(scene: Scene): Promise<void> {
  while (!(await reachedNow(scene))) {
    const { id, name } = scene.keeper().record;
    scene.say(`"${name}" does not answer. This goes on by itself as soon as it is heard again.`);
    await scene.waiting(
      'radio',
      sleep(scene.tools.clock, PAUSE_MS, scene.signal).then(() =>
        heardWithin(scene, UNHEARD_MS, heard => heard.lock === id),
      ),
    );
  }
}

/** Whether it lets us in and answers. Its refusal of our key is an error. */
export async function reachedNow(scene: Scene): Promise<boolean> {
  const how = { urgency: 'person', what: 'ask the lock', ms: TRY_MS, signal: scene.signal } as const;
  try {
    await scene.keeper().work(how, session => session.readState());
    return true;
  } catch (thrown) {
    const error = asLockError(thrown, 'unreachable', 'The lock could not be asked.');
    if (scene.signal.aborted || isFinal(error)) throw refused(scene, error);
    return false;
  }
}

/** By the wall clock, which is looked at again and again, since it may be set. */
export async function untilTime(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  for (let left = at - clock.now(); left > 0; left = at - clock.now()) {
    await sleep(clock, Math.min(left, LOOK_MS), signal);
  }
}

/** What does not come from the radio: the disk, a sealed vault, a missing key, a refusal. */
function isFinal(error: LockError): boolean {
  return !['unreachable', 'timeout', 'malformed', 'busy', 'stopped', 'rejected'].includes(error.code);
}

function refused(scene: Scene, error: LockError): LockError {
  if (!isRefusal(error)) return error;
  const text = `"${scene.keeper().record.name}" refuses our key: it was reset, or paired by somebody else. Run a diagnosis, then pair it again.`;
  return new LockError('unauthenticated', text, { reason: 'key_refused', cause: error });
}
