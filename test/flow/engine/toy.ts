// A flow of nothing but notes: every segment, with a pivot whose every sending is counted.
import { LockError } from '../../../src/base/errors.ts';
import { findings, found, stated } from '../../../src/flow/findings.ts';
import type { Json } from '../../../src/lock/driver.ts';
import type { Draft, PlannedStep } from '../../../src/flow/plan.ts';
import type { Recipe, Scene, StepCode, StepResult } from '../../../src/flow/step.ts';
import type { FlowType } from '../../../src/flow/words.ts';

/** What the world outside has seen. */
export interface World {
  sent: number;
  /** What the pivot does when it is sent: the error it ends with, if any. */
  pivot: () => Promise<void>;
  undone: string[];
  ran: string[];
}

export function makeWorld(): World {
  const world: World = { sent: 0, pivot: async () => undefined, undone: [], ran: [] };
  return world;
}

export function step(id: string, more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    kind: 'auto_sys',
    segment: 'reversible',
    title: id,
    text: `Does ${id}.`,
    honours: [],
    atStake: 'Nothing has changed. You can stop.',
    evidence: 'E0',
    unattended: 'run',
    ...more,
  };
}

export const ok = (what: string): StepResult => ({ outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }] });

/** Everything that pre-flight wants, as good as it gets. */
export function good(scene: Scene): void {
  const now = { grade: 'E3', at: scene.tools.clock.elapsed() } as const;
  const hands = { needsRadio: false, needsDaemon: false, grade: 'E2' } as const;
  found(scene, {
    bolt: { ...now, is: 'unlocked' },
    door: { ...now, grade: 'E1', is: 'open' },
    battery: { ...now, percent: 90 },
    presence: { ...now, grade: 'E1' },
    ways: [
      { kind: 'admin_secret', text: 'Our key.', needsRadio: true, needsDaemon: true, grade: 'E3' },
      { kind: 'physical_reset', text: 'Its button.', ...hands },
    ],
    backUp: { ...now, second: true },
  });
}

export const look: StepCode = {
  id: 'toy.look',
  async run(scene) {
    good(scene);
    return ok('Looked at.');
  },
};

export const hold: StepCode = {
  id: 'toy.hold',
  async run(scene) {
    scene.suspend();
    return ok('Kept.');
  },
  undo: async scene => scene.release(),
};

export const confirm: StepCode = {
  id: 'toy.clearance',
  async run(scene) {
    const answer = await scene.ask({ kind: 'clearance', text: 'Shall it be erased?', spoken: 'Shall it be erased?' });
    if (answer.means !== 'yes') throw new LockError('stopped', 'Not confirmed.', { reason: 'cancelled' });
    scene.remember('found', stated(findings(scene), scene.tools.clock.elapsed()) as unknown as Json);
    return ok('Confirmed.');
  },
};

export function setUp(world: World): StepCode {
  return {
    id: 'toy.set',
    async run(scene) {
      await scene.act('set something', {}, async () => void world.ran.push('set'));
      return ok('Set.');
    },
    undo: async () => void world.undone.push('set'),
  };
}

export function pivot(world: World): StepCode {
  return {
    id: 'toy.pivot',
    async run(scene) {
      const { id, generation } = scene.keeper().record;
      await scene.act('erase', { lock: id }, async () => {
        scene.clearance().use(id, generation);
        world.sent += 1;
        await world.pivot();
      });
      return ok('Erased.');
    },
    probe: async () => (world.sent > 0 ? 'done' : 'not_done'),
  };
}

export function after(world: World): StepCode {
  return {
    id: 'toy.after',
    async run(scene) {
      scene.covered();
      world.ran.push('after');
      return ok('Done after.');
    },
  };
}

export const STEPS: readonly PlannedStep[] = [
  step('toy.look', { kind: 'check' }),
  step('toy.hold', { segment: 'compensatable' }),
  step('toy.set', { segment: 'compensatable', atStake: 'One small change is made.' }),
  step('toy.clearance', { kind: 'human_confirm', hard: 900, unattended: 'park' }),
  step('toy.pivot', { kind: 'auto_ble', segment: 'pivot', atStake: 'The lock is empty.' }),
  step('toy.after', { segment: 'retriable', atStake: 'It is ours.' }),
];

export interface ToyOptions {
  type?: FlowType;
  draft?: Partial<Draft>;
  steps?: readonly PlannedStep[];
  codes?: readonly StepCode[];
}

export function toy(world: World, { type = 'reset', draft = {}, steps = STEPS, codes = [] }: ToyOptions = {}): Recipe {
  const all = [...codes, look, hold, setUp(world), confirm, pivot(world), after(world)];
  const known = all.filter((code, i) => all.findIndex(({ id }) => id === code.id) === i);
  return {
    type,
    draft: about => ({
      goal: 'The lock is erased.',
      rung: 'factory_reset',
      whyNotLess: 'A smaller rung would not do.',
      lost: ['2 codes'],
      bring: [],
      minutes: 1,
      notes: [],
      procedure: { id: about.procedure.id, title: about.procedure.title, sure: true, sources: [] },
      restore: 'forbidden',
      exposure: { what: 'it opens with its public code', limitSeconds: 600 },
      steps,
      ...draft,
    }),
    steps: known,
  };
}
