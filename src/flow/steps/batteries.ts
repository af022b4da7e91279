// Pulling the batteries: refreshes a connection that hangs. Skippable; graded by what the radio hears of it.
import { sleep } from '../../base/clock.ts';
import type { Heard } from '../../lock/registry.ts';
import type { PlannedStep } from '../plan.ts';
import type { Planning, Scene, StepCode, StepResult } from '../step.ts';
import { CANCEL, DONE, SKIP, askOrSee, cancelled, heardNext, silence } from './observe.ts';
import { STAKES, planned } from './planned.ts';
import { isBrief, ok } from './preparing.ts';

/** Three times the longest gap between adverts of a sleeping lock (ttlock.md 2.1). */
const SILENT_MS = 30_000;
/** Until the last capacitor is empty; the guides say "a few seconds". */
const WAIT_MS = 10_000;
/** A lock that was not heard lately is silent anyway: its silence proves nothing. */
const LATELY_MS = 60_000;

/** For these reasons the guides begin with the batteries. */
const REFRESHES: readonly string[] = ['not_responding', 'disconnects', 'wrong_data'];

export function needsBatteries({ request, procedure }: Planning): boolean {
  const needed = /batter/i.test(procedure.facts.pairing_mode?.text ?? '');
  return REFRESHES.includes(request.reason) || needed;
}

function mine(scene: Scene): (heard: Heard) => boolean {
  const { id } = scene.view();
  return heard => heard.lock === id;
}

export const outStep: StepCode = {
  id: 'batteries.out',
  async run(scene) {
    if (isBrief(scene)) return skipped('The batteries were left in: nobody was asked.');
    // While we hold its session it does not advertise; its silence has to be its own.
    await scene.keeper().session?.close();
    const { lastHeard = 0 } = scene.view();
    const audible = scene.tools.clock.now() - lastHeard < LATELY_MS;
    const { text, spoken = text } = scene.step;
    const ask = { kind: 'human_do', text, spoken, options: [DONE, SKIP, CANCEL] } as const;
    const never = new Promise<void>(() => undefined);
    const proof = await askOrSee(scene, ask, signal =>
      audible ? scene.waiting('radio', silence(scene, SILENT_MS, { wanted: mine(scene), signal })) : never,
    );
    if (proof.by === 'radio') return out(scene, 'E2', 'The lock fell silent for 30 s, as without batteries.');
    const { means, by } = proof.answer;
    if (means === 'skip') return skipped('The batteries were left in.', by.who);
    if (means !== 'yes') throw cancelled(by.who);
    return out(scene, 'E1', 'The batteries are out.', by.who);
  },
};

function out(scene: Scene, grade: 'E1' | 'E2', what: string, who?: string): StepResult {
  scene.remember('batteries', 'out');
  return ok({ grade, what, by: grade === 'E2' ? 'radio' : 'person', ...(who !== undefined && { who }) });
}

function skipped(what: string, who?: string): StepResult {
  const by = who === undefined ? 'system' : 'person';
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what, by, ...(who !== undefined && { who }) }],
    unneeded: ['batteries.wait', 'batteries.in', 'batteries.clock'],
  };
}

export const waitStep: StepCode = {
  id: 'batteries.wait',
  async run(scene) {
    scene.say('Wait 10 seconds.');
    await scene.waiting('window', sleep(scene.tools.clock, WAIT_MS, scene.signal));
    return ok({ grade: 'E3', what: 'Ten seconds passed.', by: 'system' });
  },
};

export const inStep: StepCode = {
  id: 'batteries.in',
  async run(scene) {
    const { text, spoken = text } = scene.step;
    const ask = { kind: 'human_do', text, spoken, options: [DONE, CANCEL] } as const;
    const proof = await askOrSee(scene, ask, signal => scene.waiting('radio', heardNext(scene, mine(scene), signal)));
    if (proof.by === 'radio') {
      scene.say('The lock is heard again.');
      return ok({ grade: 'E2', what: 'After the silence the lock was heard again.', by: 'radio' });
    }
    if (proof.answer.means !== 'yes') throw cancelled(proof.answer.by.who);
    return ok({ grade: 'E1', what: 'The batteries are in again.', by: 'person', who: proof.answer.by.who });
  },
};

/** Without power a lock may lose its clock, and codes with a time go wrong. */
export const clockStep: StepCode = {
  id: 'batteries.clock',
  async run(scene) {
    const set = await setClock(scene).catch(() => false);
    if (!set)
      return ok({ grade: 'E0', what: 'Its clock was not set; it is set when the lock is paired.', by: 'radio' });
    return ok({ grade: 'E3', what: 'Its clock was set after the loss of power.', by: 'radio' });
  },
};

/** Whether it was set. False for a lock without a clock. */
export async function setClock(scene: Scene): Promise<boolean> {
  const { clock } = scene.tools;
  return scene.keeper().work({ urgency: 'person', what: 'set the clock of the lock' }, async session => {
    if (!session.clock) return false;
    await session.clock.set(clock.now());
    return true;
  });
}

export const batterySteps: readonly StepCode[] = [outStep, waitStep, inStep, clockStep];

export function planBatteries(_about: Planning): PlannedStep[] {
  const act = { segment: 'compensatable', unattended: 'skip_with_residual', skippable: true } as const;
  const atStake = STAKES.batteries;
  return [
    planned({
      id: 'batteries.out',
      kind: 'human_do',
      ...act,
      title: 'Take the batteries out',
      text: 'Open the battery compartment (model and place: see the manual) and take all batteries out. This refreshes the connection of the lock and prepares it; say skip to leave it out.',
      spoken: 'Open the battery compartment and take all batteries out.',
      honours: ['S0-07', 'S0-08', 'S0-11'],
      atStake,
      soft: 30,
      hard: 600,
    }),
    planned({
      id: 'batteries.wait',
      kind: 'wait',
      ...act,
      title: 'Wait some seconds',
      text: 'Ten seconds without power, counted from when they were out.',
      honours: ['S0-09'],
      atStake,
    }),
    planned({
      id: 'batteries.in',
      kind: 'human_do',
      ...act,
      title: 'Put the batteries back',
      text: 'Put them back, fresh ones best, plus and minus as drawn. The lock beeps, and is heard again.',
      spoken: 'Put the batteries back, the right way round.',
      honours: ['S0-10', 'S0-37', 'S0-38'],
      atStake,
      soft: 30,
      hard: 600,
      hints: [
        { text: 'Nothing heard: turn each battery the right way round.', check: 'heard', honours: ['S0-38'] },
        { text: 'Still nothing: use fresh ones, all of one kind.', check: 'heard', honours: ['S0-37'] },
      ],
    }),
    planned({
      id: 'batteries.clock',
      kind: 'auto_ble',
      ...act,
      title: 'Set its clock',
      text: 'A lock may lose its clock without power; it is set before any code with a time is trusted.',
      atStake: STAKES.set,
    }),
  ];
}
