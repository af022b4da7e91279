// Stopping and giving up: a cancel that comes while nothing else goes on, a disk that was full, a journal that was changed.
import { afterEach, describe, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { silent } from '../../../src/base/log.ts';
import type { FlowShelf } from '../../../src/flow/journal.ts';
import { open as openRecord } from '../../../src/flow/record/seal.ts';
import type { StepCode } from '../../../src/flow/step.ts';
import { openStore } from '../../../src/store/store.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { AUTOMATION, OWNER } from '../../support/fake-family.ts';
import { type Place, makePlace, seeded } from '../../support/house.ts';
import { STEPS, type ToyOptions, type World, makeWorld, ok, step, toy } from './toy.ts';

let place: Place;
let house: FlowHouse;
let world: World;

async function open(toys: ToyOptions = {}, options: Partial<FlowHouseOptions> = {}): Promise<void> {
  world = makeWorld();
  place = makePlace();
  house = new FlowHouse(place, { recipes: [toy(world, toys)], ...options });
  await house.house.pair();
}

afterEach(async () => {
  await house.stop();
  place.lock.stop();
});

const unheard: StepCode = {
  id: 'toy.look',
  run: () => Promise.reject(new LockError('unreachable', 'The lock does not answer.', { reason: 'not_heard' })),
};
const soft: ToyOptions = { type: 'turnover', draft: { rung: 'all_guests' }, codes: [unheard] };

describe('a flow with nobody there that waits for its lock', () => {
  it('ends when it is cancelled, and does not come back', async () => {
    await open(soft);
    const { id } = await house.start({ type: 'turnover' }, AUTOMATION);
    await house.until(['waiting_radio']);
    place.air.power(false);
    await house.clock.advance(30_000);
    await house.engine.cancel(id, OWNER);
    await house.clock.advance(400_000);
    expect([house.flow.state, house.flow.stop?.code]).toEqual(['aborted_clean', 'cancelled']);
  });

  it('stands still when it is paused, until somebody lets it go on', async () => {
    await open(soft);
    const { id } = await house.start({ type: 'turnover' }, AUTOMATION);
    await house.until(['waiting_radio']);
    place.air.power(false);
    await house.clock.advance(30_000);
    await house.engine.pause(id, OWNER);
    await house.clock.advance(600_000);
    expect(house.flow.state).toBe('paused');
  });
});

/** A disk that takes no line of journals while it is full. */
function fillable(): { full: boolean; wrap(shelf: FlowShelf): void } {
  const disk = {
    full: false,
    wrap(shelf: FlowShelf): void {
      const before = { ...shelf };
      shelf.append = (...args) => {
        if (disk.full) throw new LockError('disk', 'The disk is full.');
        return before.append(...args);
      };
    },
  };
  return disk;
}

describe('a flow that stood still because nothing could be written down', () => {
  it('stays paused when somebody paused it after that', async () => {
    const disk = fillable();
    const fills: StepCode = {
      id: 'toy.look',
      async run(scene) {
        if (!world.ran.includes('filled')) disk.full = true;
        world.ran.push('filled');
        scene.remember('x', 1);
        await scene.ask({ kind: 'human_do', text: 'Do it.', spoken: 'Do it.' });
        return ok('Done.');
      },
    };
    world = makeWorld();
    place = makePlace();
    const store = openStore({ clock: place.clock, random: seeded(3), log: silent });
    disk.wrap(store.flows);
    house = new FlowHouse(place, { recipes: [toy(world, { codes: [fills] })], store });
    await house.house.pair();
    const { id } = await house.start({ type: 'reset' });
    expect((await house.until()).state).toBe('needs_attention');
    disk.full = false;
    await house.engine.resume(id, OWNER);
    await house.until(['waiting_human']);
    await house.engine.pause(id, OWNER);
    await house.clock.advance(300_000);
    expect(house.flow.state).toBe('paused');
  });
});

describe('R12 and R18 while the disk is full', () => {
  it('stop all the same, and everybody is told', async () => {
    const disk = fillable();
    world = makeWorld();
    place = makePlace();
    const store = openStore({ clock: place.clock, random: seeded(3), log: silent });
    disk.wrap(store.flows);
    house = new FlowHouse(place, { recipes: [toy(world)], store });
    await house.house.pair();
    const { id } = await house.start({ type: 'reset' });
    const { prompts } = await house.until(['awaiting_clearance']);
    disk.full = true;
    const prompt = prompts[0]?.id ?? '';
    await house.engine.answer(id, { prompt, answer: 'locked in' }, { via: 'mqtt', who: 'speaker', role: 'voice' });
    await house.clock.settle();
    expect(house.notices().some(text => text.includes('locked in'))).toBe(true);
    expect(house.flow.state).not.toBe('awaiting_clearance');
    disk.full = false;
    await house.clock.advance(120_000);
    expect([house.flow.state, house.flow.stop?.code, world.sent]).toEqual(['aborted_clean', 'emergency', 0]);
  });
});

describe('a flow whose journal was changed', () => {
  async function damaged(): Promise<string> {
    await open();
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.crash();
    const before = { ...house.store.flows };
    house.store.flows.check = flow => (flow === id ? { ok: false, number: 2 } : before.check(flow));
    await house.restart();
    expect(house.flow.state).toBe('needs_attention');
    return id;
  }

  it('does nothing more, whoever lets it go on', async () => {
    const id = await damaged();
    world.ran = [];
    await house.engine.resume(id, OWNER).catch(() => undefined);
    await house.clock.advance(60_000);
    expect([house.flow.state, house.flow.prompts.length, world.ran]).toEqual(['needs_attention', 0, []]);
  });

  it('is closed when it is cancelled, and another one may begin', async () => {
    const id = await damaged();
    await house.engine.cancel(id, OWNER);
    await house.clock.advance(60_000);
    expect(house.engine.get(id)?.state).toBe('aborted');
    expect(house.house.leases.of(house.house.view.id)).toBeUndefined();
    await house.start({ type: 'reset' });
    expect((await house.until(['awaiting_clearance'])).state).toBe('awaiting_clearance');
  });
});

describe('R19 after a flow was given up', () => {
  const leak: StepCode = {
    id: 'toy.after',
    async run(scene) {
      scene.residual({ kind: 'still_opens', text: 'The old code still opens it.' });
      return ok('The rest is good.');
    },
  };

  it('keeps the lock out of use when the reset that should mend it is cancelled', async () => {
    await open({ codes: [leak] });
    await house.start({ type: 'reset' });
    expect((await house.agree()).stop?.code).toBe('still_opens');
    await house.clock.advance(3600_000);
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.engine.cancel(id, OWNER);
    await house.until();
    expect(house.engine.get(id)?.state).toBe('aborted_clean');
    expect(house.house.view.lifecycle).toBe('suspended');
  });

  it('has a record of what was given up, which proves nothing', async () => {
    await open({ codes: [leak] });
    const { id } = await house.start({ type: 'reset' });
    await house.agree();
    await house.clock.advance(3600_000);
    await house.start({ type: 'reset' });
    expect(house.engine.get(id)?.state).toBe('aborted');
    const { record } = openRecord(house.recorder.get(id)?.text ?? '');
    expect([record.kind, record.flow.state]).toEqual(['incomplete', 'aborted']);
    expect(record.missing.join(' ')).toContain('The old code still opens it.');
  });

  it('lets no automation give it up', async () => {
    await open({ codes: [leak] });
    const { id } = await house.start({ type: 'reset' });
    expect((await house.agree()).stop?.code).toBe('still_opens');
    place.air.power(false);
    await house.clock.advance(300_000);
    const started = house.engine.start(
      { type: 'repair', lock: 'front_door', reason: 'other', mode: 'brief' },
      AUTOMATION,
    );
    await expect(started).rejects.toMatchObject({ code: 'busy' });
    expect(house.engine.get(id)?.state).toBe('needs_attention');
  });
});

describe('a confirmation', () => {
  it('is asked again after a pause', async () => {
    const gate: StepCode = {
      id: 'toy.gate',
      async run(scene) {
        await scene.ask({ kind: 'human_do', text: 'Wait.', spoken: 'Wait.' });
        return ok('Waited.');
      },
    };
    const at = STEPS.findIndex(({ id }) => id === 'toy.pivot');
    await open({ codes: [gate], steps: STEPS.toSpliced(at, 0, step('toy.gate', { kind: 'human_do' })) });
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer('yes');
    await house.until(['waiting_human']);
    await house.engine.pause(id, OWNER);
    await house.clock.advance(20 * 60_000);
    await house.engine.resume(id, OWNER);
    await house.until(['waiting_human']);
    await house.answer('done');
    const view = await house.until(['awaiting_clearance']);
    expect([view.state, world.sent]).toEqual(['awaiting_clearance', 0]);
  });
});

describe('a cancel while a person is asked in the middle of the pivot', () => {
  const drill: StepCode = {
    id: 'toy.pivot',
    async run(scene) {
      const { id, generation } = scene.keeper().record;
      return scene.act('the button is held', {}, async () => {
        scene.clearance().use(id, generation);
        await scene.ask({ kind: 'human_do', text: 'What did it do?', spoken: 'What did it do?' });
        return ok('Held.');
      });
    },
    probe: async () => 'unknown',
  };

  it('stops there, and nobody believes that nothing happened', async () => {
    await open({ codes: [drill] });
    const { id } = await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer('yes');
    await house.until(['waiting_human']);
    await house.engine.cancel(id, OWNER);
    const view = await house.until();
    expect([view.state, view.stop?.code, view.pivotAt !== undefined]).toEqual(['needs_attention', 'cancelled', true]);
  });
});

it('a flow that stands still since nobody came goes on when somebody answers', async () => {
  const asks: StepCode = {
    id: 'toy.after',
    async run(scene) {
      await scene.ask({ kind: 'human_do', text: 'Look at it.', spoken: 'Look at it.' });
      return ok('Looked at.');
    },
  };
  const steps = STEPS.map(one => (one.id === 'toy.after' ? { ...one, kind: 'human_do' as const, hard: 60 } : one));
  await open({ codes: [asks], steps });
  await house.start({ type: 'reset' });
  await house.until(['awaiting_clearance']);
  await house.answer('yes');
  await house.until(['waiting_human']);
  await house.clock.advance(120_000);
  expect([house.flow.state, house.flow.stop?.code]).toEqual(['needs_attention', 'person_absent']);
  await house.answer('done');
  await house.clock.settle();
  expect(house.flow.state).toBe('succeeded');
});

describe('a lineage', () => {
  it('that is made up, or of another lock, is refused', async () => {
    await open();
    await expect(house.start({ type: 'reset', lineage: 'anything' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of the same lock is gone on from', async () => {
    await open();
    const { id } = await house.start({ type: 'reset' });
    await house.agree();
    await house.start({ type: 'reset', lineage: id });
    expect((await house.agree()).state).toBe('succeeded');
  });
});

it('a pivot that the lock is proved not to have carried out is no erasure that has to be waited after', async () => {
  await open();
  world.pivot = () => {
    world.sent -= 1;
    return Promise.reject(new LockError('rejected', 'It says no.', { reason: 'rebooted_not_reset', acted: 'no' }));
  };
  await house.start({ type: 'reset' });
  expect((await house.agree()).state).toBe('aborted_clean');
  world.pivot = async () => undefined;
  await house.start({ type: 'reset' });
  expect((await house.agree()).state).toBe('succeeded');
});
