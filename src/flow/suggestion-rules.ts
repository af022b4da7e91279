// The rules themselves: pure looks at what was noted of one lock. A rule that needs a trend says nothing without one.
import type { Happening, LockView } from '../lock/lock.ts';
import type { FlowType } from './words.ts';

/** One sample. */
export interface Series {
  at: number;
  losses: number;
  opens: number;
  rssi?: number;
  battery?: number;
}
export type Noted = Pick<Happening, 'type' | 'source' | 'ok' | 'at'> & { heardAt: number; known: boolean };

/** What was noted of one lock since the start. */
export interface Trace {
  generation?: number;
  series: Series[];
  happenings: Noted[];
  /** When it offered itself for pairing, if that was its last word. */
  offeredAt?: number;
}

export interface Look {
  view: LockView;
  trace: Trace;
  now: number;
}
export interface Rule {
  readonly name: string;
  readonly suggests: readonly FlowType[];
  readonly look: (look: Look) => { text: string; evidence: readonly string[] } | undefined;
}

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Doors stay quiet for a night, but a lock advertises every ten seconds at the least. */
const SILENT_MS = HOUR_MS;
/** A guest's day has some dozen sessions; one lost in five is not chance. */
const MOST_LOSSES = 8;
const MOST_LOST_SHARE = 0.2;
/** A closed metal door takes some 6 dB; twice that is a moved adapter or a dying battery. */
const FALL_DB = 12;
const WEAK_DBM = -88;
/** Enough samples that one bad hour does not count. */
const ENOUGH = 6;
const LOW_PERCENT = 20;
const EMPTY_PERCENT = 10;
const WEEK_DAYS = 7;
/** Minutes of drift are normal (ttlock.md 10). */
const DRIFT_MS = 15 * 60_000;
const JAMS = 3;
const AT_DOOR: ReadonlySet<string> = new Set(['keypad', 'card', 'finger']);

export const rules: readonly Rule[] = [
  { name: 'not_responding', suggests: ['diagnose', 'repair'], look: silent },
  { name: 'link_drops', suggests: ['diagnose'], look: drops },
  { name: 'signal_falls', suggests: ['diagnose'], look: signal },
  { name: 'battery_falls', suggests: ['diagnose'], look: battery },
  { name: 'unknown_opened', suggests: ['turnover', 'reset'], look: stranger },
  { name: 'clock_wrong', suggests: ['diagnose'], look: clockWrong },
  { name: 'jams', suggests: ['diagnose'], look: jams },
  { name: 'reset_outside', suggests: ['repair', 'diagnose'], look: resetOutside },
  { name: 'key_refused', suggests: ['diagnose', 'repair'], look: refused },
  { name: 'unsettled', suggests: ['diagnose'], look: unsettled },
];

/** S0-28. */
function silent({ view, now }: Look): ReturnType<Rule['look']> {
  if (view.lifecycle !== 'managed' || view.state.reachable || view.lastHeard === undefined) return undefined;
  const quiet = now - view.lastHeard;
  if (quiet < SILENT_MS) return undefined;
  return {
    text: `"${view.name}" has not been heard for ${hours(quiet)}: batteries, distance, or somebody took it away. Look why.`,
    evidence: [`last heard ${hours(quiet)} ago`, ...(view.rssi === undefined ? [] : [`then with ${view.rssi} dBm`])],
  };
}

/** S0-31. */
function drops({ view, trace, now }: Look): ReturnType<Rule['look']> {
  const day = trace.series.filter(({ at }) => now - at <= DAY_MS);
  const [first] = day;
  const last = day.at(-1);
  if (!first || !last) return undefined;
  const losses = last.losses - first.losses;
  const opens = last.opens - first.opens;
  if (losses < MOST_LOSSES || losses < opens * MOST_LOST_SHARE) return undefined;
  return {
    text: `"${view.name}" loses its connection often: ${losses} of ${opens} in a day. Look at signal, batteries and who else connects to it.`,
    evidence: [`${losses} of ${opens} sessions were lost in ${hours(last.at - first.at)}`, ...reasons(view)],
  };
}

/** S0-31, S0-34. */
function signal({ view, trace, now }: Look): ReturnType<Rule['look']> {
  const heard = trace.series.flatMap(({ at, rssi }) => (rssi === undefined ? [] : [{ at, rssi }]));
  const young = heard.filter(({ at }) => now - at <= 6 * HOUR_MS);
  const old = heard.filter(({ at }) => now - at > DAY_MS);
  if (young.length < ENOUGH) return undefined;
  const level = mean(young.map(({ rssi }) => rssi));
  const before = old.length < ENOUGH ? undefined : mean(old.map(({ rssi }) => rssi));
  const fell = before !== undefined && before - level >= FALL_DB;
  if (!fell && level > WEAK_DBM) return undefined;
  const was = before === undefined ? '' : `; before it was ${Math.round(before)} dBm`;
  return {
    text: `"${view.name}" is heard weakly. Bring the adapter nearer, or see what came between, such as a metal door.`,
    evidence: [`${Math.round(level)} dBm on the average of the last hours${was}`],
  };
}

