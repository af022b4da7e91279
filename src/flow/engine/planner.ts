// Draft -> frozen plan: what was asked for and what the recipe wrote, under one hash.
import { LockError } from '../../base/errors.ts';
import { digestOf } from '../canonical.ts';
import type { Plan } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import { isSoft } from './authority.ts';

export function makePlan(recipe: Recipe, about: Planning): Plan {
  const draft = recipe.draft(about);
  const humanSteps = draft.steps.filter(step => step.kind.startsWith('human')).length;
  const body = {
    ...draft,
    type: recipe.type,
    request: about.request,
    ...(about.lock && { lock: about.lock.id }),
    humanSteps,
  };
  // As JSON, so that it is after a restart what it was before.
  const frozen = JSON.parse(JSON.stringify(body)) as Omit<Plan, 'hash'>;
  const plan = { ...frozen, hash: digestOf(frozen) };
  mustFit(plan, recipe);
  return plan;
}

/** Whether it is still the plan that was made. */
export function isWhole({ hash, ...body }: Plan): boolean {
  return digestOf(body) === hash;
}

/** A recipe that breaks these is wrong, whatever the lock. */
function mustFit(plan: Plan, recipe: Recipe): void {
  const codes = new Map(recipe.steps.map(code => [code.id, code]));
  const missing = plan.steps.find(step => !codes.has(step.id));
  if (missing) throw wrong(`has no code for ${missing.id}`);
  const twice = plan.steps.find((step, i) => plan.steps.findIndex(({ id }) => id === step.id) !== i);
  if (twice) throw wrong(`has ${twice.id} twice`);
  const first = plan.steps.findIndex(({ segment }) => segment === 'pivot');
  if (first < 0) return;
  const late = plan.steps.slice(first).find(({ segment }) => segment === 'compensatable');
  if (late) throw wrong(`would undo ${late.id} after the pivot`);
  // R06: an unclear end is probed; what cannot be probed may not be a hard pivot.
  const blind = plan.steps.find(step => step.segment === 'pivot' && !isSoft(plan.rung) && !codes.get(step.id)?.probe);
  if (blind) throw wrong(`cannot find out what became of ${blind.id}`);

  function wrong(what: string): LockError {
    return new LockError('unsupported', `This flow cannot be planned: its recipe ${what}.`, { reason: 'wrong_recipe' });
  }
}
