// The wipe over the air and what proves it: factory state heard, the old key refused, nothing left on this computer.
import { LockError } from '../../base/errors.ts';
import type { Json } from '../../lock/driver.ts';
import type { LockView } from '../../lock/lock.ts';
import type { KeptCredential } from '../../lock/ports.ts';
import { findings } from '../findings.ts';
import { leftOn, natureOf } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import type { Planning, Scene, StepCode } from '../step.ts';
import { FLOW_ASKER } from '../step.ts';
import type { Residual } from '../words.ts';
import { heardWithin } from './observe.ts';
import { SUBJECT } from './census.ts';
import { OLD_KEY, keepOwnerCode } from './secrets.ts';
import { tryOldKey } from '../wiping.ts';
import { STAKES, emptyLock, isShared, openersAfterReset, planned } from './planned.ts';
import { ok } from './preparing.ts';
import { mustKnowItsCode } from './untold.ts';

/** A touch keeps it awake for 10-15 s (ttlock.md 2.1); it advertises each second or faster meanwhile. */
const OFFERED_MS = 10_000;
/** After an unclear wipe, when it is probed. */
const VERDICT_MS = 20_000;

/** The old key was tried right after the wipe. */
const REFUSED = 'old_key.refused';

export const wipeStep: StepCode = {
  id: 'unpair.wipe',
  async run(scene) {
    const { wiper } = scene.tools;
    const keeper = scene.keeper();
    const { id, generation } = keeper.record;
    const key = wiper.key(keeper);
    mustKnowItsCode(scene.view());
    scene.remember(OLD_KEY, key.id);
    await keepOwnerCode(scene);
    const { owners } = natureOf(scene.tools.registry, keeper.record);
    const what = owners === 'one' ? 'factory reset over Bluetooth' : 'take our key off the lock';
    const wiped = await scene.act(what, { lock: id, generation, key: key.id }, () =>
      wiper.wipe(keeper, scene.clearance()),
    );
    exposedAnd(scene, 'done');
    scene.remember(REFUSED, wiped.oldKey === 'refused');
    const done = ok({ grade: wiped.said ? 'E3' : 'E2', what: wiped.text, by: 'radio' });
    return owners === 'one' ? done : { ...done, residuals: [OTHERS] };
  },
  async probe(scene) {
    const { lifecycle } = scene.keeper().record;
    if (lifecycle === 'factory') return exposedAnd(scene, 'done');
    if (lifecycle !== 'limbo') return 'not_done';
    const verdict = await scene.tools.settler.verdict(scene.view().id, VERDICT_MS);
    if (verdict === 'factory') return exposedAnd(scene, 'done');
    return verdict === 'ours' ? 'not_done' : 'unknown';
  },
};

const OTHERS: Residual = {
  kind: 'kept_credential',
  text: 'Only our key was taken off: codes, phones and whatever else was paired with it still open it.',
};

/** Where others open it as before, nothing is exposed that was not. */
function exposedAnd(scene: Scene, outcome: 'done'): 'done' {
  if (scene.plan.exposure.limitSeconds > 0) scene.exposed();
  return outcome;
}

/** The lock offers itself for pairing, as nothing but a factory-new one does. */
export const factoryStep: StepCode = {
  id: 'unpair.factory',
  async run(scene) {
    const { id } = scene.view();
    const offered = await heardWithin(scene, OFFERED_MS, heard => heard.lock === id && isOffered(heard));
    if (offered) return ok({ grade: 'E3', what: 'It offers itself for pairing: it is factory-new.', by: 'radio' });
    // It said so itself, and sleeps by now.
    return ok({ grade: 'E2', what: 'It said that it forgot everything, and has gone to sleep.', by: 'radio' });
  },
};

function isOffered({ recognised }: { recognised: { state: string } }): boolean {
  return recognised.state === 'pairable';
}

