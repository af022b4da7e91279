import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import type { StepCode } from '../../../src/flow/step.ts';
import type { Asker, Role } from '../../../src/lock/lock.ts';
import { AUTOMATION, OWNER, failureOf } from '../../support/fake-family.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { type Place, makePlace } from '../../support/house.ts';
import { STEPS, type ToyOptions, type World, makeWorld, ok, step, toy } from './toy.ts';

let place: Place;
let house: FlowHouse;
let world: World;

async function open(options: ToyOptions = {}, more: Partial<FlowHouseOptions> = {}): Promise<void> {
  world = makeWorld();
  place = makePlace();
  house = new FlowHouse(place, { recipes: [toy(world, options)], ...more });
  await house.house.pair();
}

afterEach(async () => {
  await house.stop();
  place.lock.stop();
});

const as = (role: Role, who: string = role): Asker => ({ via: 'web', who, role });

describe('authority', () => {
  beforeEach(() => open());

  it.each(['technician', 'voice'] as const)('a %s starts nothing that erases', async role => {
    expect((await failureOf(house.start({ type: 'reset' }, as(role)))).reason).toBe('not_authorised');
  });

  it('an owner lets go what an automation planned, and an automation does not', async () => {
    const { id } = await house.start({ type: 'reset' }, AUTOMATION);
    expect((await failureOf(house.engine.resume(id, AUTOMATION))).reason).toBe('not_authorised');
    await house.engine.resume(id, OWNER);
    expect((await house.until(['awaiting_clearance'])).state).toBe('awaiting_clearance');
  });

  it.each(['automation', 'technician', 'voice'] as const)('a %s never confirms a pivot', async role => {
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    expect((await failureOf(house.answer('yes', as(role)))).reason).toBe('not_authorised');
    expect(world.sent).toBe(0);
  });

  it('an owner over MQTT confirms a pivot only where the policy says so', async () => {
    const mqtt: Asker = { via: 'mqtt', who: 'token', role: 'owner' };
    await house.stop();
    await open({}, { policy: { confirmByMqtt: false } });
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    expect((await failureOf(house.answer('yes', mqtt))).reason).toBe('not_authorised');
    await house.answer('yes', OWNER);
    expect((await house.until()).state).toBe('succeeded');
  });

  it('two people are needed where the policy says so', async () => {
    await house.stop();
    await open({}, { policy: { twoPersons: true } });
    await house.start({ type: 'reset' }, as('owner', 'ann'));
    await house.until(['awaiting_clearance']);
    expect((await failureOf(house.answer('yes', as('owner', 'ann')))).reason).toBe('two_persons');
    await house.answer('yes', as('manager', 'ben'));
    expect((await house.until()).state).toBe('succeeded');
  });

  it('a technician answers what a person has to do', async () => {
    await house.stop();
    const hands: StepCode = {
      id: 'toy.hands',
      async run(scene) {
        const answer = await scene.ask({ kind: 'human_do', text: 'Open it.', spoken: 'Open it.' });
        return ok(answer.by.who);
      },
    };
    await open({ codes: [hands], steps: [step('toy.hands', { kind: 'human_do' }), ...STEPS] });
    await house.start({ type: 'reset' });
    await house.until(['waiting_human']);
    expect((await failureOf(house.answer('done', AUTOMATION))).reason).toBe('not_authorised');
    await house.answer('done', as('technician', 'tom'));
    expect((await house.until(['awaiting_clearance'])).state).toBe('awaiting_clearance');
  });

  it('only an owner overrides, with a sentence', async () => {
    const overrides = [{ rule: 'R04', sentence: 'The key is in my hand.' }];
    const short = [{ rule: 'R04', sentence: 'because' }];
    expect((await failureOf(house.start({ type: 'reset', overrides }, as('manager')))).reason).toBe('not_authorised');
    const bare = await failureOf(house.start({ type: 'reset', overrides: short }));
    expect(bare.reason).toBe('override_without_reason');
  });
});

