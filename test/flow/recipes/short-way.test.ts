// lock/unpair, plan and confirm: what is left of it when the confirmed flow may not begin.
import { expect, it } from 'vitest';
import { OWNER, failureOf } from '../../support/fake-family.ts';
import { paired } from './people.ts';

it('a confirmed plan that may not begin is not left lying about', async () => {
  const house = await paired();
  const { confirm_token: token, flow } = await house.house.unpairer.plan({ lock: 'front_door' }, OWNER);
  await house.start({ type: 'turnover' });
  const error = await house.clock.run(failureOf(house.house.unpairer.confirm('front_door', token, OWNER)));
  expect(error.code).toBe('busy');
  expect(house.engine.get(flow)?.state).toBe('aborted_clean');
});
