// Around a stay: the rehearsal before it ends, the wait for its end, and that no new one has begun. Source: flows.md 5.6.
import { LockError } from '../../base/errors.ts';
import { findings, found } from '../findings.ts';
import { FLOW_ASKER, type Scene, type StepCode } from '../step.ts';
import { reachedNow, untilReached, untilTime } from './reach.ts';
import { described } from './words.ts';

/** Batteries of a lock that is used by guests last at least so long per per cent, in hours; seen on common models. */
const HOURS_PER_PERCENT = 12;
const HOUR_MS = 3600_000;

/** The whole plan tried dry: reach, batteries until the next stay, what is on the lock, and the way back. Changes nothing. */
export const rehearseEarly: StepCode = { id: 'turnover.rehearse_early', run: scene => rehearse(scene) };
export const rehearsal: StepCode = { id: 'turnover.rehearse', run: scene => rehearse(scene) };

async function rehearse(scene: Scene): ReturnType<StepCode['run']> {
  const { clock } = scene.tools;
  const at = numberOf(scene, 'at');
  if (at !== undefined) await scene.waiting('window', untilTime(clock, at, scene.signal));
  const { name } = scene.keeper().record;
  const red: string[] = [];
  const good: string[] = [];
  const reached = await reachedNow(scene);
  (reached ? good : red).push(reached ? 'it answers' : `"${name}" does not answer now`);
  const battery = batteryTrouble(scene);
  if (battery === undefined) good.push('its batteries last');
  else red.push(battery);
  if (reached) good.push(`on it: ${described(await scene.tools.access.census(scene.keeper().record.id, FLOW_ASKER))}`);
  const { vault } = scene.tools;
  const key = vault.of(scene.keeper().record.id).some(({ status }) => status === 'live');
  (key ? good : red).push(key ? 'its key is in the vault' : 'there is no key for it in the vault');
  scene.remember(RED, red);
  const said = red.length === 0 ? `Rehearsed: ${good.join('; ')}.` : `Rehearsed, and not ready: ${red.join('; ')}.`;
  scene.say(said);
  if (red.length > 0) scene.notify(`"${name}" is not ready for its turnover: ${red.join('; ')}.`);
  return { outcome: 'ok', evidence: [{ grade: reached ? 'E3' : 'E0', what: said, by: reached ? 'radio' : 'system' }] };
}

/** What the rehearsal found wrong; the work orders read it. */
export const RED = 'rehearsal.red';

/** Judged against the next stay, not against today. */
function batteryTrouble(scene: Scene): string | undefined {
  const { battery } = scene.view().state;
  const least = numberOf(scene, 'leastBattery') ?? 0;
  if (battery === undefined) return undefined;
  const until = scene.request.next_checkin ?? scene.request.checkout;
  const hours = until === undefined ? 0 : Math.max(0, until - scene.tools.clock.now()) / HOUR_MS;
  const left = Math.round(battery - hours / HOURS_PER_PERCENT);
  if (left >= least) return undefined;
  return `its batteries have ${battery} % and should have ${least} % when the next guest comes: put fresh ones in, or charge it`;
}

export const waitForCheckout: StepCode = {
  id: 'turnover.wait',
  async run(scene) {
    const until = numberOf(scene, 'until') ?? 0;
    await scene.waiting('window', untilTime(scene.tools.clock, until, scene.signal));
    const what = 'The stay is over by the time that was given, and the time to leave after it.';
    return { outcome: 'ok', evidence: [{ grade: 'E2', what, by: 'system' }] };
  },
};

/** Out of reach: waits, and goes on by itself when the lock returns. */
export const reach: StepCode = {
  id: 'turnover.reach',
  async run(scene) {
    await untilReached(scene);
    const { name } = scene.keeper().record;
    const { battery } = scene.view().state;
    const at = scene.tools.clock.elapsed();
    if (battery !== undefined)
      found(scene, { battery: { ...findings(scene).battery, grade: 'E3', at, percent: battery } });
    return { outcome: 'ok', evidence: [{ grade: 'E3', what: `"${name}" answers.`, by: 'radio' }] };
  },
};

/** The world may have changed while the lock was out of reach: nobody is locked out of a stay that has begun (R16). */
export const tenancy: StepCode = {
  id: 'turnover.tenancy',
  async run(scene) {
    const { next_checkin: next, checkout, overrides = [] } = scene.request;
    const now = scene.tools.clock.now();
    const isOver = overrides.some(({ rule }) => rule === 'R16');
    if (!isOver && checkout !== undefined && now < checkout) throw running('The stay is not over yet.');
    if (!isOver && next !== undefined && now >= next) throw running('The next stay has begun already.');
    const what = isOver ? 'An owner has overridden the guard of the stay.' : 'No stay is known that would be cut off.';
    return {
      outcome: 'ok',
      evidence: [
        {
          grade: isOver ? 'E1' : 'E2',
          what,
          by: isOver ? 'person' : 'system',
          ...(isOver && { who: scene.starter.who }),
        },
      ],
    };
  },
};

function running(what: string): LockError {
  const text = `${what} Codes of somebody who lives there are not taken off. Give the right times, or let an owner override it with a reason.`;
  return new LockError('forbidden', text, { reason: 'tenancy_active' });
}

function numberOf(scene: Scene, name: string): number | undefined {
  const value = scene.step.with?.[name];
  return typeof value === 'number' ? value : undefined;
}
