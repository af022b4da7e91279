// How a command is carried out: what may be repeated, what must be asked first, and when it is over.
import { type Clock, sleep, stopped, whileWorking } from '../base/clock.ts';
import { LockError, asLockError, mayHaveActed } from '../base/errors.ts';
import type { Urgency } from '../radio/radio.ts';
import { POSITION, type Belief } from './belief.ts';
import type { LockSession } from './driver.ts';
import type { Command, Outcome } from './lock.ts';
import { pauseAfter } from './waits.ts';

/** Less than this left of the deadline is too little for a connection and a login. */
const TOO_LATE_MS = 700;

export interface ObeyParts {
  clock: Clock;
  belief: Belief;
  open(how: { urgency: Urgency; signal: AbortSignal }): Promise<LockSession>;
  /** Ends the session at the deadline, so that the open question fails with this error. */
  end(why: LockError): Promise<void>;
}

/**
 * Rules: the bolt moves at most once per command. After an unknown outcome a new session asks the state first; then only
 * `lock` is sent again, and only when the lock is not locked. `unlock` is repeated only while nothing can have been sent,
 * `unlatch` never.
 */
export async function obey(parts: ObeyParts, command: Command, signal: AbortSignal): Promise<Outcome> {
  const { clock, belief } = parts;
  const { verb } = command;
  const began = clock.elapsed();
  const done = (): Outcome => ({ command: command.id, verb, tookMs: Math.round(clock.elapsed() - began) });
  const hopeless = (pause = 0): boolean => signal.aborted || command.deadline - clock.elapsed() - pause < TOO_LATE_MS;
  let unsure: LockError | undefined;
  let asked = false;

  const once = async (session: LockSession): Promise<void> => {
    if (unsure) {
      await session.readState();
      if (belief.state.bolt === POSITION[verb]) return;
      if (verb !== 'lock') throw notConfirmed(verb, unsure);
    }
    belief.begin(verb);
    asked = true;
    await session.act(verb).catch((thrown: unknown) => {
      // Its yes got lost, but it has said by itself, since it was told to, that the bolt stands there.
      if (lost(thrown) && !belief.moving && belief.state.bolt === POSITION[verb]) return;
      unforeseen(thrown);
    });
    unsure = undefined;
    // The yes is in. Where the driver did not report where the bolt stands now, the lock is asked.
    if (belief.moving) await session.readState().catch(() => undefined);
  };

  for (;;) {
    try {
      const session = await parts.open({ urgency: 'person', signal });
      await atDeadline(parts, signal, () => once(session));
      return done();
    } catch (thrown) {
      let error = asLockError(thrown, 'unreachable', 'Talking to the lock failed.');
      if (error.acted === 'maybe') unsure = error;
      // What breaks because the time is up is told as that.
      if (signal.aborted && error.code !== 'rejected') error = stopped(signal);
      const final = error.code === 'rejected' || error.code === 'unsupported' || error.code === 'unauthenticated';
      const given = error.code === 'forbidden' || error.code === 'stopped' || error.reason === 'not_confirmed';
      const pause = pauseAfter(error);
      const late = hopeless(pause);
      if (final || given || late || (asked && verb === 'unlatch')) throw unsure ? mayHaveActed(error) : error;
      await sleep(clock, pause, signal).catch(() => undefined);
      if (hopeless()) throw unsure ? mayHaveActed(error) : error;
    }
  }
}

/** At the deadline the session ends, whatever it waits for. */
function atDeadline(parts: ObeyParts, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  return whileWorking(signal, () => void parts.end(stopped(signal)), work);
}

/** The lock said neither yes nor no. */
function lost(thrown: unknown): boolean {
  return thrown instanceof LockError && (thrown.code === 'timeout' || thrown.code === 'unreachable');
}

/** Of what nobody foresaw nobody knows how far it went. */
function unforeseen(thrown: unknown): never {
  throw asLockError(thrown, 'unreachable', 'Talking to the lock failed.', { acted: 'maybe' });
}

function notConfirmed(verb: string, cause: LockError): LockError {
  return new LockError(
    'timeout',
    `The lock did not confirm the ${verb}, and asked again it says otherwise. Look at it.`,
    {
      acted: 'maybe',
      reason: 'not_confirmed',
      cause,
    },
  );
}
