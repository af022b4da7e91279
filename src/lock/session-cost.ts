// What a way of keeping sessions costs: questions, minutes connected, and how long the batteries last with that.
import type { LockView, SessionMode } from './lock.ts';
import type { SessionCost } from './locks.ts';

/**
 * A rough model of a set of four AA cells, as shares of a set a day. Its three numbers come from two reports:
 * - makers print about a year for a door that is used some ten times a day by code or key: what stands by and what turns;
 * - August2MQTT held its lock connected round the clock, at an interval of 50 ms and a latency of 30 (so the lock wakes
 *   every 1.55 s), read it every 75 s, and a set lasted about 6 months (sessions.md 8).
 * The second is 1/180 a day, 1/365 of which is the first. Nobody has measured how the rest is shared between being connected
 * and answering; half each is assumed. So a lock that must be asked every 2 s lasts weeks, and one that is visited a year.
 */
const STANDBY = 1 / 365;
const REST = (1 / 180 - STANDBY) / 2;
const DAY_MS = 24 * 3600_000;
const CONNECTED_A_DAY = REST;
const A_QUESTION = REST / (DAY_MS / 75_000);

/** Before a lock was seen at work on demand: so many visits a day, each as long as a command lingers. */
const USUAL_VISITS = 10;
const USUAL_VISIT_MS = 30_000;
/** Login, state, log and the command itself. */
const USUAL_VISIT_QUESTIONS = 8;
/** What a lock is asked in a held session, when it has not said how often. */
const UNKNOWN_HOLD_MS = 2000;

/** What a lock has cost since it was added. */
interface Seen {
  questionsPerDay: number;
  connectedMsPerDay: number;
}

export function costsOf(view: LockView, addedAt: number, now: number): SessionCost[] {
  const holdEveryMs = view.abilities?.holdEveryMs ?? UNKNOWN_HOLD_MS;
  const seen = seenOf(view, addedAt, now);
  const wasHeld = seen.connectedMsPerDay > DAY_MS / 2;
  const visited: Seen = {
    connectedMsPerDay: USUAL_VISITS * USUAL_VISIT_MS,
    questionsPerDay: USUAL_VISITS * (USUAL_VISIT_QUESTIONS + USUAL_VISIT_MS / holdEveryMs),
  };
  const held: Seen = { connectedMsPerDay: DAY_MS, questionsPerDay: DAY_MS / holdEveryMs };
  // What was seen tells of the mode that the lock is in, unless it was in the other one for most of its time.
  const { session } = view.settings;
  return [
    costOf('on_demand', session === 'on_demand' && !wasHeld && seen.questionsPerDay > 0 ? seen : visited),
    costOf('held', session === 'held' && wasHeld ? seen : held),
  ];
}

function costOf(mode: SessionMode, { questionsPerDay, connectedMsPerDay }: Seen): SessionCost {
  const aDay = STANDBY + (CONNECTED_A_DAY * connectedMsPerDay) / DAY_MS + A_QUESTION * questionsPerDay;
  return {
    mode,
    questionsPerDay: Math.round(questionsPerDay),
    connectedMinutesPerDay: Math.round(connectedMsPerDay / 60_000),
    batteryDays: Math.round(1 / aDay),
  };
}

/** The first day counts as a whole one: pairing and trying out are no measure of the days to come. */
function seenOf({ stats }: LockView, addedAt: number, now: number): Seen {
  const days = Math.max(1, (now - addedAt) / DAY_MS);
  return {
    questionsPerDay: stats.roundTrips / days,
    connectedMsPerDay: Math.min(DAY_MS, stats.connectedMs / days),
  };
}