/** S0-37. */
function battery({ view, trace }: Look): ReturnType<Rule['look']> {
  const levels = trace.series.flatMap(({ at, battery: percent }) => (percent === undefined ? [] : [{ at, percent }]));
  const [first] = levels;
  const last = levels.at(-1);
  const now = last?.percent ?? view.state.battery;
  if (now === undefined || view.lifecycle !== 'managed') return undefined;
  const days = first && last ? (last.at - first.at) / DAY_MS : 0;
  const fall = first && last ? first.percent - last.percent : 0;
  const left = days >= 1 && fall > 0 ? Math.floor(((now - EMPTY_PERCENT) / fall) * days) : undefined;
  const soon = left !== undefined && left < WEEK_DAYS;
  if (now > LOW_PERCENT && !soon) return undefined;
  const when = soon ? `At this pace they are empty in about ${Math.max(0, left)} days. ` : '';
  return {
    text: `The batteries of "${view.name}" have ${now} %. ${when}Put fresh ones in, all of one kind, or charge it.`,
    evidence: [`${now} % now`, ...(fall > 0 ? [`${fall} % used in ${Math.round(days)} days`] : [])],
  };
}

/** R19 after the fact: somebody came in with what nobody knows here. */
function stranger({ view, trace }: Look): ReturnType<Rule['look']> {
  const entered = trace.happenings.filter(
    one => one.ok && one.type === 'unlocked' && AT_DOOR.has(one.source) && !one.known,
  );
  if (entered.length === 0) return undefined;
  const sources = [...new Set(entered.map(({ source }) => source))];
  return {
    text: `"${view.name}" was opened by something that is on no list here (${sources.join(', ')}). If it was not the administrator code, read its codes; then turn it over or reset it.`,
    evidence: entered.map(({ source, at }) => `${source}, ${iso(at)} by the lock’s clock`).slice(-5),
  };
}

/** S0-32. What the lock wrote cannot lie in the future; how late it is read says nothing about a past. */
function clockWrong({ view, trace }: Look): ReturnType<Rule['look']> {
  const ahead = trace.happenings.filter(({ at, heardAt }) => at - heardAt > DRIFT_MS).at(-1);
  if (!ahead) return undefined;
  return {
    text: `The clock of "${view.name}" is wrong by ${hours(ahead.at - ahead.heardAt)}: codes with times open at other hours than they should.`,
    evidence: [`it wrote ${iso(ahead.at)} when it was ${iso(ahead.heardAt)}`],
  };
}

function jams({ view, trace }: Look): ReturnType<Rule['look']> {
  const jammed = trace.happenings.filter(({ type }) => type === 'jammed').length;
  if (jammed < JAMS) return undefined;
  return {
    text: `The bolt of "${view.name}" got stuck ${jammed} times in a day. See whether the door has sunk or the frame rubs.`,
    evidence: [`${jammed} times stuck in 24 hours`],
  };
}

/** S0-30. A security event: somebody was at the lock, or plays it. */
function resetOutside({ view, trace }: Look): ReturnType<Rule['look']> {
  if (trace.offeredAt === undefined || !['managed', 'orphaned'].includes(view.lifecycle)) return undefined;
  return {
    text: `Something that says it is "${view.name}" offers itself for pairing, although it is ours. It was reset at the door, or somebody imitates it. Look at the lock, then pair it again.`,
    evidence: [`offered itself ${iso(trace.offeredAt)}`, `here it is ${view.lifecycle}`],
  };
}

function refused({ view }: Look): ReturnType<Rule['look']> {
  if (view.lifecycle !== 'orphaned' && view.lifecycle !== 'foreign') return undefined;
  return {
    text: `"${view.name}" refuses our key: it was reset, paired by somebody else, or its maker’s app changed the key. Look which, then pair it again.`,
    evidence: [`it is ${view.lifecycle}`, ...(view.trouble ? [view.trouble.text] : [])],
  };
}

function unsettled({ view, trace, now }: Look): ReturnType<Rule['look']> {
  if (view.lifecycle !== 'limbo') return undefined;
  const [first] = trace.series;
  if (!first || now - first.at < HOUR_MS) return undefined;
  return {
    text: `Something was begun with "${view.name}" and nobody knows how it ended. Wake it, close to the adapter; it is asked as soon as it is heard.`,
    evidence: [view.trouble?.text ?? 'the outcome of an act is not known'],
  };
}

function reasons({ stats }: LockView): string[] {
  const all = Object.entries(stats.lossReasons).toSorted(([, a], [, b]) => b - a);
  return all.slice(0, 3).map(([reason, count]) => `${count} times ${reason.replaceAll('_', ' ')} since it was added`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function hours(ms: number): string {
  const whole = Math.round(ms / HOUR_MS);
  return whole < 2
    ? `${Math.round(ms / 60_000)} minutes`
    : whole < 48
      ? `${whole} hours`
      : `${Math.round(whole / 24)} days`;
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