/** Yesterday is over: the key that it had is tried, and must not be taken. */
export const oldKeyStep: StepCode = {
  id: 'unpair.old_key',
  async run(scene) {
    const old = oldKey(scene);
    if (!old) return ok({ grade: 'E0', what: 'There is no old key to try.', by: 'system' });
    const answer = scene.recall(REFUSED) === true ? 'refused' : await tryOldKey(scene.keeper(), old);
    if (answer === 'accepted') throw stillOpens(scene);
    if (answer === 'refused') return ok({ grade: 'E3', what: 'The lock refused the old key.', by: 'radio' });
    if (answer === 'silent') {
      return ok({ grade: 'E2', what: 'The lock let us in and did not answer the old key.', by: 'radio' });
    }
    const text = 'The old key was not tried again: the lock sleeps. It said itself that it forgot it.';
    return ok({ grade: 'E0', what: text, by: 'radio' });
  },
};

function oldKey(scene: Scene): KeptCredential | undefined {
  const id = scene.recall(OLD_KEY);
  return scene.tools.vault.of(scene.view().id).find(kept => kept.id === id);
}

/** R19: the worst that can be found. */
export function stillOpens(scene: Scene, what = 'The old key'): LockError {
  const { name } = scene.view();
  const text = `${what} still opens "${name}" although it should be gone. Do not rely on this lock; reset it at the lock or replace it.`;
  scene.notify(text, true);
  return new LockError('rejected', text, { reason: 'still_opens', acted: 'no' });
}

/** This computer's side: what was heard and cached of it counts no more. */
export const hostStep: StepCode = {
  id: 'unpair.host',
  async run(scene) {
    const { nearby } = scene.tools;
    nearby.forget(scene.keeper().record.address);
    const { secured } = findings(scene);
    const again = scene.plan.steps.some(step => step.id === 'repair.pair');
    if (secured && !again) scene.covered();
    const what = 'Session closed, no bond was made, and what was heard of it is forgotten.';
    return ok({ grade: 'E3', what, by: 'system' });
  },
};

export const removeStep: StepCode = {
  id: 'unpair.remove',
  async run(scene) {
    const { registry } = scene.tools;
    // Run again after a crash it may be gone already.
    const view = registry.find(scene.plan.lock ?? '');
    if (view) {
      scene.remember(SUBJECT, subjectOf(view));
      registry.remove(view.id, FLOW_ASKER, { force: true });
    }
    const { name = 'the lock' } = (scene.recall(SUBJECT) ?? {}) as { name?: string };
    scene.say('In the maker’s app, in Matter controllers and in Home Assistant a tile may stay: delete it there.');
    return ok({ grade: 'E3', what: `"${name}", its topics and its settings are removed here.`, by: 'system' });
  },
};

function subjectOf({ id, name, unit, family, facts, generation }: LockView): Json {
  const { model, firmware } = facts;
  const known = { ...(model !== undefined && { model }), ...(firmware !== undefined && { firmware }) };
  return { id, name, unit: { id: unit.id, name: unit.name }, family, facts: known, generation };
}

export const nextStep: StepCode = {
  id: 'unpair.next',
  async run(scene) {
    scene.say(`Pair it again whenever you like: it keeps its name, unit and topics.`);
    return ok({ grade: 'E3', what: 'Name, unit and topics are kept for pairing it again.', by: 'system' });
  },
};

export const confirmForgetStep: StepCode = {
  id: 'unpair.confirm_forget',
  async run(scene) {
    const { text, spoken = text } = scene.step;
    const answer = await scene.ask({
      kind: 'human_confirm',
      text,
      spoken,
      options: [
        { value: 'confirm', label: 'Forget it here', means: 'yes' },
        { value: 'cancel', label: 'Cancel', means: 'no' },
      ],
      challenge: true,
      roles: ['owner', 'manager'],
    });
    if (answer.means !== 'yes') {
      throw new LockError('stopped', `${answer.by.who} did not confirm; nothing was forgotten.`, {
        reason: 'cancelled',
      });
    }
    return ok({ grade: 'E1', what: 'That it is only forgotten here was confirmed.', by: 'person', who: answer.by.who });
  },
};

export const FORGOTTEN = 'This program forgot the lock; the lock has forgotten nothing.';

export const forgetStep: StepCode = {
  id: 'unpair.forget_here',
  async run(scene) {
    const keeper = scene.keeper();
    if (keeper.record.lifecycle !== 'retired') scene.tools.wiper.forgetHere(keeper);
    scene.say(FORGOTTEN);
    return {
      ...ok({ grade: 'E3', what: 'Nothing was sent to the lock; its keys count no more here.', by: 'system' }),
      residuals: [
        {
          kind: 'lock_kept_keys',
          text: `${FORGOTTEN} ${leftOn(scene.tools.registry, scene.view())}`,
        },
      ],
    };
  },
};

