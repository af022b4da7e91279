// Everything that opens the lock, read back from it and counted by kind and slot. Source: flows.md 5.1.
import type { CensusOfKind } from '../../access/access.ts';
import { FLOW_ASKER, type Scene, type StepResult } from '../step.ts';
import { described } from './words.ts';

/** Names under which the findings are remembered; the record reads the first and the third. */
export const COUNTS_BEFORE = 'counts.before';
export const COUNTS_AFTER = 'counts.after';
export const GENERATION_BEFORE = 'generation.before';
/** What the lock was, where the flow removes it: the record reads it then. */
export const SUBJECT = 'subject';
/** Ids of the credentials that stay: the plan that the lock is compared with afterwards. */
export const KEPT = 'kept';

/** The radio fails now and then; a lock that was lost is waited for by the flow itself. */
export const RADIO_PAUSES_MS: readonly number[] = [1000, 4000, 10_000];

/** Reads, counts and remembers. No value of a code or card leaves access. */
export async function readCensus(scene: Scene): Promise<readonly CensusOfKind[]> {
  const { access } = scene.tools;
  const { id, generation } = scene.keeper().record;
  const census = await access.census(id, FLOW_ASKER);
  const counts = Object.fromEntries(census.map(({ kind, there }) => [kind, there.length]));
  if (scene.recall(COUNTS_BEFORE) === undefined) {
    scene.remember(COUNTS_BEFORE, counts);
    scene.remember(GENERATION_BEFORE, generation);
  }
  return census;
}

/** The sentences of a census as evidence. */
export function censusEvidence(census: readonly CensusOfKind[]): StepResult['evidence'] {
  const unread = census.filter(one => !one.listed);
  const what = `On the lock now: ${described(census)}.`;
  return [
    { grade: unread.length === 0 ? 'E3' : 'E0', what, by: 'radio' },
    ...unread.map(({ kind }) => ({
      grade: 'E0' as const,
      what: `The lock does not list what it holds of this kind (${kind}); the number is from our own list.`,
      by: 'system' as const,
    })),
  ];
}
