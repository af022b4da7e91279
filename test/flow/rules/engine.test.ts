import { afterEach, describe, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { Clearance } from '../../../src/flow/clearance.ts';
import { found } from '../../../src/flow/findings.ts';
import type { StepCode } from '../../../src/flow/step.ts';
import type { Asker } from '../../../src/lock/lock.ts';
import { AUTOMATION, OWNER, failureOf } from '../../support/fake-family.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { type Place, makePlace } from '../../support/house.ts';
import { STEPS, type ToyOptions, type World, good, makeWorld, ok, step, toy } from '../engine/toy.ts';

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

const MANAGER: Asker = { via: 'cli', who: 'manager', role: 'manager' };

/** Until the pivot is done and what follows waits for somebody. */
async function pivoted(): Promise<string> {
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
  return id;
}

describe('R01', () => {
  it('R01 looks at the lock itself right before the pivot', async () => {
    await open();
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    place.lock.hands.act('thumb', { value: 'lock' });
    await house.answer();
    const view = await house.until();
    expect([view.state, view.stop?.code, world.sent]).toEqual(['aborted_clean', 'not_unlocked', 0]);
  });
});

describe('R02', () => {
  it('R02 refuses a pivot that nobody confirmed', async () => {
    const steps = STEPS.filter(({ id }) => id !== 'toy.clearance');
    await open({ steps });
    await house.start({ type: 'reset' });
    const view = await house.until();
    expect([view.state, world.sent]).toEqual(['aborted_clean', 0]);
    expect(view.stop?.code).toBe('clearance_expired');
  });

  it('R02 takes a confirmation for five minutes', async () => {
    const slow: StepCode = {
      id: 'toy.slow',
      async run(scene) {
        await new Promise<void>(resolve => void scene.tools.clock.after(301_000, resolve));
        return ok('Slow.');
      },
    };
    const steps = [...STEPS.slice(0, 4), step('toy.slow'), ...STEPS.slice(4)];
    await open({ steps, codes: [slow] });
    await house.start({ type: 'reset' });
    const first = await house.until(['awaiting_clearance']);
    await house.answer();
    const second = await house.until(['awaiting_clearance']);
    expect([world.sent, second.prompts[0]?.id === first.prompts[0]?.id]).toEqual([0, false]);
  });

  it('R02 lets a clearance be used once, for its lock and its pairing', () => {
    const clock = { now: () => 0, elapsed: () => 0, after: () => () => undefined };
    const cleared = { lock: 'a', plan: 'h', generation: 1, holds: () => undefined };
    const once = new Clearance(cleared, clock);
    once.use('a', 1);
    expect(() => once.use('a', 1)).toThrow('used up');
    expect(() => new Clearance(cleared, clock).use('b', 1)).toThrow('used up');
    expect(() => new Clearance(cleared, clock).use('a', 2)).toThrow('used up');
  });
});

it('R05 has the intent on the disk before anything is sent', async () => {
  await open();
  let kinds: string[] = [];
  world.pivot = async () => void (kinds = house.kinds());
  await house.start({ type: 'reset' });
  await house.agree();
  expect(kinds.slice(-2)).toEqual(['intent', 'notice']);
  expect(kinds).not.toContain('closed');
});

it('R06 asks what became of an act and never sends it again', async () => {
  await open();
  world.pivot = async () => {
    throw new LockError('timeout', 'No answer.', { acted: 'maybe' });
  };
  await house.start({ type: 'reset' });
  const view = await house.agree();
  expect([view.state, world.sent]).toEqual(['succeeded', 1]);
  const results = house.store.flows.lines(view.id).filter(({ kind }) => kind === 'outcome');
  expect(results.at(-1)?.data).toMatchObject({ result: 'ok', by: 'probe' });
});

it('R09 refuses a second destructive flow in the same unit, and names the first', async () => {
  await open();
  const { id } = await house.start({ type: 'reset' });
  const { record } = house.house.registry.keeper('front_door') as { record: object };
  const beside = { ...record, id: '0000000000bb', name: 'back_door', hardware: 'other', address: 'aa:aa:aa:aa:aa:aa' };
  house.house.registry.add(beside as Parameters<typeof house.house.registry.add>[0]);
  const error = await failureOf(house.start({ type: 'reset', lock: 'back_door' }));
  expect([error.code, error.message.includes(id)]).toEqual(['busy', true]);
});

it('R12 stops the flow of somebody who reports to be locked in, whatever was asked', async () => {
  await open();
  const { id } = await house.start({ type: 'reset' });
  const { prompts } = await house.until(['awaiting_clearance']);
  await house.engine.answer(id, { prompt: prompts[0]?.id ?? '', answer: 'locked in' }, OWNER);
  const view = await house.until();
  expect([view.state, view.stop?.code, world.sent]).toEqual(['aborted_clean', 'emergency', 0]);
  expect(house.notices().some(text => text.includes('locked in'))).toBe(true);
});

it('R13 keeps what is typed in secret out of journal, view and events', async () => {
  let typed = '';
  const secret: StepCode = {
    id: 'toy.after',
    async run(scene) {
      const ask = { kind: 'human_input', text: 'The new code?', spoken: 'Type the new code.', secret: true } as const;
      typed = (await scene.ask(ask)).value;
      return ok('Taken.');
    },
  };
  await open({ codes: [secret] });
  await house.start({ type: 'reset' });
  await house.until(['awaiting_clearance']);
  await house.answer();
  const { id, prompts } = await house.until(['waiting_human']);
  const answer = { prompt: prompts[0]?.id ?? '', answer: '73519846' };
  const mqtt: Asker = { via: 'mqtt', who: 'token', role: 'owner' };
  expect((await failureOf(house.engine.answer(id, answer, mqtt))).reason).toBe('secret');
  await house.engine.answer(id, answer, OWNER);
  await house.until();
  expect(typed).toBe('73519846');
  const everything = JSON.stringify([house.store.flows.lines(id), house.engine.get(id), house.events]);
  expect(everything).not.toContain('73519846');
});

describe('R14', () => {
  it('R14 takes an answer once', async () => {
    const id = await pivoted();
    const [prompt] = house.flow.prompts;
    await house.answer();
    const again = house.engine.answer(id, { prompt: prompt?.id ?? '', answer: 'yes' }, OWNER);
    expect((await failureOf(again)).reason).toBe('expired');
  });

  it('R14 takes a confirmation only with the number that was shown, and shows another one after a wrong one', async () => {
    await open();
    const { id } = await house.start({ type: 'reset' });
    const { prompts } = await house.until(['awaiting_clearance']);
    const { id: prompt = '', challenge = '' } = prompts[0] ?? {};
    const wrong = String((Number(challenge) + 1) % 10_000).padStart(4, '0');
    for (const given of [{}, { challenge: wrong }]) {
      const error = await failureOf(house.engine.answer(id, { prompt, answer: 'yes', ...given }, OWNER));
      expect(error.reason).toBe('wrong_challenge');
    }
    const old = await failureOf(house.engine.answer(id, { prompt, answer: 'yes', challenge }, OWNER));
    expect([old.reason, world.sent]).toEqual(['wrong_challenge', 0]);
  });
});

it('R15 tells all administrators at the start, at the pivot and at the end', async () => {
  await open();
  await house.start({ type: 'reset' });
  await house.agree();
  expect(house.notices().map(text => /started|erases now|ended/.exec(text)?.[0])).toEqual([
    'started',
    'erases now',
    'ended',
  ]);
});

it('R16 refuses to begin while a stay runs', async () => {
  await open();
  const { id } = house.house.view;
  const now = house.clock.now();
  house.store.access.add({ lock: id, kind: 'code', slot: 1, state: 'on_lock', from: now - 1, until: now + 3600_000 });
  const error = await failureOf(house.start({ type: 'reset', reason: 'clean_slate' }));
  expect([error.code, error.reason]).toEqual(['forbidden', 'tenancy_active']);
});

describe('R18', () => {
  it('R18 cancels all flows before their pivot and opens nothing', async () => {
    await open();
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.emergency(AUTOMATION);
    const view = await house.until();
    expect([view.state, view.stop?.code]).toEqual(['aborted_clean', 'emergency']);
    expect(place.lock.bolt).toBe('unlocked');
  });

  it('R18 leaves a flow after its pivot as it is', async () => {
    await pivoted();
    expect(await house.engine.emergency(AUTOMATION)).toEqual([]);
    expect(house.flow.state).toBe('waiting_human');
  });
});

describe('R19', () => {
  it('R19 keeps a lock that still opens out of use and alarms, although everything else passed', async () => {
    const leak: StepCode = {
      id: 'toy.after',
      async run(scene) {
        scene.residual({ kind: 'still_opens', text: 'The old code still opens it.' });
        return ok('The rest is good.');
      },
    };
    await open({ codes: [leak] });
    await house.start({ type: 'reset' });
    const view = await house.agree();
    expect([view.state, view.stop?.code]).toEqual(['needs_attention', 'still_opens']);
    expect(house.house.view.lifecycle).toBe('suspended');
    expect(house.events.some(event => event.kind === 'notice' && event.urgent)).toBe(true);
    expect((await failureOf(house.house.command('lock'))).code).toBe('busy');
  });
});

it('R20 keeps a key that its lock has forgotten for the days of escrow', async () => {
  await open();
  const { vault } = house.store;
  const { id } = house.house.view;
  const old = vault.keep(id, { family: 'ttlock', data: vault.of(id)[0]?.credential.data } as never, 9);
  vault.mark(old.id, 'dead');
  const day = 24 * 3600_000;
  const now = house.clock.now();
  expect(vault.tidy(now + 29 * day, 30)).toBe(0);
  expect(vault.tidy(now + 31 * day, 30)).toBe(1);
});

it('a pivot that pre-flight refuses asks nobody for a yes', async () => {
  const poor: StepCode = {
    id: 'toy.look',
    async run(scene) {
      good(scene);
      found(scene, { battery: { grade: 'E3', at: scene.tools.clock.elapsed(), percent: 5 } });
      return ok('Looked at.');
    },
  };
  await open({ codes: [poor] });
  await house.start({ type: 'reset' }, MANAGER);
  const view = await house.until(['awaiting_clearance']);
  expect([view.state, view.stop?.code]).toEqual(['aborted_clean', 'battery_low']);
});