export const emptyingSteps: readonly StepCode[] = [
  wipeStep,
  factoryStep,
  oldKeyStep,
  hostStep,
  removeStep,
  nextStep,
  confirmForgetStep,
  forgetStep,
];

export function planWipe(about: Planning): PlannedStep {
  if (isShared(about)) return planOwnKey();
  return planned({
    id: 'unpair.wipe',
    kind: 'auto_ble',
    segment: 'pivot',
    title: 'Factory reset over Bluetooth',
    text: 'The lock is told to forget everything: one act resets the device and takes it out of here. That its key is leaving is on the disk before; if the answer gets lost, the lock is asked which keys it still knows, and nothing is sent twice.',
    honours: ['S0-15', 'S1-16', 'S1-31', 'S1-33', 'S1-36', 'S1-37'],
    atStake: emptyLock(openersAfterReset(about)),
    evidence: 'E2',
    unattended: 'work_order',
  });
}

/** Our key alone: the code of its owner that this takes was told before. */
function planOwnKey(): PlannedStep {
  return planned({
    id: 'unpair.wipe',
    kind: 'auto_ble',
    segment: 'pivot',
    title: 'Take our key off the lock',
    text: 'The lock is told to forget us, and only us. That our key is leaving is on the disk before; if the answer gets lost, the lock is asked whether it still knows the key, and nothing is sent twice.',
    honours: ['S0-15', 'S1-16', 'S1-31', 'S1-33', 'S1-36', 'S1-37'],
    atStake: STAKES.leaving,
    evidence: 'E2',
    unattended: 'work_order',
  });
}

export function planProofs(about: Planning): PlannedStep[] {
  const shared = isShared(about);
  const atStake = shared ? STAKES.leaving : emptyLock(openersAfterReset(about));
  const after = { segment: 'retriable', atStake } as const;
  const offered = planned({
    id: 'unpair.factory',
    kind: 'observe',
    ...after,
    title: 'See that it is factory-new',
    text: 'Its advert says that it can be paired: the lock is unpaired and ready to be set up.',
    honours: ['S0-16', 'S1-37'],
    evidence: 'E2',
  });
  return [
    ...(shared ? [] : [offered]),
    planned({
      id: 'unpair.old_key',
      kind: 'verify_neg',
      ...after,
      title: 'Try the old key',
      text: 'Our old key is tried on the lock and has to be refused.',
      honours: ['S0-16'],
    }),
  ];
}

export function planHost(about: Planning): PlannedStep {
  return planned({
    id: 'unpair.host',
    kind: 'auto_sys',
    segment: 'retriable',
    title: 'Forget it on this computer',
    text: 'The session is closed, stale links and what was heard of it are dropped; each side, lock and computer, is reported apart.',
    honours: ['S0-11', 'S0-15'],
    atStake: isShared(about) && about.request.type === 'unpair' ? STAKES.left : emptyLock(openersAfterReset(about)),
    evidence: 'E3',
  });
}

export function planEnd({ lock, request }: Planning): PlannedStep {
  const after = { segment: 'retriable', kind: 'publish', evidence: 'E3' } as const;
  if (request.remove) {
    return planned({
      id: 'unpair.remove',
      ...after,
      title: 'Remove it here',
      text: `Forget "${lock?.name ?? 'the lock'}" here: its topics, entities and settings. Tiles in the maker’s app, in Matter controllers and in Home Assistant may stay; delete them there.`,
      honours: ['S0-13', 'S0-15'],
      atStake: STAKES.forgotten,
    });
  }
  return planned({
    id: 'unpair.next',
    ...after,
    title: 'Pair again, move or retire',
    text: `Keep the name "${lock?.name ?? ''}" and its topics for pairing it again: start RE-PAIR now or later, in the same unit or another; or remove it.`,
    honours: ['S0-01', 'S0-17', 'S0-29'],
    atStake: 'The lock does not know us any more and waits to be paired.',
  });
}
