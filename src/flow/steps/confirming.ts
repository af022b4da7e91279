// The clearance: the last question before something is erased. Its yes says what brief mode did not ask one by one.
import { LockError } from '../../base/errors.ts';
import { type Finding, findings, found, pendingOf, stated } from '../findings.ts';
import type { Json } from '../../lock/driver.ts';
import type { Scene, StepCode } from '../step.ts';
import { CANCEL } from './observe.ts';
import { ok } from './preparing.ts';

export const clearanceStep: StepCode = {
  id: 'opening.clearance',
  async run(scene) {
    promise(scene);
    const says = pendingOf(findings(scene));
    const answer = await scene.ask({
      kind: 'clearance',
      text: clearanceText(scene),
      spoken: 'Confirm on the screen that the lock may be erased.',
      options: [{ value: 'confirm', label: 'Confirm', means: 'yes' }, CANCEL],
      challenge: true,
      ...(says.length > 0 && { says }),
      roles: ['owner', 'manager'],
    });
    if (answer.means !== 'yes') {
      throw new LockError('stopped', `${answer.by.who} did not confirm; nothing was erased.`, { reason: 'cancelled' });
    }
    const said = pendingOf(findings(scene));
    scene.remember('found', stated(findings(scene), scene.tools.clock.elapsed()) as unknown as Json);
    const { who } = answer.by;
    return ok(
      { grade: 'E1', what: 'The plan was confirmed.', by: 'person', who },
      ...said.map(what => ({ grade: 'E1' as const, what, by: 'person' as const, who })),
    );
  },
};

/** What the plan wants promised, such as that the door is secured afterwards. */
function promise(scene: Scene): void {
  const { promises } = scene.step.with ?? {};
  const [first] = Array.isArray(promises) ? (promises as string[]) : [];
  if (first === undefined || findings(scene).secured) return;
  const secured: Finding = { grade: 'E0', at: scene.tools.clock.elapsed(), pending: first };
  found(scene, { secured });
}

function clearanceText(scene: Scene): string {
  const { goal, lost, exposure } = scene.plan;
  const { name } = scene.view();
  const said = pendingOf(findings(scene));
  return [
    `"${name}": ${goal}`,
    ...(lost.length > 0 ? [`Lost for good: ${lost.join('; ')}.`] : []),
    `Afterwards ${exposure.what}.`,
    ...(said.length > 0 ? [`With your yes you also say: ${said.join(' ')}`] : []),
    'Do you confirm?',
  ].join(' ');
}
