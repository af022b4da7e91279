import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { AUTOMATION, OWNER, failureOf } from '../../support/fake-family.ts';
import { type Place, makePlace } from '../../support/house.ts';
import { type World, makeWorld, toy } from './toy.ts';

let place: Place;
let house: FlowHouse;
let world: World;

async function open(options: Partial<FlowHouseOptions> = {}): Promise<FlowHouse> {
  world = makeWorld();
  place = makePlace();
  house = new FlowHouse(place, { recipes: [toy(world)], ...options });
  await house.house.pair();
  return house;
}

afterEach(async () => {
  await house.stop();
  place.lock.stop();
});

describe('a flow', () => {
  beforeEach(async () => void (await open()));

  it('runs its steps in order and ends as a success', async () => {
    await house.start({ type: 'reset' });
    const view = await house.agree();
    expect(view.state).toBe('succeeded');
    expect([world.sent, world.ran]).toEqual([1, ['set', 'after']]);
  });

  it('keeps the lock while it runs and gives it back managed', async () => {
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    expect(house.house.view.lifecycle).toBe('suspended');
    await house.agree();
    expect(house.house.view.lifecycle).toBe('managed');
    expect(house.house.leases.of(house.house.view.id)).toBeUndefined();
  });

  it('asks the same question under the same id after a restart', async () => {
    await house.start({ type: 'reset' });
    const before = await house.until(['awaiting_clearance']);
    await house.restart();
    // It looks again whether all is still so before it asks.
    await house.clock.advance(5000);
    const after = await house.until(['awaiting_clearance']);
    expect(after.prompts[0]).toMatchObject({ id: before.prompts[0]?.id, challenge: before.prompts[0]?.challenge });
    await house.answer();
    expect((await house.until()).state).toBe('succeeded');
  });

  it('puts a question that was open when it was killed once more, to whoever listens then', async () => {
    await house.start({ type: 'reset' });
    const before = await house.until(['awaiting_clearance']);
    await house.restart();
    house.events.length = 0;
    await house.clock.advance(5000);
    await house.until(['awaiting_clearance']);
    const told = house.events.flatMap(event => (event.kind === 'prompt' ? [event.prompt.id] : []));
    expect(told).toEqual([before.prompts[0]?.id]);
  });

  it('is undone backwards when it is cancelled before the pivot', async () => {
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.cancel(id, OWNER);
    const view = await house.until();
    expect([view.state, world.undone, world.sent]).toEqual(['aborted_clean', ['set'], 0]);
    expect(house.house.view.lifecycle).toBe('managed');
  });

  it('refuses a second one of the same lock and names the first', async () => {
    const { id } = await house.start({ type: 'reset' });
    const error = await failureOf(house.start({ type: 'reset' }));
    expect([error.code, error.message.includes(id)]).toEqual(['busy', true]);
  });

  it('is only planned when an automation asks for a hard one', async () => {
    const view = await house.start({ type: 'reset' }, AUTOMATION);
    expect(view.state).toBe('planned');
    expect(world.ran).toEqual([]);
  });

  it('keeps what somebody says of a step, open or closed, without touching what was signed', async () => {
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.comment(id, 'It beeps once, not twice.', OWNER);
    expect(house.flow.progress.at(-1)).toContain('It beeps once');
    await house.agree();
    const lines = house.engine.lines(id).length;
    await house.engine.comment(id, 'Done, but see above.', OWNER);
    expect(house.engine.lines(id)).toHaveLength(lines);
    const [last] = house.store.audit.read({ most: 1 });
    expect(last).toMatchObject({
      what: expect.stringContaining('commented'),
      detail: expect.stringContaining('see above'),
    });
    expect(await failureOf(house.engine.comment(id, '  ', OWNER))).toMatchObject({ code: 'invalid' });
  });
});
