// Steps that need to know what is at the door: somebody, signal and batteries, the bolt, the door itself.
import { sleep } from '../../base/clock.ts';
import { hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Bolt } from '../../lock/lock.ts';
import { R11 } from '../engine/rules.ts';
import { type Finding, findings, found } from '../findings.ts';
import { FLOW_ASKER, type Scene, type StepCode, type StepResult } from '../step.ts';
import type { Evidence } from '../words.ts';
import { CANCEL, DONE, askOrSee, cancelled, heardNext } from './observe.ts';
import { isByHand, thing } from './planned.ts';
import { isBrief, ok } from './preparing.ts';
import { signalOf } from './signal.ts';

/** An order inside a flow: connection, login and the motor. */
const ORDER_MS = 20_000;
/** How often the lock is asked while a person turns it. */
const LOOK_MS = 2000;

/** Somebody waits for it; a lock that is away stays away. */
const SHORT_PAUSES_MS = [3000];

/** Asks the lock itself; an advert never says where the bolt is. */
export async function boltNow(scene: Scene): Promise<Bolt> {
  const keeper = scene.keeper();
  // The state alone: its log may be long, and what gets lost of it must not end this.
  await keeper.work({ urgency: 'person', what: 'ask the lock' }, session => session.readState());
  return keeper.view().state.bolt;
}

function hasKey(scene: Scene): boolean {
  return scene.tools.vault.of(scene.view().id).some(({ status }) => status === 'live');
}

function since(scene: Scene, grade: Finding['grade']): Finding {
  return { grade, at: scene.tools.clock.elapsed() };
}

/** Opening it needs somebody there (R11); a lock that stands open lets nobody in any more. */
export const presenceStep: StepCode = {
  id: 'opening.presence',
  retryPausesMs: SHORT_PAUSES_MS,
  async run(scene) {
    if (isBrief(scene) || isByHand(scene.view())) return ok(notAsked('Nobody was asked to show up.'));
    if ((await boltNow(scene)) === 'unlocked') return ok(notAsked('It stands unlocked: nobody has to be let in.'));
    const { text, spoken = text } = scene.step;
    const lock = scene.view().id;
    const how = { kind: 'human_do', text, spoken, options: [DONE, CANCEL] } as const;
    const proof = await askOrSee(scene, how, signal =>
      scene.waiting(
        'radio',
        heardNext(scene, heard => heard.lock === lock && heard.recognised.touched === true, signal),
      ),
    );
    if (proof.by === 'radio') {
      found(scene, { presence: since(scene, 'E3') });
      scene.say('The lock was touched just now: somebody is there.');
      return ok({ grade: 'E3', what: 'The lock said that it was touched.', by: 'radio' });
    }
    const { means, by } = proof.answer;
    if (means !== 'yes') throw cancelled(by.who);
    found(scene, { presence: since(scene, 'E1') });
    return ok({ grade: 'E1', what: 'Somebody stands at the lock.', by: 'person', who: by.who });
  },
};

function notAsked(what: string): Omit<Evidence, 'at'> {
  return { grade: 'E2', what, by: 'system' };
}

export const signalStep: StepCode = {
  id: 'opening.signal',
  retryPausesMs: SHORT_PAUSES_MS,
  async run(scene) {
    // What it said an hour ago is no reading.
    if (hasKey(scene)) await boltNow(scene);
    const { state } = scene.view();
    const signal = signalOf(scene.view());
    const evidence: Omit<Evidence, 'at'>[] = [];
    if (signal) evidence.push({ grade: 'E2', what: signal.what, by: 'radio' });
    if (signal?.advice !== undefined) scene.say(signal.advice);
    if (state.battery !== undefined) {
      found(scene, { battery: { ...since(scene, 'E3'), percent: state.battery } });
      evidence.push({ grade: 'E3', what: `Its batteries have ${state.battery} %.`, by: 'radio' });
      return ok(...evidence);
    }
    if (findings(scene).battery?.fresh) return ok(...evidence);
    const text = 'Fresh batteries are in, all of one kind and the right way round.';
    if (isBrief(scene)) {
      found(scene, { battery: { ...since(scene, 'E0'), fresh: true, pending: text } });
      return ok(...evidence, { grade: 'E0', what: 'Nobody knows how full its batteries are yet.', by: 'system' });
    }
    const question = `How full its batteries are is not known. ${text} Is that so?`;
    const spoken = 'Are fresh batteries in the lock, the right way round?';
    const answer = await scene.ask({ kind: 'human_confirm', text: question, spoken, options: [DONE, CANCEL] });
    if (answer.means !== 'yes') throw unknownBattery();
    found(scene, { battery: { ...since(scene, 'E1'), fresh: true } });
    return ok(...evidence, { grade: 'E1', what: text, by: 'person', who: answer.by.who });
  },
};

function unknownBattery(): LockError {
  const text = 'How full the batteries are is not known. Put fresh ones in, or charge it, and begin again.';
  return new LockError('forbidden', text, { reason: 'battery_unknown' });
}

