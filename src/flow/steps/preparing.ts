// First steps of a flow: the plan, what must be at hand, this computer, and the lock kept for the flow.
import { LockError } from '../../base/errors.ts';
import { findings, found } from '../findings.ts';
import { FLOW_ASKER, type Scene, type StepCode, type StepResult } from '../step.ts';
import { censusEvidence, readCensus } from './census.ts';
import { CANCEL, DONE, cancelled } from './observe.ts';
import { codeNeeded, isCodeWanted, isSilent, untold } from './untold.ts';

export function isBrief(scene: Pick<Scene, 'request' | 'unattended'>): boolean {
  return scene.request.mode === 'brief' || scene.unattended;
}

export function ok(...evidence: StepResult['evidence'][number][]): StepResult {
  return { outcome: 'ok', evidence };
}

export const planStep: StepCode = {
  id: 'opening.plan',
  async run(scene) {
    const { goal, minutes, humanSteps, lost } = scene.plan;
    scene.say(`${goal} About ${minutes} min, ${humanSteps} ${humanSteps === 1 ? 'step' : 'steps'} for a person.`);
    if (lost.length > 0) scene.say(`Lost for good: ${lost.join('; ')}.`);
    return ok({ grade: 'E3', what: 'The plan was made and shown.', by: 'system' });
  },
};

export const itemsStep: StepCode = {
  id: 'opening.items',
  async run(scene) {
    if (isBrief(scene))
      return ok({ grade: 'E0', what: 'What is needed was listed, and nobody was asked.', by: 'system' });
    const { text, spoken = text } = scene.step;
    const answer = await scene.ask({ kind: 'human_confirm', text, spoken, options: [DONE, CANCEL] });
    if (answer.means !== 'yes') throw cancelled(answer.by.who);
    const fresh = { grade: 'E1', at: scene.tools.clock.elapsed(), fresh: true } as const;
    found(scene, { battery: { ...fresh, ...findings(scene).battery } });
    return ok({ grade: 'E1', what: 'Everything is at hand, fresh batteries too.', by: 'person', who: answer.by.who });
  },
};

/** Without these nothing of the flow can work; the rest is only said. */
const NEEDED: Readonly<Record<string, string>> = { radio: 'adapter_down', store: 'disk', disk: 'disk', vault: 'disk' };

export const healthStep: StepCode = {
  id: 'opening.health',
  async run(scene) {
    const bad = scene.tools.health().parts.filter(part => !part.ok);
    const stop = bad.find(part => part.name in NEEDED);
    if (stop) {
      const text = `${stop.text}${stop.fix === undefined ? '' : ` ${stop.fix}`} The flow needs it.`;
      throw new LockError('unreachable', text, { reason: NEEDED[stop.name] as string });
    }
    for (const part of bad) scene.say(part.text);
    const what =
      bad.length === 0
        ? 'Adapter, disk, vault, clock and broker are well.'
        : `Adapter, disk and vault are well; not needed and not well: ${bad.map(part => part.name).join(', ')}.`;
    return ok({ grade: 'E3', what, by: 'system' });
  },
};

export const suspendStep: StepCode = {
  id: 'opening.suspend',
  async run(scene) {
    scene.suspend();
    return ok({ grade: 'E3', what: 'The lock is kept for this flow.', by: 'system' });
  },
  async undo(scene) {
    scene.release();
  },
};

/** Under this name the flow remembers what was set on the lock. */
export const SETTINGS_BEFORE = 'settings.before';

/** What the lock does not tell now keeps nobody from wiping it: the record then says what was not counted. */
export const snapshotStep: StepCode = {
  id: 'opening.snapshot',
  async run(scene) {
    const evidence: StepResult['evidence'][number][] = [];
    try {
      const census = await readCensus(scene);
      if (isSilent(scene)) return untold('What is on it and how it is set was not looked at');
      evidence.push(...censusEvidence(census));
      evidence.push({ grade: 'E3', what: `${await settingsOf(scene)} of its settings are noted.`, by: 'radio' });
    } catch (thrown) {
      if (!(thrown instanceof LockError) || scene.signal.aborted) throw thrown;
      // Somebody has changed its code since we were told it: our key could not be taken off.
      if (scene.plan.rung === 'own_key' && isCodeWanted(thrown)) throw codeNeeded(scene.view().name);
      evidence.push({ grade: 'E0', what: `Not everything on it could be counted: ${thrown.message}`, by: 'radio' });
    }
    buttonOf(scene);
    return ok(...evidence);
  },
};

/** What is set on the lock now, so that it can be put back. */
async function settingsOf(scene: Scene): Promise<number> {
  const { id, abilities } = scene.view();
  if (!abilities || abilities.settings.length === 0) return 0;
  const settings = await scene.tools.workbench.readSettings(id, FLOW_ASKER);
  if (scene.recall(SETTINGS_BEFORE) === undefined) scene.remember(SETTINGS_BEFORE, settings);
  return Object.keys(settings).length;
}

/** A reset button that is switched off is no way back. */
function buttonOf(scene: Scene): void {
  const button = scene.tools.workbench.known(scene.view().id)['reset_button'];
  if (typeof button !== 'boolean') return;
  const finding = { grade: 'E3', at: scene.tools.clock.elapsed() } as const;
  found(scene, { resetButton: { ...finding, is: button ? 'works' : 'off' } });
}
