// From "it offers itself" to "it is ours and set up": pair, clock, admin code, orientation, settings, unit, confirm.
import { isPlausible } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import type { Json, Nature } from '../../lock/driver.ts';
import type { SettingValue } from '../../lock/lock.ts';
import type { Keeper } from '../../lock/keeper.ts';
import type { Heard } from '../../lock/registry.ts';
import { lowerFirst, natureOf } from '../nature.ts';
import { FLOW_ASKER, type Scene, type StepCode, type StepResult } from '../step.ts';
import { setClock } from './batteries.ts';
import { CANDIDATE, findStep, wishOf } from './find.ts';
import { CANCEL, DONE, SKIP, cancelled } from './observe.ts';
import { exposureOf, isPortable } from './planned.ts';
import { askOwnerCode } from './owner-code.ts';
import { SETTINGS_BEFORE, isBrief, ok } from './preparing.ts';
import { secretFor } from './pair-secret.ts';
import { adminCode, adminCodeName, tellOwnerCode } from './secrets.ts';
import { isSilent, untold } from './untold.ts';

/** It sleeps again after 10-15 s; whoever is asked needs time to walk back to it. */
const AWAKE_AGAIN_S = 60;
/** S0-42: batteries again, then wake it again; more tries change nothing. */
const TRIES = 3;
/** After a restart in the middle of a pairing. */
const VERDICT_MS = 20_000;
/** Opens for everybody or takes no code at all: never put back. */
const NOT_PUT_BACK = ['passage_mode', 'passage_auto_unlock', 'freeze'];

export const pairStep: StepCode = {
  id: 'repair.pair',
  // What waits has its own time; afterwards it parks, or fails at once where nothing was wiped.
  retryPausesMs: [],
  async run(scene) {
    const { pairer } = scene.tools;
    const done = doneBefore(scene);
    if (done !== undefined) return ours(scene, done);
    for (let go = 1; ; go++) {
      try {
        const heard = await awake(scene);
        const { hardware } = heard.recognised;
        const { address } = heard.advert;
        scene.remember(BEGUN, scene.tools.registry.byHardware(hardware)?.record.generation ?? 0);
        const leased = scene.plan.steps.some(step => step.id === 'opening.suspend');
        const secret = await secretFor(scene, heard);
        const how = { asker: scene.starter, leased, secret };
        const view = await scene.act('pair with the lock', { address, hardware }, () =>
          pairer.joiner.join(heard, wishOf(scene), how),
        );
        return ours(scene, view.id);
      } catch (thrown) {
        const error = asLockError(thrown, 'unreachable', 'Pairing failed.');
        // It may have fallen asleep between its last advert and us.
        const isAway = error.acted !== 'maybe' && (error.code === 'unreachable' || error.code === 'timeout');
        if (!isAway || isBrief(scene) || go >= TRIES) throw error;
        const more = go === 1 ? '' : ' If it stays away, take its batteries out for ten seconds and put them back.';
        scene.say(`${error.message} Once more: ${lowerFirst(natureHere(scene).offer)}.${more}`);
      }
    }
  },
  async probe(scene, intent) {
    const { hardware } = intent.data;
    const keeper = typeof hardware === 'string' ? scene.tools.registry.byHardware(hardware) : undefined;
    if (!keeper) return 'not_done';
    const verdict = await verdictOn(scene, keeper);
    if (verdict !== 'done') return verdict;
    ours(scene, keeper.record.id);
    return 'done';
  },
  /** A lock that took us as its owner is ours, tested or not: only UNPAIR gives it back. */
  async undo(scene) {
    const { registry } = scene.tools;
    const lock = scene.recall(PAIRED);
    const keeper = typeof lock === 'string' ? registry.keeper(lock) : undefined;
    if (keeper?.record.lifecycle !== 'suspended') return;
    registry.save({ ...keeper.record, lifecycle: 'managed' });
    scene.say(`"${keeper.record.name}" is paired and stays so; unpair it to give it back.`);
  },
};

/** Which lock became ours in this flow, and which pairing it had before. */
const PAIRED = 'paired';
const BEGUN = 'pair.begun';

/** A crash right after it leaves a lock that is ours and does not offer itself any more. */
function doneBefore(scene: Scene): string | undefined {
  const { hardware = '' } = (scene.recall(CANDIDATE) ?? {}) as { hardware?: string };
  const record = scene.tools.registry.byHardware(hardware)?.record;
  const begun = scene.recall(BEGUN);
  return record && typeof begun === 'number' && record.generation > begun ? record.id : undefined;
}

