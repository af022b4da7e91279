// A person at a virtual lock who does what a flow asks for, and what the tests of recipes share.
import { recipes } from '../../../src/flow/recipes/index.ts';
import type { FlowView, Prompt } from '../../../src/flow/words.ts';
import type { Knobs } from '../../../src/sim/ttlock/knobs.ts';
import type { VariantName } from '../../../src/sim/ttlock/variants.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { makePlace } from '../../support/house.ts';

export interface Scenery {
  variant?: VariantName;
  knobs?: Partial<Knobs>;
  options?: Partial<FlowHouseOptions>;
}

/** A lock that was never here. */
export function fresh({ options, ...place }: Scenery = {}): FlowHouse {
  return new FlowHouse(makePlace(place), { recipes, ...options });
}

/** One that is ours, and quiet. */
export async function paired(scenery: Scenery = {}): Promise<FlowHouse> {
  const house = fresh(scenery);
  await house.house.pair();
  await house.clock.advance(30_000);
  return house;
}

/** What somebody does before he answers; the answer, or undefined for yes. */
export type Deed = (house: FlowHouse, prompt: Prompt) => string | undefined | void;

/** Answers each question after doing what `deeds` says for its step, until the flow is closed or parked. */
export async function play(house: FlowHouse, deeds: Readonly<Record<string, Deed>> = {}): Promise<FlowView> {
  for (let i = 0; i < 60; i++) {
    const { state, prompts } = await house.until(['waiting_human', 'awaiting_clearance', 'planned']);
    const [prompt] = prompts;
    if (!['waiting_human', 'awaiting_clearance'].includes(state) || !prompt) return house.flow;
    const answer = deeds[prompt.step]?.(house, prompt) ?? 'yes';
    if (answer !== 'nothing') await house.answer(answer).catch(() => undefined);
    await house.clock.advance(1000);
  }
  throw new RangeError(`it asks without end: ${house.flow.step?.id}`);
}

/** Holds the reset button for so long, from the count on. */
export function holds(seconds: number): Deed {
  return (house, prompt) => {
    if (prompt.kind === 'human_do') {
      house.clock.after(seconds * 1000, () => void house.place.lock.hands.act('hold_reset', { seconds }));
      return 'done';
    }
    return 'nothing';
  };
}

export function asked(house: FlowHouse): string[] {
  return house.events.flatMap(event => (event.kind === 'prompt' ? [event.prompt.step] : []));
}

export function said(house: FlowHouse): string {
  return house.engine
    .lines(house.flow.id)
    .map(line => line.text)
    .join('\n');
}

/** The grade of the last evidence of a step. */
export function grade(house: FlowHouse, step: string): string | undefined {
  return house.engine.lines(house.flow.id).findLast(line => line.step === step && line.kind === 'evidence')?.grade;
}

export function statuses(house: FlowHouse): string[] {
  return house.store.vault.of(house.house.view.id).map(kept => kept.status);
}

/** Pair it again in the same flow. */
// oxlint-disable-next-line unicorn/no-thenable
export const AGAIN = { then: 'repair' } as const;
