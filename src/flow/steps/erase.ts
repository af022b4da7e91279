// Takes codes, cards and fingerprints off a lock, kind by kind, and passage mode with them. Source: flows.md 4.9, rung 2.
import type { Erased } from '../../access/access.ts';
import { LockError } from '../../base/errors.ts';
import type { Json } from '../../lock/driver.ts';
import type { PlannedStep } from '../plan.ts';
import { FLOW_ASKER, type Intent, type Planning, type Scene, type StepCode, type StepResult } from '../step.ts';
import { KEPT, RADIO_PAUSES_MS } from './census.ts';
import { planned } from './planned.ts';
import { type Kind, counted, kindsOf, named, plural } from './words.ts';

export const ERASING = 'Some of the old codes, cards and keys may be gone and others may still open the door.';

/** The one use of the clearance; what goes on after a restart is the same pivot. */
export function beginPivot(scene: Scene): void {
  if (scene.step.segment !== 'pivot') return;
  const { id, generation } = scene.keeper().record;
  scene.clearance().use(id, generation);
}

/** Ids of the credentials that stay on the lock. */
export function keptIds(scene: Pick<Scene, 'recall'>): readonly string[] {
  const kept = scene.recall(KEPT);
  return Array.isArray(kept) ? kept.filter(id => typeof id === 'string') : [];
}

/** R19: something that should be dead is still there. Nothing else is tried: the next rung is a reset, by a person. */
export function stillOpens(scene: Scene, what: string): LockError {
  const text = `${what} The lock stays out of use. Reset it to its factory state: a person has to start that.`;
  scene.residual({ kind: 'still_opens', text: what });
  scene.notify(`"${scene.keeper().record.name}": ${text}`, true);
  return new LockError('rejected', text, { reason: 'still_opens' });
}

export const eraseCodes = eraser('code');
export const eraseCards = eraser('card');
export const eraseFingers = eraser('finger');

function eraser(kind: Kind): StepCode {
  return {
    id: `erase.${plural(kind)}`,
    retryPausesMs: RADIO_PAUSES_MS,
    run: scene => erase(scene, kind),
    probe: scene => probe(scene, kind),
  };
}

async function erase(scene: Scene, kind: Kind): Promise<StepResult> {
  beginPivot(scene);
  const { access } = scene.tools;
  const { id: lock } = scene.keeper().record;
  const keep = keptIds(scene);
  const data: Intent['data'] = { kind, keep: keep as Json };
  const done = await scene.act(`take the ${plural(kind)} off`, data, () =>
    access.erase({ lock, kind, keep }, FLOW_ASKER),
  );
  if (!done) return { outcome: 'ok', evidence: [{ grade: 'E3', what: `It has no ${plural(kind)}.`, by: 'radio' }] };
  if (done.left.length > 0) {
    throw stillOpens(scene, `${named(done.left, kind)} would not go: the lock still lists them.`);
  }
  if (done.before > 0) scene.say(`${counted(done.before, kind)} gone.`);
  return { outcome: 'ok', ...sworn(done) };
}

/** Absent on read-back is proof; where the lock does not list them, its yes is all there is. */
function sworn({ kind, before, readBack }: Erased): Omit<StepResult, 'outcome'> {
  if (readBack && before === 0) {
    return {
      evidence: [{ grade: 'E3', what: `The lock lists no ${plural(kind)} that would have to go.`, by: 'radio' }],
    };
  }
  if (readBack) {
    const what = `${counted(before, kind)} taken off; the lock lists none of them any more.`;
    return { evidence: [{ grade: 'E3', what, by: 'radio' }] };
  }
  const what = `The lock was told to forget ${counted(before, kind)} and did not object; it does not list them.`;
  const text = `It was not read back that the ${plural(kind)} are gone: this lock does not list them. Type an old one to be sure.`;
  return { evidence: [{ grade: 'E2', what, by: 'radio' }], residuals: [{ kind: 'untested', text }] };
}

/** The lock's own list says how far it came. */
async function probe(scene: Scene, kind: Kind): Promise<'done' | 'not_done' | 'unknown'> {
  const keep = new Set(keptIds(scene));
  try {
    const all = await scene.tools.access.census(scene.keeper().record.id, FLOW_ASKER);
    const mine = all.find(one => one.kind === kind);
    // Telling a lock twice that does not list its codes does no harm.
    if (!mine?.listed) return 'not_done';
    return mine.there.some(({ id }) => id === undefined || !keep.has(id)) ? 'not_done' : 'done';
  } catch {
    return 'unknown';
  }
}

/** A door that anybody can open until it is switched off. */
export const passageOff: StepCode = {
  id: 'erase.passage_mode',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { id } = scene.keeper().record;
    const write = (): Promise<unknown> => scene.tools.workbench.writeSetting(id, 'passage_mode', false, FLOW_ASKER);
    await scene.act('switch passage mode off', {}, write);
    return { outcome: 'ok', evidence: [{ grade: 'E3', what: 'Passage mode is off; read back.', by: 'radio' }] };
  },
  // Switching off what is off is harmless: it is simply done again.
  probe: async () => 'not_done',
};

/** Those that this lock can have, the first one being the pivot. */
export function eraseSteps({ lock }: Pick<Planning, 'lock'>): PlannedStep[] {
  const steps = kindsOf(lock).map(kind =>
    planned({
      id: `erase.${plural(kind)}`,
      kind: 'auto_ble',
      segment: 'retriable',
      title: `Take the ${plural(kind)} off`,
      text: `Takes all ${plural(kind)} off the lock but those that stay, also those that were not put there from here, and reads back that they are gone.`,
      honours: ['S1-37', 'S1-02'],
      atStake: ERASING,
      evidence: 'E2',
      soft: 60,
    }),
  );
  if (lock?.abilities?.settings.some(({ name }) => name === 'passage_mode')) {
    steps.push(
      planned({
        id: passageOff.id,
        kind: 'auto_ble',
        segment: 'retriable',
        title: 'Switch passage mode off',
        text: 'A door in passage mode opens for everybody; this is switched off and read back.',
        atStake: ERASING,
        evidence: 'E3',
      }),
    );
  }
  return steps;
}
