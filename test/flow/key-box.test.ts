// A lock that is closed by hand: what unpairing can and cannot look at.
import { expect, it } from 'vitest';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

it('the plan of a wipe does not promise to look whether a key box is open', async () => {
  const house = new House(makePlace({ variant: 'key_box' }));
  await house.pair();
  const plan = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
  expect(plan.steps.join(' ')).not.toContain('unlocked');
  expect(plan.warnings.join(' ')).toContain('open it before you confirm');
  await house.stop();
});