describe('steering', () => {
  beforeEach(() => open());

  it('a paused flow keeps its lock, takes nothing up by itself, and goes on at its step', async () => {
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.pause(id, OWNER);
    expect((await house.until(['paused'])).state).toBe('paused');
    await house.restart();
    await house.clock.advance(3600_000);
    expect([house.flow.state, house.house.view.lifecycle]).toEqual(['paused', 'suspended']);
    await house.engine.resume(id, OWNER);
    expect((await house.agree()).state).toBe('succeeded');
  });

  it('a paused flow is undone when it is cancelled, also over a restart', async () => {
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.pause(id, OWNER);
    await house.until(['paused']);
    await house.engine.cancel(id, OWNER);
    expect((await house.until()).state).toBe('aborted_clean');
  });

  it('is handed over to somebody else', async () => {
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    expect((await house.engine.handOver(id, 'ben', OWNER)).holder).toBe('ben');
    await house.restart();
    expect(house.flow.holder).toBe('ben');
  });

  it('a plan that is cancelled is closed, and nothing was done', async () => {
    const { id } = await house.start({ type: 'reset', plan_only: true });
    await house.engine.cancel(id, OWNER);
    expect([house.flow.state, world.ran]).toEqual(['aborted_clean', []]);
  });

  it('a preview keeps nothing', async () => {
    const before = house.engine.all().length;
    const plan = await house.engine.preview({ type: 'reset', lock: 'front_door', reason: 'other' }, OWNER);
    expect([plan.steps.length, plan.hash.length, house.engine.all().length]).toEqual([6, 64, before]);
  });

  it('a cancel in the middle of an act waits for its end, and nothing else is done', async () => {
    await house.stop();
    const slow: StepCode = {
      id: 'toy.set',
      async run(scene) {
        await scene.act('set slowly', {}, async () => {
          await new Promise<void>(resolve => void scene.tools.clock.after(5000, resolve));
          world.ran.push('set');
        });
        return ok('Set.');
      },
      undo: async () => void world.undone.push('set'),
    };
    await open({ codes: [slow] });
    const { id } = await house.start({ type: 'reset' });
    await house.clock.advance(1000);
    await house.engine.cancel(id, OWNER);
    const view = await house.until();
    expect([view.state, world.ran, world.undone]).toEqual(['aborted_clean', ['set'], ['set']]);
  });

  it('a cancel after the pivot parks, with what it leaves behind', async () => {
    await house.stop();
    const wait: StepCode = {
      id: 'toy.after',
      async run(scene) {
        await scene.ask({ kind: 'human_confirm', text: 'Is it so?', spoken: 'Is it so?' });
        return ok('So it is.');
      },
    };
    await open({ codes: [wait] });
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    await house.until(['waiting_human']);
    await house.engine.cancel(id, OWNER);
    const view = await house.until();
    expect([view.state, view.stop?.code, view.atStake.includes('It is ours.')]).toEqual([
      'needs_attention',
      'cancelled',
      true,
    ]);
    await house.engine.resume(id, OWNER);
    expect((await house.agree()).state).toBe('succeeded');
  });

  it('what an automation may not even see planned is refused by policy', async () => {
    await house.stop();
    const steps = STEPS.filter(({ id }) => id !== 'toy.clearance');
    const soft = { type: 'turnover' as const, steps, draft: { rung: 'all_guests' as const } };
    await open(soft, { policy: { unattended: 'plan_only' } });
    expect((await house.start({ type: 'turnover' }, AUTOMATION)).state).toBe('planned');
  });
});

it('a step that throws what it should not is undone like any other', async () => {
  await open({ codes: [{ id: 'toy.set', run: async () => Promise.reject(new RangeError('a bug')) }] });
  await house.start({ type: 'reset' });
  const view = await house.until();
  expect([view.state, view.stop?.text.includes('a bug')]).toEqual(['aborted_clean', false]);
});

it('the lock’s own no is not tried again', async () => {
  let tries = 0;
  const refusing: StepCode = {
    id: 'toy.set',
    async run() {
      tries += 1;
      throw new LockError('rejected', 'The lock said no.', { reason: 'no_space' });
    },
  };
  await open({ codes: [refusing] });
  await house.start({ type: 'reset' });
  const view = await house.until();
  expect([tries, view.stop?.code]).toEqual([1, 'no_space']);
});
