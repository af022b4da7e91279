// What came out of a flow, in the words of its lines: what is known, how well, and who says so.
import type { Grade, PlannedStep, PublicLine } from '../../api.d.ts';
import { isCount } from './drill.ts';

export interface Finding {
  number: number;
  at: number;
  text: string;
  grade: Grade;
  by?: string;
  step?: string;
}

const GRADES: Readonly<Record<Grade, string>> = {
  E3: 'Proved by the lock',
  E2: 'Observed',
  E1: 'Said by a person',
  E0: 'Not verified',
};

export function gradeText(grade: Grade, by?: string): string {
  return grade === 'E1' && by !== undefined ? `${by} said so` : GRADES[grade];
}

/** Each sentence once, with its best grade; the strongest first. */
export function findingsOf(lines: readonly PublicLine[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const line of lines) {
    if (line.kind !== 'evidence' || line.grade === undefined) continue;
    const { number, at, text, grade, by, step } = line;
    const known = found.get(text);
    if (known && known.grade >= grade) continue;
    found.set(text, { number, at, text, grade, ...(by !== undefined && { by }), ...(step !== undefined && { step }) });
  }
  return [...found.values()];
}

/** From where there is only forward on, and before that; of a plan that only looks all is "after". */
export function splitAt(
  steps: readonly Pick<PlannedStep, 'id' | 'segment'>[],
  findings: readonly Finding[],
): { before: Finding[]; after: Finding[] } {
  const at = (wanted: string): number => steps.findIndex(({ segment }) => segment === wanted);
  const pivot = at('pivot') >= 0 ? at('pivot') : at('retriable');
  const isBefore = ({ step }: Finding): boolean => steps.findIndex(({ id }) => id === step) < pivot;
  return { before: findings.filter(isBefore), after: findings.filter(one => !isBefore(one)) };
}

export interface Graded {
  grade: Grade;
  title: string;
  findings: readonly Finding[];
}
export function byGrade(findings: readonly Finding[]): Graded[] {
  return (['E3', 'E2', 'E1', 'E0'] as const).flatMap(grade => {
    const those = findings.filter(finding => finding.grade === grade);
    return those.length === 0 ? [] : [{ grade, title: GRADES[grade], findings: those }];
  });
}

/** A line for somebody who looks on: what was said, found and noticed, without what the page shows elsewhere. */
export interface Told {
  number: number;
  at: number;
  text: string;
  kind: 'said' | 'evidence' | 'notice';
  grade?: Grade;
  by?: string;
}
const SHOWN = ['said', 'evidence', 'notice'];

export function toldOf(lines: readonly PublicLine[]): Told[] {
  const told: Told[] = [];
  for (const { number, at, kind, text, grade, by } of lines) {
    if (!SHOWN.includes(kind) || isCount(text)) continue;
    const fresh: Told = {
      number,
      at,
      text,
      kind: kind as Told['kind'],
      ...(grade && { grade }),
      ...(by !== undefined && { by }),
    };
    // What is said and then noted as evidence is one thing.
    const last = told.at(-1);
    if (last?.kind === 'said' && last.text === text) told[told.length - 1] = fresh;
    else told.push(fresh);
  }
  return told;
}

/** What was said since the step began that runs now: it belongs beside the instruction. */
export function saidNow(lines: readonly PublicLine[], step: string | undefined): Told[] {
  if (step === undefined) return [];
  const begun = lines.findLastIndex(line => line.kind === 'step' && line.step === step && line.text === 'Begins.');
  return toldOf(lines.slice(begun + 1).filter(line => line.step === step));
}
