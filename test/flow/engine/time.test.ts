import { afterEach, describe, expect, it } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import type { Scene, StepCode } from '../../../src/flow/step.ts';
import { AUTOMATION, OWNER } from '../../support/fake-family.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { type Place, makePlace } from '../../support/house.ts';
import { STEPS, type ToyOptions, type World, makeWorld, ok, step, toy } from './toy.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

const asking = (id: string, before: (scene: Scene) => void = () => undefined): StepCode => ({
  id,
  async run(scene) {
    before(scene);
    await scene.ask({ kind: 'human_confirm', text: 'Is it so?', spoken: 'Is it so?' });
    return ok('So it is.');
  },
});

describe('limits', () => {
  const slow = step('toy.slow', { kind: 'human_confirm', hard: 600, soft: 120 });

  it('a question that nobody answers ends the flow cleanly after its limit', async () => {
    await open({ codes: [asking('toy.slow')], steps: [slow, ...STEPS] });
    await house.start({ type: 'reset' });
    await house.until(['waiting_human']);
    await house.clock.advance(9 * MINUTE);
    expect(house.flow.state).toBe('waiting_human');
    await house.clock.advance(90_000);
    expect([house.flow.state, house.flow.stop?.code]).toEqual(['aborted_clean', 'person_absent']);
  });

  it('the limit counts over restarts, and not while nobody runs', async () => {
    await open({ codes: [asking('toy.slow')], steps: [slow, ...STEPS] });
    await house.start({ type: 'reset' });
    await house.until(['waiting_human']);
    await house.clock.advance(8.5 * MINUTE);
    await house.restart();
    place.clock.jump(24 * HOUR);
    await house.clock.advance(MINUTE / 2);
    expect(house.flow.state).toBe('waiting_human');
    await house.clock.advance(2 * MINUTE);
    expect(house.flow.state).toBe('aborted_clean');
  });

  it('an attended flow has an hour before its pivot, however it is spent', async () => {
    const patient = [1, 2, 3, 4, 5].map(n => step(`toy.wait${n}`, { kind: 'human_confirm', hard: 20 * 60 }));
    await open({ codes: patient.map(({ id }) => asking(id)), steps: [...patient, ...STEPS] });
    await house.start({ type: 'reset' });
    for (let n = 0; n < 3; n++) {
      await house.until(['waiting_human']);
      await house.clock.advance(17 * MINUTE);
      await house.answer();
      if (n === 1) await house.restart();
    }
    await house.until(['waiting_human']);
    await house.clock.advance(12 * MINUTE);
    expect([house.flow.state, house.flow.stop?.code]).toEqual(['aborted_clean', 'person_absent']);
  });

  it('hints come after the soft limit, one after the other', async () => {
    const hints = [
      { text: 'Touch it.', honours: [] },
      { text: 'Come nearer.', check: 'signal', honours: [] },
      { text: 'Open it wider.', honours: [] },
    ];
    await open({ codes: [asking('toy.slow')], steps: [{ ...slow, hints }, ...STEPS] });
    await house.start({ type: 'reset' });
    await house.until(['waiting_human']);
    await house.clock.advance(119_000);
    expect(house.flow.progress).toEqual([]);
    await house.clock.advance(2 * MINUTE);
    expect(house.flow.progress[0]).toBe('Touch it.');
    await house.clock.advance(2 * MINUTE);
    // The signal was looked at and is not it, so the next advice is given at once.
    expect(house.flow.progress.at(-2)).toContain('the signal is good enough');
    expect(house.flow.progress.at(-1)).toBe('Open it wider.');
  });
});

