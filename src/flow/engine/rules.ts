// The rules that stand before a pivot (flows.md 6.1), each a small function: an error refuses. Source of the ids: R01-R20.
import { LockError } from '../../base/errors.ts';
import type { CredentialView } from '../../access/access.ts';
import type { LockView } from '../../lock/lock.ts';
import type { Health } from '../../lock/upkeep.ts';
import type { Findings } from '../findings.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { Procedure } from '../procedures.ts';
import { atLeast } from '../step.ts';
import type { FlowPolicy, FlowRequest } from '../words.ts';
import { isSoft } from './authority.ts';
import { areEnough } from '../ways-back.ts';

/** What pre-flight looks at. `findings` as they are once the confirmer has said yes. */
export interface Case {
  plan: Plan;
  step: Pick<PlannedStep, 'kind' | 'with'>;
  findings: Findings;
  /** What was found of a moment is of now: seen by this process, and not too long ago. */
  isFresh: (key: 'bolt' | 'door' | 'presence' | 'battery') => boolean;
  view: LockView;
  procedure: Procedure | undefined;
  policy: FlowPolicy;
  /** Nobody is there, and no person confirms: the policy does. */
  unattended: boolean;
  health: Health;
  credentials: readonly CredentialView[];
  /** Hard pivots of the last hour, of other lineages. */
  pivots: readonly { lock: string; at: number }[];
  now: number;
}
type Rule = (about: Case) => LockError | undefined;

/** Types of 6.1 whose erasing meets a tenancy. A rekey does where nobody is there to hand out the new digits. */
const LOCKS_OUT = ['turnover', 'reset'];
/** Wrong codes that may be typed in one lockout window of any lock. */
const MOST_WRONG = 2;
const HOUR_MS = 3600_000;
/** Of the daemon's health: what makes a wipe a gamble (R17). */
const POWER_AND_DISK: Readonly<Record<string, string>> = {
  disk: 'disk',
  store: 'disk',
  vault: 'disk',
  power: 'adapter_down',
  firmware: 'busy',
};

/** The lock stays as it is, but for us: no bolt, door or battery can make that a gamble. */
const leavesTheLock = ({ rung }: Plan): boolean => rung === 'own_key';

export const R01: Rule = ({ plan, findings, isFresh, view }) => {
  if (isSoft(plan.rung) || leavesTheLock(plan)) return undefined;
  const { bolt, door } = findings;
  const name = `"${view.name}"`;
  if (!bolt || !atLeast(bolt.grade, 'E1') || (bolt.is !== 'unlocked' && bolt.is !== 'by_hand')) {
    return no(
      'not_unlocked',
      `${name} is not known to be unlocked: a locked lock may jam or fail to reset. Unlock it first.`,
    );
  }
  const isPortable = bolt.is === 'by_hand' || ['key_box', 'padlock'].includes(view.abilities?.kind ?? '');
  const isOpen = door && door.is !== 'closed' && atLeast(door.grade, 'E1');
  if (!isOpen && !isPortable) {
    return no('door_not_open', `The door of ${name} is not known to be open. Open it and prop it open first.`);
  }
  const stale = !isFresh('bolt') || (door && !isFresh('door'));
  return stale ? changed(`Lock and door of ${name} were looked at too long ago; that is done again.`) : undefined;
};

export const R03: Rule = ({ plan, findings, policy, procedure, view }) => {
  if (view.abilities?.battery === false || leavesTheLock(plan)) return undefined;
  const { battery } = findings;
  const least = Math.max(policy.leastBattery, procedure?.values.leastBattery ?? 0);
  const percent = battery?.percent;
  if (percent !== undefined && percent < least) {
    const text = `The batteries have ${percent} %, and at least ${least} % are needed before anything is erased. Put fresh ones in, or charge it.`;
    return no('battery_low', text);
  }
  if (percent !== undefined || (battery?.fresh && atLeast(battery.grade, 'E1'))) return undefined;
  return no('battery_unknown', 'How full the batteries are is not known. Put fresh ones in, and say so.');
};

export const R04: Rule = ({ findings, plan }) => {
  // A soft wipe keeps the pairing: what is only known from a book still counts there.
  const least = isSoft(plan.rung) ? 'E0' : 'E1';
  const ways = (findings.ways ?? []).filter(({ grade }) => atLeast(grade, least));
  if (areEnough(ways)) return undefined;
  const known = ways.length === 0 ? 'none is known' : `known: ${ways.map(({ text }) => text).join(' ')}`;
  const text = `Two ways back are needed before anything is erased, one without radio and one without this program; ${known}`;
  return no('no_way_back', text);
};

/** The way-back material is copied before the act; what the act itself writes, it writes first (act.ts). */
export const R05: Rule = ({ findings }) =>
  findings.backUp ? undefined : no('disk', 'Nothing was backed up before this; nothing is erased without a copy.');