async function verdictOn(scene: Scene, keeper: Keeper): Promise<'done' | 'not_done' | 'unknown'> {
  const { lifecycle, id } = keeper.record;
  if (lifecycle === 'managed' || lifecycle === 'suspended') return 'done';
  if (lifecycle === 'factory') return 'not_done';
  const verdict = await scene.tools.settler.verdict(id, VERDICT_MS);
  return verdict === 'ours' ? 'done' : verdict === 'factory' ? 'not_done' : 'unknown';
}

function ours(scene: Scene, lock: string): StepResult {
  scene.remember(PAIRED, lock);
  scene.adopt(lock);
  scene.suspend();
  const view = scene.view();
  const { owners } = natureOf(scene.tools.registry, view);
  const place = { tools: scene.tools, lock: view, procedure: scene.tools.procedures.for(view) };
  const isPublic = exposureOf(place).limitSeconds > 0;
  if (owners === 'one' && isPublic) scene.exposed();
  const { abilities, generation, name } = view;
  const unneeded = abilities?.orientation === 'settable' && !isPortable(view) ? [] : ['repair.orientation'];
  const what = `"${name}" is ours (pairing ${generation}); its key was on the disk before the lock could know it.`;
  return { ...ok({ grade: 'E3', what, by: 'radio' }), unneeded };
}

/** What was found may sleep again by now. */
async function awake(scene: Scene): Promise<Heard> {
  const { joiner } = scene.tools.pairer;
  const { address } = (scene.recall(CANDIDATE) ?? {}) as { address?: string };
  const wish = { ...wishOf(scene), ...(address !== undefined && { address }) };
  const [now] = joiner.offered(wish);
  if (now) return now;
  scene.say(`It does not offer itself any more. Once more: ${lowerFirst(natureHere(scene).offer)}.`);
  return scene.waiting('radio', joiner.find({ ...wish, seconds: AWAKE_AGAIN_S }, scene.signal));
}

/** Of the lock that is found, once it is. */
function natureHere(scene: Scene): Nature {
  const { family } = (scene.recall(CANDIDATE) ?? {}) as { family?: string };
  const seen = family === undefined ? undefined : { family };
  return natureOf(scene.tools.registry, seen ?? scene.tools.registry.find(scene.plan.lock ?? ''));
}

export const clockStep: StepCode = {
  id: 'repair.clock',
  retryPausesMs: [1000, 4000, 10_000],
  async run(scene) {
    if (!isPlausible(scene.tools.clock.now())) {
      const text =
        'The clock of the lock was not set: this computer does not know the time. Codes with a time may misbehave.';
      const residuals = [{ kind: 'untested', text }];
      return { outcome: 'skipped', evidence: [{ grade: 'E0', what: text, by: 'system' }], residuals };
    }
    if (isSilent(scene)) return untold('Its clock was not set');
    const set = await setClock(scene).catch(refusedAsFalse);
    const what = set ? 'The lock took the time and zone from here.' : 'This lock keeps no clock that could be set.';
    return ok({ grade: 'E3', what, by: 'radio' });
  },
};

/** Some locks refuse it, and keep time all the same. */
function refusedAsFalse(thrown: unknown): false {
  if (thrown instanceof LockError && (thrown.code === 'rejected' || thrown.code === 'unsupported')) return false;
  throw thrown;
}

/** The first thing after the pairing: until then a public code opens it. */
export const adminCodeStep: StepCode = {
  ...adminCode,
  id: 'repair.admin_code',
  async run(scene) {
    const { id, generation, abilities, name } = scene.view();
    if (abilities?.adminCode) {
      scene.covered();
      if (await tellOwnerCode(scene)) {
        return ok({ grade: 'E3', what: 'Its security code is its owner’s; it is known here and stays.', by: 'radio' });
      }
      if (await askOwnerCode(scene)) {
        return ok({ grade: 'E3', what: 'Its security code was told, and the lock took it.', by: 'radio' });
      }
      const text = `Its security code is its owner’s and stays. Without it "${name}" can be moved, and little else: tell it with admin-code ${name} tell.`;
      scene.say(text);
      return ok({ grade: 'E3', what: text, by: 'radio' });
    }
    const result = await adminCode.run(scene);
    const isSet = scene.tools.secrets.hasSecret(adminCodeName(id, generation));
    if (isSet || !abilities?.codes) {
      scene.covered();
      return result;
    }
    const text = `The public code of "${name}" could not be changed over the radio: set another one at its keypad now, by the manual.`;
    return { ...result, residuals: [{ kind: 'public_code', text }] };
  },
};