export const unlockStep: StepCode = {
  id: 'opening.unlock',
  retryPausesMs: SHORT_PAUSES_MS,
  async run(scene) {
    if (isByHand(scene.view())) return statedOpen(scene, 'by_hand', `Open: ${thing(scene.view())} stands open.`);
    // Without a key the lock tells nothing: a person has to.
    if (scene.step.kind === 'human_confirm') return statedOpen(scene, 'unlocked', 'The lock is unlocked.');
    if ((await boltNow(scene)) !== 'unlocked') await open(scene);
    found(scene, { bolt: { ...since(scene, 'E3'), is: 'unlocked' } });
    return ok({ grade: 'E3', what: 'Asked, the lock says that it is unlocked.', by: 'radio' });
  },
  async undo(scene) {
    if (scene.recall('opened') === true)
      scene.say(`"${scene.view().name}" was unlocked for this and stays so: lock it.`);
  },
};

async function open(scene: Scene): Promise<void> {
  const { name } = scene.view();
  if (isBrief(scene)) {
    const text = `"${name}" is not unlocked. Unlock it and open the door, then ask for the plan again.`;
    throw new LockError('forbidden', text, { reason: 'not_unlocked' });
  }
  const nobody = R11(findings(scene));
  if (nobody) throw nobody;
  const { random, clock } = scene.tools;
  scene.remember('opened', true);
  const deadline = clock.elapsed() + ORDER_MS;
  const command = { id: hex(random(8)), lock: scene.view().id, verb: 'unlock', asker: FLOW_ASKER, deadline } as const;
  try {
    await scene.keeper().command(command);
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    scene.say(`It could not be unlocked from here: ${thrown.message}`);
  }
  if ((await boltNow(scene)) === 'unlocked') return;
  const text = `"${name}" is still not unlocked. Turn the thumb-turn or use the key until it is.`;
  const how = { kind: 'human_do', text, spoken: 'Unlock it by hand.', options: [DONE, CANCEL] } as const;
  const proof = await askOrSee(scene, how, signal => turned(scene, signal));
  if (proof.by === 'person' && proof.answer.means !== 'yes') throw cancelled(proof.answer.by.who);
  if ((await boltNow(scene)) === 'unlocked') return;
  const refusal = `The lock says that "${name}" is not unlocked, whatever was answered. Look at the bolt; then try again.`;
  throw new LockError('forbidden', refusal, { reason: 'not_unlocked' });
}

async function turned(scene: Scene, signal: AbortSignal): Promise<void> {
  while ((await boltNow(scene).catch(() => 'unknown' as const)) !== 'unlocked') {
    await sleep(scene.tools.clock, LOOK_MS, signal);
  }
}

async function statedOpen(scene: Scene, is: 'unlocked' | 'by_hand', claim: string): Promise<StepResult> {
  if (isBrief(scene)) {
    found(scene, { bolt: { ...since(scene, 'E0'), is, pending: claim } });
    return ok({ grade: 'E0', what: 'That it is open is said with the confirmation.', by: 'system' });
  }
  const { text, spoken = text } = scene.step;
  const answer = await scene.ask({ kind: 'human_confirm', text, spoken, options: [DONE, CANCEL] });
  if (answer.means !== 'yes') throw cancelled(answer.by.who);
  found(scene, { bolt: { ...since(scene, 'E1'), is } });
  return ok({ grade: 'E1', what: claim, by: 'person', who: answer.by.who });
}

const DOOR_OPEN = 'The door is open and stays open.';

export const doorStep: StepCode = {
  id: 'opening.door',
  async run(scene) {
    // It was planned while nobody knew what kind of lock it is.
    if (isByHand(scene.view())) return ok(notAsked('It is closed by hand and is no door: nothing has to be opened.'));
    const sensor = scene.view().abilities?.door === true;
    if (sensor && scene.view().state.door === 'open') return doorSeen(scene);
    if (isBrief(scene)) {
      found(scene, { door: { ...since(scene, 'E0'), is: 'open', pending: DOOR_OPEN } });
      return ok({ grade: 'E0', what: 'That the door is open is said with the confirmation.', by: 'system' });
    }
    const { text, spoken = text } = scene.step;
    const how = { kind: 'human_confirm', text, spoken, options: [DONE, CANCEL] } as const;
    const never = (signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const proof = await askOrSee(scene, how, signal => (sensor ? opened(scene, signal) : never(signal)));
    if (proof.by === 'radio') return doorSeen(scene);
    const { means, by } = proof.answer;
    if (means !== 'yes') throw cancelled(by.who);
    if (sensor) await contradiction(scene);
    found(scene, { door: { ...since(scene, sensor ? 'E3' : 'E1'), is: 'open' } });
    if (sensor) return doorSeen(scene);
    return ok({ grade: 'E1', what: DOOR_OPEN, by: 'person', who: by.who });
  },
};

function doorSeen(scene: Scene): StepResult {
  found(scene, { door: { ...since(scene, 'E3'), is: 'open' } });
  return ok({ grade: 'E3', what: 'The door sensor says that the door is open.', by: 'radio' });
}

async function opened(scene: Scene, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (scene.view().state.door === 'open') return;
    await sleep(scene.tools.clock, LOOK_MS, signal);
    await boltNow(scene).catch(() => undefined);
  }
}

/** Person and sensor disagree: neither is believed. */
async function contradiction(scene: Scene): Promise<void> {
  await boltNow(scene);
  if (scene.view().state.door !== 'closed') return;
  const text = 'You say that the door is open; its sensor says that it is closed. Look at the door and at the sensor.';
  throw new LockError('forbidden', text, { reason: 'door_not_open' });
}