describe('a door that opens to the public', () => {
  async function exposed(): Promise<void> {
    await open({ codes: [asking('toy.after', scene => scene.exposed())] });
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    await house.until(['waiting_human']);
  }
  const urgent = (): string[] =>
    house.events.flatMap(event => (event.kind === 'notice' && event.urgent ? [event.text] : []));

  it('is counted, also while the daemon is away', async () => {
    await exposed();
    await house.clock.advance(MINUTE);
    await house.crash();
    await house.clock.advance(5 * MINUTE);
    await house.restart();
    expect(house.flow.exposure?.seconds).toBeGreaterThanOrEqual(6 * 60);
    expect(house.flow.exposure?.seconds).toBeLessThan(7 * 60);
  });

  it('alarms when nobody shows up, and at its limit, each once', async () => {
    await exposed();
    await house.clock.advance(3 * MINUTE);
    expect(urgent().filter(text => text.includes('that he is there'))).toHaveLength(1);
    await house.clock.advance(20 * MINUTE);
    await house.restart();
    await house.clock.advance(5 * MINUTE);
    expect(urgent().filter(text => text.includes('for 10 min now'))).toHaveLength(1);
  });

  it('is covered when the flow says so', async () => {
    await open({
      codes: [
        {
          id: 'toy.after',
          async run(scene) {
            scene.exposed();
            await new Promise<void>(resolve => void scene.tools.clock.after(30_000, resolve));
            scene.covered();
            await scene.ask({ kind: 'human_confirm', text: 'Is it so?', spoken: 'Is it so?' });
            return ok('Covered.');
          },
        },
      ],
    });
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    const { exposure } = await house.until(['waiting_human']);
    await house.clock.advance(HOUR);
    expect([exposure, urgent()]).toEqual([undefined, []]);
  });
});

describe('a flow that cannot go on', () => {
  const broken: StepCode = {
    id: 'toy.after',
    retryPausesMs: [],
    async run() {
      if (world.ran.includes('mended')) return ok('Done.');
      throw new LockError('unreachable', 'It is not heard.', { reason: 'not_heard' });
    },
  };

  async function parked(): Promise<void> {
    await open({ codes: [broken] });
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    expect((await house.until()).state).toBe('needs_attention');
  }

  it('parks after its pivot and goes on by itself when the lock is heard', async () => {
    await parked();
    world.ran.push('mended');
    await house.clock.advance(90_000);
    expect((await house.until()).state).toBe('succeeded');
  });

  it('does so after a restart, too', async () => {
    await parked();
    await house.restart();
    expect(house.flow.state).toBe('needs_attention');
    world.ran.push('mended');
    await house.clock.advance(90_000);
    expect((await house.until()).state).toBe('succeeded');
  });

  it('alarms after an hour and after a day', async () => {
    await open({ codes: [{ ...broken, run: async () => Promise.reject(new LockError('rejected', 'No.')) }] });
    await house.start({ type: 'reset' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    await house.until();
    await house.clock.advance(25 * HOUR);
    const still = house.notices().filter(text => text.includes('stands still'));
    expect(still.map(text => /for (an hour|24 hours)/.exec(text)?.[1])).toEqual(['an hour', '24 hours']);
  });

  it('holds before its pivot when nobody is there, and is not undone', async () => {
    const away: StepCode = { ...broken, id: 'toy.set' };
    const steps = STEPS.filter(({ id }) => id !== 'toy.clearance');
    await open({ type: 'turnover', draft: { rung: 'all_guests' }, codes: [away], steps });
    const { id } = await house.start({ type: 'turnover', deadline: house.clock.now() + 4 * HOUR }, AUTOMATION);
    place.lock.hands.act('batteries_out');
    await house.clock.advance(3 * HOUR);
    expect([house.flow.state, house.flow.workOrder?.flow]).toEqual(['waiting_radio', id]);
    world.ran.push('mended');
    place.lock.hands.act('batteries_in');
    await house.clock.advance(6 * MINUTE);
    expect((await house.until()).state).toBe('succeeded');
    expect(house.flow.workOrder).toBeUndefined();
  });
});

it('a journal that was changed is not gone on with', async () => {
  await open();
  await house.start({ type: 'reset' });
  await house.until(['awaiting_clearance']);
  const { flows } = house.store;
  const whole = { ...flows };
  flows.check = () => ({ ok: false, number: 3 });
  await house.restart();
  await house.clock.advance(MINUTE);
  expect([house.flow.state, house.flow.stop?.code, world.sent]).toEqual(['needs_attention', 'disk', 0]);
  Object.assign(flows, whole);
});

it('a disk that is full keeps a flow from acting, and it goes on when there is room', async () => {
  await open();
  await house.start({ type: 'reset' });
  await house.until(['awaiting_clearance']);
  house.death.full = true;
  await house.answer().catch(() => undefined);
  await house.clock.advance(5000);
  expect(world.sent).toBe(0);
  house.death.full = false;
  const view = await house.agree(OWNER);
  expect([view.state, world.sent]).toEqual(['succeeded', 1]);
});
