// Every wish of the two guides about pairing and resetting stands in a plan for a virtual lock.
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/flow/plan.ts';
import type { FlowRequest } from '../../../src/flow/words.ts';
import { OWNER } from '../../support/fake-family.ts';
import { AGAIN, paired } from './people.ts';

const ids = (seed: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `S${seed}-${String(i + 1).padStart(2, '0')}`);

function honoured({ steps, notes }: Plan): string[] {
  return [
    ...notes.flatMap(note => note.honours),
    ...steps.flatMap(step => [...step.honours, ...(step.hints ?? []).flatMap(hint => hint.honours)]),
  ];
}

const WISHES: readonly Omit<FlowRequest, 'lock'>[] = [
  { type: 'unpair', reason: 'replacing' },
  { type: 'unpair', reason: 'not_responding', ...AGAIN },
  { type: 'repair', reason: 'was_reset' },
  { type: 'reset', reason: 'lost_admin' },
  { type: 'reset', reason: 'clean_slate' },
];

async function plans(variant: 'deadbolt' | 'key_box'): Promise<Plan[]> {
  const house = await paired({ variant });
  const all = WISHES.map(wish => house.engine.preview({ lock: 'front_door', ...wish }, OWNER));
  return Promise.all(all);
}

describe('plans of unpair, re-pair and reset', () => {
  it('together honour each wish of the guide on unpairing and of the one on resetting', async () => {
    const all = new Set((await Promise.all([plans('deadbolt'), plans('key_box')])).flat().flatMap(honoured));
    expect([...ids(0, 51), ...ids(1, 40)].filter(id => !all.has(id))).toEqual([]);
  });

  it('have no sentence for a voice that is longer than twenty words', async () => {
    const spoken = (await plans('deadbolt')).flatMap(({ steps }) => steps.flatMap(step => step.spoken ?? []));
    expect(spoken.filter(text => text.split(/\s+/).length > 20)).toEqual([]);
  });

  it('say at each step what is true if it stops there', async () => {
    const steps = (await plans('deadbolt')).flatMap(plan => plan.steps);
    expect(steps.filter(step => step.atStake === '' || step.text === '')).toEqual([]);
  });
});
