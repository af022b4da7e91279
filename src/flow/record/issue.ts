// Makes the record of a closed flow from its journal, and from nothing else: what is not in there is not claimed.
import { createHash } from 'node:crypto';
import { isPlausible } from '../../base/clock.ts';
import type { LockView } from '../../lock/lock.ts';
import type { JournalLine, KeptFlow } from '../journal.ts';
import { isWiped, overclaim } from './seal.ts';
import { FORMAT, type RecordBody, wordFor } from './words.ts';

export interface About {
  flow: KeptFlow;
  lines: readonly JournalLine[];
  /** As it is now, or as it was last, when it was removed. */
  lock: Pick<LockView, 'id' | 'name' | 'unit' | 'family' | 'facts' | 'generation'>;
}

type Grade = RecordBody['statements'][number]['grade'];
type Statement = RecordBody['statements'][number];

export function issue({ flow, lines, lock }: About): RecordBody {
  const statements = lines.flatMap(line => (line.kind === 'evidence' ? [statement(line)] : []));
  const left = lines.flatMap(line => (line.kind === 'residual' ? [residual(line)] : []));
  const residual_access = [...left, ...factoryNew(flow, lines)];
  const remembered = (name: string): unknown =>
    lines.findLast(line => line.kind === 'remembered' && line.data['name'] === name)?.data['value'];
  const erased = erasures(remembered);
  const generation = number(remembered('generation.before')) ?? lock.generation;
  const pivot = pivotOf(flow, lines);
  const ended = flow.endedAt ?? lines.at(-1)?.at ?? flow.startedAt;
  const body: Omit<RecordBody, 'kind' | 'title' | 'missing'> = {
    format: FORMAT,
    id: `r-${flow.id.replace(/^f-/, '')}`,
    subject: {
      lock: lock.id,
      name: lock.name,
      unit: lock.unit.name,
      family: lock.family,
      ...(lock.facts.model !== undefined && { model: lock.facts.model }),
      ...(lock.facts.firmware !== undefined && { firmware: lock.facts.firmware }),
      ...(lock.facts.serial !== undefined && { serial_hash: sha(`${lock.id} ${lock.facts.serial}`) }),
      generation_before: generation,
      generation_after: lock.generation,
    },
    flow: {
      id: flow.id,
      type: flow.type,
      rung: flow.plan.rung,
      reason: flow.plan.request.reason,
      goal: flow.plan.goal,
      plan_hash: flow.plan.hash,
      journal_lines: lines.length,
      journal_hash: lines.at(-1)?.hash ?? '',
      state: flow.state,
      started_at: iso(flow.startedAt),
      ...(pivot && { pivot_at: iso(pivot.at) }),
      ended_at: iso(ended),
      exposure_seconds: exposure(lines),
      clock: isPlausible(flow.startedAt) && isPlausible(ended) ? 'plausible' : 'doubtful',
    },
    people: people(flow, lines),
    erased,
    statements,
    residual_access,
    overrides: (flow.plan.request.overrides ?? []).map(({ rule, sentence }) => ({ rule, sentence })),
  };
  return judged(body);
}

/** The title says less when something is missing, and what. */
function judged(body: Omit<RecordBody, 'kind' | 'title' | 'missing'>): RecordBody {
  const { flow, subject, erased, residual_access } = body;
  const missing = [
    ...(flow.state.startsWith('succeeded') ? [] : [`The flow ended as "${flow.state.replaceAll('_', ' ')}".`]),
    ...residual_access.filter(({ kind }) => kind === 'still_opens').map(({ text }) => text),
    ...(isWiped(body) ? [] : erased)
      .filter(({ after }) => after === undefined)
      .map(({ kind }) => `What is left was not read: ${kind}.`),
    ...(wipes(flow.rung) && flow.pivot_at === undefined ? ['Nothing was erased.'] : []),
    ...(flow.rung === 'all_guests' && erased.length === 0 ? ['What was on the lock before was not read.'] : []),
  ];
  const name = `${flow.type} of "${subject.name}" (${subject.unit})`;
  const complete: RecordBody = { ...body, kind: 'record', title: `Record of the ${name}`, missing: [] };
  const trouble = missing.length > 0 ? undefined : overclaim(complete);
  if (missing.length === 0 && trouble === undefined) return complete;
  const why = trouble === undefined ? missing : [trouble];
  return { ...body, kind: 'incomplete', title: `Incomplete record of the ${name}: no proof`, missing: why };
}

