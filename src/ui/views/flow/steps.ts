// The plan as a person follows it: where it stands, and in which stretch: can be undone, no way back, only forward.
import type { FlowView, PlannedStep, PublicLine, Segment } from '../../api.d.ts';

export type Stretch = 'before' | 'pivot' | 'after';
export type Mark = 'done' | 'skipped' | 'unneeded' | 'now' | 'due';

export interface ShownStep {
  number: number;
  id: string;
  title: string;
  text: string;
  /** Somebody has to do something. */
  person: boolean;
  mark: Mark;
}
export interface ShownStretch {
  stretch: Stretch;
  title: string;
  steps: readonly ShownStep[];
}

const STRETCH: Readonly<Record<Segment, Stretch>> = {
  reversible: 'before',
  compensatable: 'before',
  pivot: 'pivot',
  retriable: 'after',
};
const TITLES: Readonly<Record<Stretch, string>> = {
  before: 'Can still be undone',
  pivot: 'The point of no return',
  after: 'Only forward from here',
};

export function isForPerson({ kind }: Pick<PlannedStep, 'kind'>): boolean {
  return kind.startsWith('human');
}

/** In the order of the plan; a step that only looks belongs to the stretch that it stands in. */
export function stretchesOf(steps: readonly PlannedStep[], marks: readonly Mark[] = []): ShownStretch[] {
  const pivot = steps.findIndex(step => step.segment === 'pivot');
  const first = pivot >= 0 ? pivot : steps.findIndex(step => step.segment === 'retriable');
  const at = (index: number): Stretch => {
    const own = STRETCH[steps[index]?.segment ?? 'reversible'];
    // What looks only, after the point of no return, takes nothing back.
    return own === 'before' && first >= 0 && index > first ? 'after' : own;
  };
  const found: { stretch: Stretch; title: string; steps: ShownStep[] }[] = [];
  steps.forEach((step, index) => {
    const stretch = at(index);
    const { id, title, text } = step;
    const shown = { number: index + 1, id, title, text, person: isForPerson(step), mark: marks[index] ?? 'due' };
    const last = found.at(-1);
    if (last?.stretch === stretch) last.steps.push(shown);
    else found.push({ stretch, title: TITLES[stretch], steps: [shown] });
  });
  return found;
}

/** Steps without a line of their own were not needed. */
export function marksOf(
  view: Pick<FlowView, 'plan' | 'step' | 'endedAt' | 'state'>,
  lines: readonly PublicLine[],
): Mark[] {
  const ended = new Map<string, string>();
  for (const line of lines) if (line.kind === 'step' && line.step !== undefined) ended.set(line.step, line.text);
  const now = view.endedAt === undefined ? view.step?.number : undefined;
  return view.plan.steps.map((step, index) => {
    const text = ended.get(step.id);
    if (index + 1 === now) return 'now';
    if (text === 'Done.') return 'done';
    if (text === 'Skipped.') return 'skipped';
    const isPast = now !== undefined && index + 1 < now;
    // Before the lines are here, what is past counts as done.
    if (isPast) return lines.length === 0 ? 'done' : 'unneeded';
    return view.state.startsWith('succeeded') ? 'unneeded' : 'due';
  });
}

/** "Step 7 of 17", and which stretch it is in. */
export interface Place {
  number: number;
  of: number;
  stretch: Stretch;
  /** Steps for a person from here on, this one too. */
  peopleLeft: number;
}
export function placeOf(view: Pick<FlowView, 'plan' | 'step'>): Place | undefined {
  const { step, plan } = view;
  if (!step) return undefined;
  const stretch =
    stretchesOf(plan.steps).find(each => each.steps.some(one => one.number === step.number))?.stretch ?? 'before';
  const peopleLeft = plan.steps.slice(step.number - 1).filter(isForPerson).length;
  return { number: step.number, of: step.of, stretch, peopleLeft };
}

export function stretchTitle(stretch: Stretch): string {
  return TITLES[stretch];
}
