// What flows say of a lock with many clients: a plan or a stop must not promise or fear what holds for one owner alone.
import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { stopOf } from '../../src/flow/engine/stops.ts';
import type { Plan } from '../../src/flow/plan.ts';
import { recipes } from '../../src/flow/recipes/index.ts';
import type { FlowRequest } from '../../src/flow/words.ts';
import { nuki as driver } from '../../src/drivers/nuki/driver.ts';
import { ttlock } from '../../src/drivers/ttlock/driver.ts';
import { nuki } from '../../src/sim/nuki/family.ts';
import { OWNER } from '../support/fake-family.ts';
import { FlowHouse } from '../support/flow-house.ts';
import { makeFamilyPlace } from '../support/house.ts';

async function planOf(wish: Omit<FlowRequest, 'lock' | 'reason'>, { told = true } = {}): Promise<Plan> {
  const house = new FlowHouse(makeFamilyPlace(nuki, {}), { recipes });
  await house.house.pair();
  if (told) await house.house.tellCode();
  await house.clock.advance(30_000);
  const plan = await house.engine.preview({ lock: house.house.view.id, reason: 'moving', ...wish }, OWNER);
  await house.stop();
  return plan;
}

const said = ({ steps }: Plan): string => steps.map(({ atStake }) => atStake).join('\n');

describe('a reset in the maker’s app', () => {
  it('leaves nobody on the lock, so no step says that the others open it as before', async () => {
    expect(said(await planOf({ type: 'reset' }))).not.toContain('as before');
  });

  it('is described without numbers of commands or names of libraries', async () => {
    const { steps, notes } = await planOf({ type: 'reset' });
    const words = JSON.stringify([steps, notes]);
    expect(words).not.toMatch(/0x[0-9A-F]{2}|library|nuki_hub/);
  });

  it('says that whoever stands at the lock can pair it, which nobody farther away can', async () => {
    const { exposure } = await planOf({ type: 'reset' });
    expect(exposure.what).toMatch(/whoever stands at it can pair it/);
  });

  it('does not call our key that of its owner', async () => {
    const { steps } = await planOf({ type: 'reset' });
    expect(JSON.stringify(steps)).not.toContain('key is that of its owner');
  });
});

describe('an unpairing and a pairing again', () => {
  it('never call the lock empty or ours alone', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
    const plan = await planOf({ type: 'unpair', then: 'repair' });
    expect(said(plan)).not.toMatch(/is empty|only key|private|public default code/);
  });

  it('do not send people to have their fingers taken in again', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
    const plan = await planOf({ type: 'unpair', then: 'repair' });
    expect(JSON.stringify(plan.steps)).not.toContain('taken in again');
  });
});

describe('pairing it again', () => {
  it('opens the door to nobody in between', async () => {
    expect((await planOf({ type: 'repair' })).exposure.limitSeconds).toBe(0);
  });

  it('says that some models want their six digits', async () => {
    const { steps } = await planOf({ type: 'repair' });
    expect(steps.find(({ id }) => id === 'repair.find')?.text).toContain('six digits');
  });
});

describe('forgetting it here alone', () => {
  it('says what stays on the lock, and where that is ended', async () => {
    const { steps } = await planOf({ type: 'unpair', forget_only: true }, { told: false });
    const text = steps.find(({ id }) => id === 'unpair.confirm_forget')?.text;
    expect(text).toMatch(/our entry among its users.* take us off in the app of Nuki/);
    expect(text).not.toMatch(/reset|card/);
  });
});

describe('what to do next', () => {
  const next = (reason: string, nature = driver.nature): string | undefined =>
    stopOf(new LockError('rejected', 'It did not work.', { reason }), nature).next;

  it('of a pairing that broke off is no reset: its button is held once more', () => {
    expect(next('half_paired')).toMatch(/^Hold its button .*; then go on\.$/);
    expect(next('half_paired', ttlock.nature)).toContain('Reset the lock at its button');
  });

  it('of a lock that is not heard wakes only what sleeps', () => {
    expect(next('not_heard')).not.toMatch(/[Tt]ouch|[Ww]ake/);
    expect(next('not_heard', ttlock.nature)).toContain(ttlock.nature.wake);
  });
});
