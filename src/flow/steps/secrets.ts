// Rotates what a lock can change without a wipe: the code of its own menu, and the number that all app keys depend on.
// Each new secret is on the disk before the lock hears of it, and the old one stays there until the lock has refused it.
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Abilities } from '../../lock/lock.ts';
import type { PlannedStep } from '../plan.ts';
import { FLOW_ASKER, type Scene, type StepCode, type StepResult } from '../step.ts';
import { RADIO_PAUSES_MS } from './census.ts';
import { ERASING, beginPivot } from './erase.ts';
import { planned } from './planned.ts';

/** Remembered: the vault's id of the key as it was, which the lock must refuse from now on. */
export const OLD_KEY = 'old_key';
/** Long enough not to be guessed at a keypad within its lockout, short enough to be typed from a sealed card. */
const DIGITS = 7;

type CodeRule = NonNullable<NonNullable<Abilities['codes']>['rule']>;

/** Under this name the vault has the code of the lock's own menu; the next one is kept beside it until the lock took it. */
export function adminCodeName(lock: string, generation: number): string {
  return `admin_code:${lock}:${generation}`;
}

/** A code that nobody types by habit: no run, no row, no pair repeated, not one of `avoid`. */
export function freshCode(
  random: (bytes: number) => Uint8Array,
  how: { digits: number; avoid?: readonly string[]; rule?: CodeRule | undefined },
): string {
  for (;;) {
    const digits = Array.from({ length: how.digits }, () => digit(random)).join('');
    if (!isWeak(digits) && !how.avoid?.includes(digits) && keeps(digits, how.rule)) return digits;
  }
}

/** Under this name the vault has the code of a lock's owner while our key, which it goes with, is replaced by another. */
export function ownerCodeName(lock: string): string {
  return `owner_code:${lock}`;
}

/** Before our key goes: the next one is told what this one knew. A lock that does not tell it now keeps nobody. */
export async function keepOwnerCode(scene: Scene): Promise<void> {
  const { workbench, secrets } = scene.tools;
  const { id, abilities } = scene.view();
  if (abilities?.adminCode?.known !== true) return;
  const code = await workbench.adminCode(id, FLOW_ASKER).catch(() => undefined);
  if (code) secrets.setSecret(ownerCodeName(id), code);
}

/** Whether the lock takes what an earlier key knew; tried once, since it counts wrong ones. */
export async function tellOwnerCode(scene: Scene): Promise<boolean> {
  const { workbench, secrets } = scene.tools;
  const { id, abilities } = scene.view();
  if (abilities?.adminCode?.known !== false) return abilities?.adminCode?.known === true;
  const code = secrets.secret(ownerCodeName(id));
  if (!code) return false;
  secrets.removeSecret(ownerCodeName(id));
  return workbench.tellAdminCode(id, code, FLOW_ASKER).then(
    () => true,
    () => false,
  );
}

