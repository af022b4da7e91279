// A lock that was not told its security code keeps most to itself: what that leaves undone is said, and never called well.
import { LockError } from '../../base/errors.ts';
import type { LockView } from '../../lock/lock.ts';
import type { Scene, StepResult } from '../step.ts';

/** It keeps this to itself before it is told its security code. */
export function isSilent(scene: Pick<Scene, 'view'>): boolean {
  return scene.view().abilities?.adminCode?.known === false;
}

/** Throws before our key is to be taken off: a lock that wants its owner's code for it would only say no. */
export function mustKnowItsCode({ name, abilities }: Pick<LockView, 'name' | 'abilities'>): void {
  if (abilities?.adminCode?.known === false) throw codeNeeded(name);
}

/** It said that the code which we had is another one by now, or that it wants one. */
export function isCodeWanted({ reason }: LockError): boolean {
  return reason === 'wrong_code' || reason === 'admin_code_needed';
}

export function codeNeeded(name: string): LockError {
  const text = `"${name}" lets nobody be taken off without its security code. Tell it first (admin-code ${name} tell); or take us off in its maker’s app, and only forget it here.`;
  return new LockError('forbidden', text, { reason: 'admin_code_unknown' });
}

/** What was not done for want of that code: never claimed to be well. */
export function untold(what: string): StepResult {
  const text = `${what}: the lock gives that only to who knows its security code.`;
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: text, by: 'radio' }],
    residuals: [{ kind: 'untested', text }],
  };
}
