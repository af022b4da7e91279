// Where a flow stands along its plan.
import { describe, expect, it } from 'vitest';
import { marksOf, placeOf, stretchesOf } from '../../../src/ui/views/flow/steps.ts';
import { at, flowView, line, STEPS, step } from './samples.ts';

describe('the stretches of a plan', () => {
  it('are before, at and after the point of no return', () => {
    expect(stretchesOf(STEPS).map(({ stretch, steps }) => [stretch, steps.map(each => each.id)])).toEqual([
      ['before', ['look', 'door', 'ways']],
      ['pivot', ['wipe']],
      ['after', ['find', 'settle']],
    ]);
  });

  it('never say "can be undone" behind the point of no return', () => {
    const steps = [...STEPS, step('recheck', 'reversible', 'check')];
    expect(stretchesOf(steps).at(-1)).toMatchObject({ stretch: 'after' });
    expect(stretchesOf(steps)).toHaveLength(3);
  });

  it('of a plan that only looks are one', () => {
    expect(stretchesOf([step('a', 'reversible'), step('b', 'reversible')]).map(each => each.stretch)).toEqual([
      'before',
    ]);
  });
});

describe('the marks of steps', () => {
  const lines = [
    line('step', 'Begins.', { step: 'look' }),
    line('step', 'Done.', { step: 'look' }),
    line('step', 'Skipped.', { step: 'door' }),
    line('step', 'Begins.', { step: 'wipe' }),
  ];

  it('tell done, skipped, not needed, now and to come apart', () => {
    expect(marksOf(flowView({ step: at(4) }), lines)).toEqual(['done', 'skipped', 'unneeded', 'now', 'due', 'due']);
  });

  it('take what is past for done until the lines are here', () => {
    expect(marksOf(flowView({ step: at(3) }), [])).toEqual(['done', 'done', 'now', 'due', 'due', 'due']);
  });

  it('of a flow that stopped early leave the rest to come', () => {
    expect(marksOf(flowView({ state: 'aborted_clean', endedAt: 1 }), lines).slice(2)).toEqual([
      'due',
      'due',
      'due',
      'due',
    ]);
  });
});

it('says how many steps for a person are still to come, this one too', () => {
  expect(placeOf(flowView({ step: at(2) }))).toEqual({ number: 2, of: 6, stretch: 'before', peopleLeft: 2 });
  expect(placeOf(flowView({ step: at(6) }))).toMatchObject({ stretch: 'after', peopleLeft: 0 });
});
