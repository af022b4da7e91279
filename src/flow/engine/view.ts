// A flow as people and bridges see it: no secrets, and no challenge outside its prompt.
import type { JournalLine } from '../journal.ts';
import type { FlowState, FlowView, PublicLine } from '../words.ts';
import type { Memory } from './memory.ts';
import type { Stage } from './stage.ts';

export function stateOf(stage: Pick<Stage, 'book' | 'waits' | 'recovering' | 'step'>): FlowState {
  const { memory } = stage.book;
  if (memory.closed) return memory.closed.state as FlowState;
  if (memory.parked) return 'needs_attention';
  if (memory.unwinding) return 'compensating';
  if (memory.isPaused) return 'paused';
  if (!memory.go) return 'planned';
  if (stage.recovering) return 'recovering';
  const open = memory.openPrompts();
  if (open.some(({ prompt }) => prompt.kind === 'clearance')) return 'awaiting_clearance';
  if (open.length > 0) return 'waiting_human';
  if (stage.waits.includes('window')) return 'waiting_window';
  if (stage.waits.includes('radio')) return 'waiting_radio';
  return stage.step?.kind.startsWith('verify') ? 'verifying' : 'running';
}

export function viewOf(stage: Stage, record?: string): FlowView {
  const { memory, kept } = stage.book;
  const { plan } = kept;
  const state = stateOf(stage);
  const isOpen = memory.closed === undefined;
  const left = isOpen ? stage.secondsLeft() : undefined;
  const step = isOpen && memory.go ? stepView(stage) : undefined;
  const name = stage.lastView()?.name;
  const { lineage } = plan.request;
  const stop = memory.closed?.stop ?? memory.parked ?? memory.unwinding;
  return {
    id: kept.id,
    type: kept.type,
    reason: plan.request.reason,
    ...(memory.lock !== undefined && { lock: memory.lock }),
    ...(name !== undefined && { lockName: name }),
    state,
    ...(step && { step }),
    atStake: atStake(stage),
    prompts: isOpen ? memory.openPrompts().map(kept => stage.promptOf(kept)) : [],
    progress: memory.progress,
    ...(stop && { stop: { code: stop.code, text: stop.text, ...(stop.next !== undefined && { next: stop.next }) } }),
    ...(left !== undefined && { expiresInS: left }),
    ...(isOpen && memory.exposedSince !== undefined && { exposure: exposure(stage) }),
    ...(memory.workOrder && { workOrder: memory.workOrder }),
    residuals: memory.residuals,
    starter: `${kept.starter.who} (${kept.starter.via})`,
    ...(memory.confirmer !== undefined && { confirmer: memory.confirmer }),
    holder: memory.holder ?? kept.starter.who,
    startedAt: kept.startedAt,
    ...(memory.pivotAt !== undefined && { pivotAt: memory.pivotAt }),
    ...(memory.closed && { endedAt: memory.closed.at }),
    ...(lineage !== undefined && { lineage }),
    plan,
    ...(record !== undefined && { record }),
  };
}

function stepView(stage: Stage): FlowView['step'] {
  const { memory, kept } = stage.book;
  const { step } = stage;
  if (!step) return undefined;
  const { id, title, kind, segment } = step;
  const startedAt = memory.begun?.at ?? memory.lastAt;
  return { id, title, kind, segment, number: memory.due + 1, of: kept.plan.steps.length, startedAt };
}

const NOTHING = 'Nothing has changed. You can stop.';
const HELD = 'Nothing is erased. The lock is kept for this flow alone; stopping gives it back.';

function atStake(stage: Stage): string {
  const { memory, kept } = stage.book;
  if (memory.closed) return memory.closed.stop?.text ?? `It is finished: ${kept.plan.goal}`;
  if (!memory.go) return NOTHING;
  const { step } = stage;
  const told = untilErased(stage) ?? step?.atStake ?? kept.plan.steps.at(-1)?.atStake ?? NOTHING;
  const words = told === NOTHING && memory.held ? HELD : told;
  if (!memory.parked) return words;
  const next = memory.parked.next === undefined ? '' : ` To go on: ${memory.parked.next}`;
  return `Stopped at "${step?.title ?? 'the end'}". ${words}${next}`;
}

