import { afterEach, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import type { StepCode } from '../../../src/flow/step.ts';
import { OWNER } from '../../support/fake-family.ts';
import { FlowHouse } from '../../support/flow-house.ts';
import { type Place, makePlace } from '../../support/house.ts';
import { type World, makeWorld, ok, step, toy } from './toy.ts';

let place: Place;
let house: FlowHouse;
let world: World;

/** What a pairing is: nothing is erased, and the lock is ours from one step on. */
async function open(last: StepCode): Promise<void> {
  world = makeWorld();
  place = makePlace();
  const ours: StepCode = {
    id: 'toy.ours',
    run: scene => scene.act('take it over', {}, async () => ok('It is ours.')),
  };
  const steps = [
    step('toy.hold', { segment: 'compensatable' }),
    step('toy.ours', { segment: 'compensatable' }),
    step('toy.last', { segment: 'retriable', atStake: 'It is ours and was not tried.' }),
  ];
  const recipe = toy(world, { type: 'rekey', steps, codes: [ours, last] });
  house = new FlowHouse(place, { recipes: [recipe] });
  await house.house.pair();
}

afterEach(async () => {
  await house.stop();
  place.lock.stop();
});

it('a test that fails after what cannot be taken back parks, and the lock stays out of use', async () => {
  await open({ id: 'toy.last', run: async () => Promise.reject(new LockError('rejected', 'It does not open.')) });
  await house.start({ type: 'rekey' });
  const view = await house.until();
  expect([view.state, house.house.view.lifecycle]).toEqual(['needs_attention', 'suspended']);
});

it('a cancel does not give an untried lock back as tried', async () => {
  const asks: StepCode = {
    id: 'toy.last',
    async run(scene) {
      await scene.ask({ kind: 'human_confirm', text: 'Does it open?', spoken: 'Does it open?' });
      return ok('It does.');
    },
  };
  await open(asks);
  const { id } = await house.start({ type: 'rekey' });
  await house.until(['waiting_human']);
  await house.engine.cancel(id, OWNER);
  expect([(await house.until()).state, house.house.view.lifecycle]).toEqual(['needs_attention', 'suspended']);
  await house.engine.resume(id, OWNER);
  await house.until(['waiting_human']);
  await house.answer();
  expect([(await house.until()).state, house.house.view.lifecycle]).toEqual(['succeeded', 'managed']);
});