/** What is only remembered or told by one weak source is shown to people and never acted upon. */
export const R07: Rule = ({ plan, step, unattended }) => {
  const sure = step.with?.['sure'];
  const isWeak = step.kind.startsWith('auto') && (sure === 'weak' || sure === 'unknown');
  if (!isWeak && (plan.procedure.sure || !unattended)) return undefined;
  const text = `What is known of how this model is erased is not sure enough to do it by itself (${plan.procedure.title}). A person has to confirm it.`;
  return no('catalogue_uncertain', text);
};

/** Nobody present: no state in which the door opens to a public code. */
export const R08: Rule = ({ plan, findings, unattended }) => {
  if (isSoft(plan.rung) || leavesTheLock(plan)) return undefined;
  const said = [findings.presence, findings.secured, findings.door, findings.bolt];
  const isSomebody = !unattended && said.some(one => one && atLeast(one.grade, 'E1'));
  if (isSomebody) return undefined;
  const text = `Afterwards ${plan.exposure.what}, so somebody has to be at the door. Nobody is known to be.`;
  return no('person_absent', text);
};

export const R09: Rule = ({ plan, view, policy, pivots, now }) => {
  if (isSoft(plan.rung) || leavesTheLock(plan)) return undefined;
  const recent = pivots.filter(({ at }) => now - at < HOUR_MS);
  const pause = policy.minutesBetweenPivots * 60_000;
  const last = recent.find(({ lock, at }) => lock === view.id && now - at < pause);
  if (last) {
    const text = `"${view.name}" was erased a few minutes ago. Wait ${Math.ceil((pause - (now - last.at)) / 60_000)} min before it is erased again.`;
    return no('busy', text);
  }
  if (recent.length < policy.pivotsPerHour) return undefined;
  return no(
    'busy',
    `${recent.length} locks were erased within the hour, which is the most here. Wait, or change policy.flows.`,
  );
};

/** Typing what should be refused is counted, so that the lock does not shut itself for everybody. */
export const R10 = (findings: Findings, procedure?: Pick<Procedure, 'values'>): LockError | undefined => {
  const most = Math.min(MOST_WRONG, procedure?.values.wrongCodesAllowed ?? MOST_WRONG);
  if ((findings.wrongCodes ?? 0) <= most) return undefined;
  return no(
    'lockout_active',
    `${most} wrong codes are the most that are tried; the lock would shut itself for a while.`,
  );
};

/** An empty flat is never unlocked for convenience. */
export const R11 = (findings: Findings): LockError | undefined => {
  const { presence } = findings;
  if (presence && atLeast(presence.grade, 'E1')) return undefined;
  return no('person_absent', 'It is not unlocked for an empty place: somebody has to show up at the lock first.');
};

/** Also asked when a flow begins. */
export const R16 = (about: Pick<Case, 'plan' | 'credentials' | 'unattended' | 'now'>): LockError | undefined => {
  const { plan, credentials, unattended, now } = about;
  const { keep = [], overrides = [] } = plan.request;
  const isOverridden = overrides.some(({ rule }) => rule === 'R16');
  const locksOut = LOCKS_OUT.includes(plan.type) || (plan.type === 'rekey' && unattended);
  if (isOverridden || !locksOut || isOver(plan.request, now)) return undefined;
  const running = credentials.find(
    ({ from, until, slot, state }) =>
      state === 'on_lock' && until !== undefined && (from ?? 0) <= now && now < until && !keep.includes(slot),
  );
  if (!running) return undefined;
  const who = running.person ? ` of ${running.person.name}` : '';
  const text = `A stay is running: the ${running.kind}${who} is good until ${new Date(running.until as number).toISOString()}. Say that the tenant has left, or let an owner override this with a reason.`;
  return no('tenancy_active', text);
};

/** Somebody says that the stay is over, or gives the time when it will be, and the flow waits for it. */
function isOver({ reason, checkout }: FlowRequest, now: number): boolean {
  return reason === 'tenant_left' || (checkout !== undefined && checkout <= now);
}

export const R17: Rule = ({ health }) => {
  const bad = health.parts.find(({ ok, name }) => !ok && name in POWER_AND_DISK);
  if (!bad) return undefined;
  return no(POWER_AND_DISK[bad.name] as string, `${bad.text} Nothing is erased until that is mended.`);
};

/** In the order in which they are asked. */
export const PIVOT_RULES: Readonly<Record<string, Rule>> = { R17, R16, R08, R01, R03, R04, R05, R07, R09 };
/** Rules that an owner may override with a sentence. */
const OVERRIDABLE = ['R04', 'R16'];

/** The first rule that refuses, with its error. */
export function judge(about: Case): { rule: string; error: LockError } | undefined {
  const { overrides = [] } = about.plan.request;
  for (const [rule, check] of Object.entries(PIVOT_RULES)) {
    if (OVERRIDABLE.includes(rule) && overrides.some(one => one.rule === rule)) continue;
    const error = check(about);
    if (error) return { rule, error };
  }
  return undefined;
}

function no(reason: string, text: string): LockError {
  return new LockError('forbidden', text, { reason });
}

function changed(text: string): LockError {
  return no('precondition_changed', text);
}
