// What must be sure before something is erased: no account keeps the lock, two ways back, everything copied.
import { type WayBack, findings, found } from '../findings.ts';
import type { Scene, StepCode, StepResult } from '../step.ts';
import { ok } from './preparing.ts';

/** A lock without our key may belong to an account of its maker. */
export const accountStep: StepCode = {
  id: 'opening.account',
  async run(scene) {
    const at = scene.tools.clock.elapsed();
    if (liveKey(scene)) {
      found(scene, { account: { is: 'none', grade: 'E3', at } });
      return ok({ grade: 'E3', what: 'Our key is that of its owner; nobody else’s account keeps it.', by: 'radio' });
    }
    const pending = 'No account of the maker keeps this lock, or it has been released there.';
    found(scene, { account: { is: 'settled', grade: 'E0', at, pending } });
    return ok({ grade: 'E0', what: 'That no account keeps it is said with the confirmation.', by: 'system' });
  },
};

export const waysStep: StepCode = {
  id: 'opening.ways',
  async run(scene) {
    const ways = waysOf(scene);
    found(scene, { ways });
    for (const way of ways) scene.say(`Way back: ${way.text}`);
    return ok(...ways.map(evidenceOf));
  },
};

/** What stands in a book is nobody's proof, however good the book: the record says who says so. */
function evidenceOf({ kind, text, grade }: WayBack): StepResult['evidence'][number] {
  if (kind === 'admin_secret') return { grade, what: text, by: 'system' };
  return { grade: grade === 'E0' ? 'E0' : 'E1', what: text, by: 'person', who: 'the catalogue of procedures' };
}

function waysOf(scene: Scene): WayBack[] {
  const { procedures } = scene.tools;
  const { facts, values } = procedures.get(scene.plan.procedure.id) ?? procedures.for(scene.view());
  const { resetButton } = findings(scene);
  const hands = { needsRadio: false, needsDaemon: false } as const;
  const ways: WayBack[] = [];
  if (liveKey(scene)) {
    const text = 'Our key is in the vault and its copy; the lock accepts it now.';
    ways.push({ kind: 'admin_secret', text, needsRadio: true, needsDaemon: true, grade: 'E3', copies: 'same_card' });
  }
  const reset = facts.reset_physical;
  if (reset && resetButton?.is !== 'off') {
    const text = `Its reset at the lock: ${reset.text}.`;
    // A person with the tool on it knows more than any book (reset.button); a weak source needs him.
    const known = resetButton?.is === 'works' ? resetButton.grade : undefined;
    const grade = known ?? (reset.sure === 'seen' ? 'E2' : 'E0');
    const pending = grade === 'E0' ? { pending: 'I know where its reset button is and can reach it.' } : {};
    ways.push({ kind: 'physical_reset', text, ...hands, grade, ...pending });
  }
  if (values.defaultCode?.sure === 'seen' && values.opensAfterReset === 'default_code') {
    const text = 'Once it is wiped, its public code opens it at the keypad until another one is set.';
    ways.push({ kind: 'keypad_master', text, ...hands, grade: 'E2' });
  }
  return ways;
}

export const backUpStep: StepCode = {
  id: 'opening.backup',
  async run(scene) {
    const { second } = await scene.tools.backUp();
    const { ways = [] } = findings(scene);
    const copies = second ? ('second' as const) : ('same_card' as const);
    found(scene, {
      ways: ways.map(way => (way.kind === 'admin_secret' ? { ...way, copies } : way)),
      backUp: { grade: 'E3', at: scene.tools.clock.elapsed(), second },
    });
    const where = second ? 'and a second time off the card' : 'on the same card; set backup.second for one elsewhere';
    return ok({ grade: 'E3', what: `Everything was copied, ${where}.`, by: 'system' });
  },
};

function liveKey(scene: Scene): boolean {
  return scene.tools.vault.of(scene.view().id).some(kept => kept.status === 'live');
}