/** At the act that erases its words come true only with the proof: what was asked last knows better, or nothing is erased yet. */
function untilErased({ book, step }: Stage): string | undefined {
  const { memory, kept } = book;
  if (memory.exposedSince !== undefined) return undefined;
  const asked = memory.lastAsked()?.atStake;
  if (asked !== undefined || step?.segment !== 'pivot' || kept.plan.rung !== 'factory_reset') return asked;
  if (memory.pivotAt === undefined)
    return `Nothing is erased yet. This step erases the lock: then ${kept.plan.exposure.what}.`;
  return memory.open === undefined
    ? undefined
    : `It is being erased now. Stay at the door: ${kept.plan.exposure.what}.`;
}

function exposure({ book }: Stage): NonNullable<FlowView['exposure']> {
  const { what, limitSeconds } = book.kept.plan.exposure;
  return { what, seconds: Math.round(book.memory.exposedMs(book.elapsed) / 1000), limitSeconds };
}

/** A line for people; undefined for those that say nothing to them. */
export function publicLine(line: JournalLine, memory: Pick<Memory, 'confirmer'>): PublicLine | undefined {
  const text = textOf(line, memory);
  if (text === undefined) return undefined;
  const { grade, who } = line.data as { grade?: PublicLine['grade']; who?: string };
  return {
    number: line.number,
    at: line.at,
    kind: line.kind,
    ...(line.step !== undefined && line.step !== '' && { step: line.step }),
    text,
    ...(line.kind === 'evidence' && grade !== undefined && { grade }),
    ...(line.kind === 'evidence' && grade === 'E1' && who !== undefined && { by: who }),
  };
}

// oxlint-disable-next-line typescript/no-explicit-any
type Words = (data: any) => string | undefined;

const WORDS: Readonly<Record<string, Words>> = {
  planned: data => `Planned by ${data.who} (${data.via}).`,
  go: data => `Let go by ${data.who} (${data.via}).`,
  step: data =>
    ({ begin: 'Begins.', end: data.outcome === 'ok' ? 'Done.' : 'Skipped.', back: `Goes back: ${data.text}` })[
      data.phase as string
    ],
  preflight: data => (data.ok ? 'Pre-flight passed.' : `Pre-flight refused (${data.rule}): ${data.text}`),
  clearance: data => `Cleared by ${data.who} (${data.via}).`,
  intent: data => `About to: ${data.what}.`,
  outcome: data => `Outcome: ${String(data.result).replaceAll('_', ' ')}.`,
  evidence: data => data.what,
  residual: data => `Left: ${data.text}`,
  asked: data => `Asked: ${data.text}`,
  answered: data => (data.withdrawn ? 'Not asked any more.' : `Answered by ${data.who} (${data.via}).`),
  said: data => data.text,
  exposed: data => `From now on ${data.what}.`,
  covered: () => 'The door counts as safe again: the lock has its own code now, or somebody sees to the door.',
  compensated: data => (data.ok ? 'Taken back.' : `Could not be taken back: ${data.text}`),
  parked: data => `Stopped: ${data.text}`,
  resumed: data => `Goes on (${data.who}).`,
  state: data => (data.unwinding ? `Is taken back: ${data.text}` : data.paused ? 'Paused.' : undefined),
  handed_over: data => `Handed over to ${data.to} by ${data.who}.`,
  work_order: data => (data.done ? 'Nobody has to go there any more.' : `Work order: ${data.text}`),
  notice: data => `All administrators were told: ${data.text}`,
  adopted: () => 'This flow is about that lock from now on.',
  closed: data => `Ended: ${String(data.state).replaceAll('_', ' ')}.${data.text ? ` ${data.text}` : ''}`,
};

function textOf(line: JournalLine, _memory: Pick<Memory, 'confirmer'>): string | undefined {
  return WORDS[line.kind]?.(line.data);
}