export const orientationStep: StepCode = {
  id: 'repair.orientation',
  async run(scene) {
    const view = scene.view();
    if (view.abilities?.orientation !== 'settable' || isPortable(view)) {
      return ok({ grade: 'E3', what: 'This lock has no left or right to be set.', by: 'radio' });
    }
    const before = snapshotOf(scene)['direction'];
    const choice = isBrief(scene) ? before : await chosenSide(scene, before);
    if (choice !== 'left' && choice !== 'right') {
      return ok({ grade: 'E0', what: 'To which side it opens was left as it is.', by: 'system' });
    }
    const said = await scene.tools.workbench.writeSetting(view.id, 'direction', choice, FLOW_ASKER);
    return ok({ grade: 'E3', what: `The lock opens to the ${String(said)}, which it confirmed.`, by: 'radio' });
  },
};

async function chosenSide(scene: Scene, before: SettingValue | undefined): Promise<string> {
  const { text, spoken = text } = scene.step;
  const was = before === undefined ? '' : ` It was set to ${String(before)} before.`;
  const answer = await scene.ask({
    kind: 'human_choice',
    text: `${text}${was}`,
    spoken,
    options: [
      { value: 'left', label: 'Left-hand: hinges on your left' },
      { value: 'right', label: 'Right-hand: hinges on your right' },
      SKIP,
    ],
  });
  return answer.value;
}

export const settingsStep: StepCode = {
  id: 'repair.settings',
  retryPausesMs: [1000, 4000],
  async run(scene) {
    if (isSilent(scene)) return untold('Its settings were neither looked at nor put back');
    const { id, abilities } = scene.view();
    const offered = abilities?.settings.map(one => one.name) ?? [];
    const before = snapshotOf(scene);
    const wanted: Record<string, SettingValue> = {};
    for (const name of offered) {
      const value = before[name];
      if (value !== undefined && name !== 'direction' && !NOT_PUT_BACK.includes(name)) wanted[name] = value;
    }
    if (offered.includes('passage_mode')) wanted['passage_mode'] = false;
    const changed: string[] = [];
    for (const [name, value] of Object.entries(wanted)) {
      if ((await settingNow(scene, name)) === value) continue;
      await scene.tools.workbench.writeSetting(id, name, value, FLOW_ASKER);
      changed.push(name.replaceAll('_', ' '));
    }
    const passage = offered.includes('passage_mode') ? ' Passage mode is off.' : '';
    const what = `${changed.length === 0 ? 'Its settings are as they should be.' : `Set again as before: ${changed.join(', ')}.`}${passage}`;
    return ok({ grade: 'E3', what, by: 'radio' });
  },
};

function settingNow(scene: Scene, name: string): Promise<SettingValue | undefined> {
  return scene.keeper().work({ urgency: 'person', what: 'read a setting' }, async session => {
    try {
      return await session.settings?.read(name);
    } catch (thrown) {
      if (thrown instanceof LockError && (thrown.code === 'rejected' || thrown.code === 'unsupported'))
        return undefined;
      throw thrown;
    }
  });
}

/** What was set before the wipe: of this flow, or of the one that it goes on from. */
function snapshotOf(scene: Scene): Readonly<Record<string, SettingValue>> {
  const kept: Json | undefined = scene.recall(SETTINGS_BEFORE) ?? scene.inherited(SETTINGS_BEFORE);
  return (kept ?? {}) as Readonly<Record<string, SettingValue>>;
}

export const unitStep: StepCode = {
  id: 'repair.unit',
  async run(scene) {
    const { id, unit } = scene.view();
    const wanted = scene.request.unit;
    if (wanted !== undefined && wanted !== unit.name) scene.tools.registry.assign(id, wanted, FLOW_ASKER);
    return ok({ grade: 'E3', what: `It belongs to the unit "${scene.view().unit.name}".`, by: 'system' });
  },
};

export const confirmStep: StepCode = {
  id: 'repair.confirm',
  async run(scene) {
    if (isBrief(scene)) return ok({ grade: 'E0', what: 'Nobody was asked to confirm the end.', by: 'system' });
    const { name, unit } = scene.view();
    const { spoken = scene.step.text } = scene.step;
    const text = `"${name}" is paired, set up and in the unit "${unit.name}". Confirm to finish; its tests follow.`;
    const answer = await scene.ask({ kind: 'human_confirm', text, spoken, options: [DONE, CANCEL] });
    if (answer.means !== 'yes') throw cancelled(answer.by.who);
    return ok({ grade: 'E1', what: 'The new pairing was confirmed.', by: 'person', who: answer.by.who });
  },
};

export const joiningSteps: readonly StepCode[] = [
  findStep,
  pairStep,
  clockStep,
  adminCodeStep,
  orientationStep,
  settingsStep,
  unitStep,
  confirmStep,
];