/** The first act of a step from which there is no way back. */
function pivotOf({ plan }: KeptFlow, lines: readonly JournalLine[]): JournalLine | undefined {
  const pivots = new Set(plan.steps.filter(({ segment }) => segment === 'pivot').map(({ id }) => id));
  return lines.find(({ kind, step }) => kind === 'intent' && step !== undefined && pivots.has(step));
}

function wipes(rung: string): boolean {
  return rung === 'factory_reset' || rung === 'all_guests' || rung === 'one_person';
}

function statement(line: JournalLine): Statement {
  const { grade: said, what, who } = line.data;
  const grade = asGrade(said);
  return {
    word: wordFor(grade),
    grade,
    what: text(what),
    ...(grade === 'E1' && { by: typeof who === 'string' ? who : 'a person who was not named' }),
    ...(line.step !== undefined && { step: line.step }),
    at: iso(line.at),
  };
}

function residual({ data }: JournalLine): RecordBody['residual_access'][number] {
  const until = number(data['until']);
  return {
    kind: text(data['kind']).slice(0, 40),
    text: text(data['text']),
    ...(until !== undefined && { until: iso(until) }),
  };
}

/** A lock that was only unpaired is open to more people than before, which is no fault of the flow and must be said. */
function factoryNew({ plan, state }: KeptFlow, lines: readonly JournalLine[]): RecordBody['residual_access'] {
  const paired = lines.some(({ kind, step }) => kind === 'step' && step === 'repair.pair');
  if (plan.rung !== 'factory_reset' || paired || !state.startsWith('succeeded')) return [];
  const { what } = plan.exposure;
  const text = `It is factory-new: ${what}, and whoever is near can pair it, until it is paired again or off the door.`;
  return [{ kind: 'factory_new', text }];
}

/** `counts.before` is {kind: number}; `counts.after` is {kind: {left, grade}}. */
function erasures(remembered: (name: string) => unknown): RecordBody['erased'] {
  const before = (remembered('counts.before') ?? {}) as Readonly<Record<string, unknown>>;
  const after = (remembered('counts.after') ?? {}) as Readonly<Record<string, { left?: unknown; grade?: unknown }>>;
  return Object.entries(before).flatMap(([kind, count]) => {
    const left = number(after[kind]?.left);
    const had = number(count);
    if (had === undefined) return [];
    return [{ kind, before: had, ...(left !== undefined && { after: left }), grade: asGrade(after[kind]?.grade) }];
  });
}

function people(flow: KeptFlow, lines: readonly JournalLine[]): RecordBody['people'] {
  const name = (data: JournalLine['data']): string => `${text(data['who'] ?? data['by'])} (${text(data['via'])})`;
  const cleared = lines.findLast(line => line.kind === 'clearance');
  const hands = lines.filter(line => line.kind === 'answered').map(({ data }) => name(data));
  return {
    starter: `${flow.starter.who} (${flow.starter.via}, ${flow.starter.role})`,
    ...(cleared && { confirmer: name(cleared.data) }),
    hands: [...new Set(hands)],
  };
}

/** From each `exposed` to the next `covered`, in flow time; what was never covered counts to the end. */
function exposure(lines: readonly JournalLine[]): number {
  let total = 0;
  let since: number | undefined;
  for (const { kind, elapsed } of lines) {
    if (kind === 'exposed') since ??= elapsed;
    if (kind !== 'covered' || since === undefined) continue;
    total += elapsed - since;
    since = undefined;
  }
  if (since !== undefined) total += (lines.at(-1)?.elapsed ?? since) - since;
  return Math.round(total / 100) / 10;
}

/** What was never written down is said to be so. */
function text(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, 2000) : 'not noted';
}
function asGrade(value: unknown): Grade {
  return value === 'E3' || value === 'E2' || value === 'E1' ? value : 'E0';
}
function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
function iso(at: number): string {
  return new Date(at).toISOString();
}
function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