export const adminCode: StepCode = {
  id: 'secrets.admin_code',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { workbench, secrets } = scene.tools;
    const { id, generation } = scene.keeper().record;
    const name = adminCodeName(id, generation);
    const code = nextCode(scene, `${name}:next`);
    try {
      await scene.act('set a new administrator code', { secret: name }, () =>
        workbench.setAdminCode(id, code, FLOW_ASKER),
      );
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.code === 'unsupported') return withoutCode(scene, name);
      // Another code may have these digits: the next try draws others.
      if (thrown instanceof LockError && thrown.code === 'rejected') secrets.removeSecret(`${name}:next`);
      throw thrown;
    }
    secrets.setSecret(name, code);
    secrets.removeSecret(`${name}:next`);
    const said = await workbench.adminCode(id, FLOW_ASKER).catch(() => undefined);
    if (said !== undefined && said.reveal() !== code.reveal()) {
      const text = 'The lock said yes to a new administrator code and names another one. Try again; then reset it.';
      throw new LockError('rejected', text, { reason: 'not_taken' });
    }
    const proof =
      said === undefined ? 'and the lock said yes' : 'and the lock names it when asked, so the old one is gone';
    const what = `The lock has a new administrator code: it was kept here before the lock knew it, ${proof}.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
  // The same new code is sent again.
  probe: async () => 'not_done',
};

function nextCode(scene: Scene, name: string): Secret<string> {
  const { secrets, random, procedures } = scene.tools;
  const kept = secrets.secret(name);
  if (kept) return kept;
  const { codes, adminCode: own } = scene.view().abilities ?? {};
  const { minDigits = 4, maxDigits = DIGITS } = own ?? codes ?? {};
  const digits = Math.max(minDigits, Math.min(maxDigits, DIGITS));
  const { defaultCode } = procedures.for(scene.view()).values;
  const code = new Secret(freshCode(random, { digits, avoid: defaultCode ? [defaultCode.digits] : [] }));
  secrets.setSecret(name, code);
  return code;
}

function withoutCode(scene: Scene, name: string): StepResult {
  scene.tools.secrets.removeSecret(`${name}:next`);
  const what = 'This lock has no administrator code that could be set over the air.';
  return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
}

export const appKeys: StepCode = {
  id: 'secrets.app_keys',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    beginPivot(scene);
    const { id } = scene.keeper().record;
    const old = keepOldKey(scene);
    try {
      await scene.act('revoke all keys of apps', { old }, () => scene.tools.workbench.revokeAppKeys(id, FLOW_ASKER));
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'unsupported') throw thrown;
      return unrevoked(scene, old);
    }
    const what = 'Every key that a phone was given is revoked, and ours was changed with them.';
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
  async probe(scene) {
    const old = scene.recall(OLD_KEY);
    const kept = scene.tools.vault.of(scene.keeper().record.id).find(one => one.id === old);
    // Raising the number once more is as good as once.
    return kept ? 'not_done' : 'unknown';
  },
};

/** A copy of the key as it is now, kept until the lock has refused it. */
function keepOldKey(scene: Scene): string {
  const known = scene.recall(OLD_KEY);
  if (typeof known === 'string') return known;
  const { vault } = scene.tools;
  const { id, generation } = scene.keeper().record;
  const live = vault.of(id).find(one => one.status === 'live');
  if (!live) throw new LockError('forbidden', 'There is no key for this lock; pair it first.', { reason: 'no_key' });
  const copy = vault.keep(id, live.credential, generation);
  vault.mark(copy.id, 'retired');
  scene.remember(OLD_KEY, copy.id);
  return copy.id;
}

/** The copy is the live key itself: it is not to be tried as an old one. */
function unrevoked(scene: Scene, old: string): StepResult {
  scene.tools.vault.mark(old, 'dead');
  scene.remember(OLD_KEY, '');
  const text = 'Phones that were given a key of this lock can still open it: it cannot revoke them. Only a reset does.';
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: 'This lock, or our key for it, cannot revoke the keys of apps.', by: 'radio' }],
    residuals: [{ kind: 'lock_kept_keys', text }],
  };
}

/** After what was erased; `pivot` where nothing else is. `codes`: there is a code of its own to be changed. */
export function secretSteps(how: { codes: boolean; pivot: boolean }): PlannedStep[] {
  const keys = planned({
    id: appKeys.id,
    kind: 'auto_ble',
    segment: how.pivot ? 'pivot' : 'retriable',
    title: 'Revoke the keys of phones',
    text: 'Makes the lock refuse every key that an app was given. Our own key changes with them: the new one is on the disk before the lock hears of it, the old one is kept until the lock has refused it.',
    honours: ['S1-31', 'S1-38'],
    atStake: ERASING,
    evidence: 'E0',
    soft: 30,
  });
  const code = planned({
    id: adminCode.id,
    kind: 'auto_ble',
    segment: 'retriable',
    title: 'Change the administrator code',
    text: 'Sets a new code for the lock’s own menu, drawn at random, never a common or a default one. It is kept sealed here before the lock hears of it; an owner can read it, so nobody has to remember it.',
    honours: ['S1-16', 'S1-23', 'S1-24', 'S1-25', 'S1-39'],
    atStake: ERASING,
    evidence: 'E3',
    soft: 30,
  });
  return how.codes ? [keys, code] : [keys];
}

/** Drawn again while it would favour some digits. */
function digit(random: (bytes: number) => Uint8Array): string {
  for (;;) {
    const [byte = 255] = random(1);
    if (byte < 250) return String(byte % 10);
  }
}

/** Digits that the lock takes in this place. */
function keeps(digits: string, rule: CodeRule | undefined): boolean {
  if (!rule) return true;
  return (
    Array.from(digits).every(one => rule.digits.includes(one)) &&
    !rule.notStarting.some(start => digits.startsWith(start))
  );
}

function isWeak(digits: string): boolean {
  const steps = new Set(
    Array.from(digits)
      .slice(1)
      .map((one, at) => Number(one) - Number(digits[at])),
  );
  const half = digits.slice(0, Math.floor(digits.length / 2));
  return steps.size === 1 || new Set(digits).size < 4 || digits.startsWith(half + half) || digits.startsWith('12');
}
