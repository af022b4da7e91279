import { describe, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { type Killed, killEverywhere } from '../../support/flow-crash.ts';
import { AUTOMATION } from '../../support/fake-family.ts';
import { type World, makeWorld, step, STEPS, toy } from './toy.ts';

/** A world for each kill: its counters must begin at nothing. */
function killed(more: Partial<Killed> & { world?: (world: World) => void } = {}): Killed {
  let world = makeWorld();
  const fresh = (): void => {
    Object.assign(world, makeWorld());
    more.world?.(world);
  };
  return {
    name: 'toy',
    recipes: [toy(world)],
    request: { type: 'reset' },
    before: async house => {
      fresh();
      await house.house.pair();
    },
    sent: () => world.sent,
    judge: (house, view) => {
      const wrong: string[] = [];
      const isDone = view?.state === 'succeeded' || view?.state === 'succeeded_with_residuals';
      if (isDone && world.sent !== 1) wrong.push(`success with ${world.sent} pivots`);
      if (!isDone && view && world.sent > 0) wrong.push(`${view.state} although the pivot was sent`);
      if (house.house.view.lifecycle !== 'managed') wrong.push(`the lock is ${house.house.view.lifecycle}`);
      return wrong;
    },
    ...more,
  };
}

describe('a flow killed before and after every line of its journal', () => {
  it('sends its pivot once and comes to its end', async () => {
    const { lines, wrong } = await killEverywhere(killed(), 1);
    expect(wrong).toEqual([]);
    expect(lines).toBeGreaterThan(20);
  }, 120_000);

  it('sends its pivot once when its answer got lost as well', async () => {
    const lose = (world: World): void => {
      world.pivot = async () => {
        throw new LockError('timeout', 'Lost.', { acted: 'maybe' });
      };
    };
    const { wrong } = await killEverywhere(killed({ world: lose }), 1);
    expect(wrong).toEqual([]);
  }, 120_000);

  it('is undone when it is cancelled, wherever it was killed', async () => {
    const drive: Killed['drive'] = async house => {
      const { id, state } = await house.until(['awaiting_clearance', 'compensating']);
      if (state === 'awaiting_clearance') await house.engine.cancel(id, { via: 'cli', who: 'cli', role: 'owner' });
      return house.until();
    };
    const { wrong } = await killEverywhere(killed({ drive }), 1);
    expect(wrong).toEqual([]);
  }, 120_000);

  it('runs unattended to its end by the policy', async () => {
    const steps = STEPS.filter(({ id }) => id !== 'toy.clearance');
    const world = makeWorld();
    const recipes = [toy(world, { type: 'turnover', steps, draft: { rung: 'all_guests' } })];
    const flow = killed({ recipes, request: { type: 'turnover' }, asker: AUTOMATION });
    const { wrong } = await killEverywhere({
      ...flow,
      before: async house => {
        Object.assign(world, makeWorld());
        await house.house.pair();
      },
      sent: () => world.sent,
      judge: (_house, view) => (view && view.state !== 'succeeded' ? [`it ends ${view.state}`] : []),
      drive: house => house.until(),
    });
    expect(wrong).toEqual([]);
  }, 120_000);
});

describe('the harness', () => {
  it('notices a pivot that is sent twice', async () => {
    const world = makeWorld();
    const recipe = toy(world, { draft: { rung: 'all_guests' } });
    const blind = {
      ...recipe,
      steps: recipe.steps.map(code =>
        code.id === 'toy.pivot' ? { ...code, probe: async () => 'not_done' as const } : code,
      ),
    };
    const flow = killed({ recipes: [blind], sent: () => world.sent });
    const before: Killed['before'] = async house => {
      Object.assign(world, makeWorld());
      await house.house.pair();
    };
    const { wrong } = await killEverywhere({ ...flow, before, judge: () => [] }, 1);
    expect(wrong.some(text => text.includes('sent 2 times'))).toBe(true);
  }, 120_000);

  it('notices a step that cannot be gone on with', async () => {
    const world = makeWorld();
    const lost = { id: 'toy.after', run: async () => Promise.reject(new LockError('rejected', 'No.')) };
    const flow = killed({
      recipes: [
        toy(world, { codes: [lost], steps: [...STEPS.slice(0, 5), step('toy.after', { segment: 'retriable' })] }),
      ],
    });
    const { wrong } = await killEverywhere({ ...flow, judge: () => [] }, 10);
    expect(wrong.some(text => text.includes('needs attention'))).toBe(true);
  }, 120_000);
});
