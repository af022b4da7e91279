// What must be sure before something is erased: no account keeps the lock, two ways back, everything copied.
import { type WayBack, findings, found } from '../findings.ts';
import { natureOf } from '../nature.ts';
import { knownWays } from '../ways-back.ts';
import type { Scene, StepCode, StepResult } from '../step.ts';
import { ok } from './preparing.ts';

/** A lock without our key may belong to an account of its maker. */
export const accountStep: StepCode = {
  id: 'opening.account',
  async run(scene) {
    const at = scene.tools.clock.elapsed();
    if (natureOf(scene.tools.registry, scene.view()).owners === 'many') {
      found(scene, { account: { is: 'none', grade: 'E2', at } });
      return ok({
        grade: 'E2',
        what: 'Locks of this kind take many clients: no account keeps it from us.',
        by: 'system',
      });
    }
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
  const procedure = procedures.get(scene.plan.procedure.id) ?? procedures.for(scene.view());
  const { resetButton } = findings(scene);
  return knownWays({ procedure, hasKey: liveKey(scene), ...(resetButton && { button: resetButton }) });
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
