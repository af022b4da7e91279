// The tests at the end of a flow, one step each; the radio makes them all. Source: flows.md 5.7.
import { sleep } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import type { CensusOfKind, Sighting } from '../../access/access.ts';
import type { KeptCredential } from '../../lock/ports.ts';
import { isRefusal } from '../../lock/standing.ts';
import { findings } from '../findings.ts';
import { natureOf } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import { FLOW_ASKER, type Planning, type Scene, type StepCode, type StepResult } from '../step.ts';
import type { Residual } from '../words.ts';
import { COUNTS_AFTER, RADIO_PAUSES_MS, censusEvidence } from './census.ts';
import { keptIds, stillOpens } from './erase.ts';
import { SKIP } from './observe.ts';
import { planned } from './planned.ts';
import { isBrief } from './preparing.ts';
import { OLD_KEY } from './secrets.ts';
import { isSilent, untold } from './untold.ts';
import { described, named } from './words.ts';

/** Connection, login and the answer. */
const PROBE_MS = 20_000;
/** A motor with a stiff bolt, and the connection. */
const MOVE_MS = 20_000;
/** The state must be shown within this (flows.md 5.7). */
const SHOWN_MS = 5000;
/** Somebody may have opened the door with what should be dead: read back as far as this. */
const LOOK_BACK = 30;
const UNTESTED = 'untested';
const UNTRIED = 'The old secrets are gone. What is new has not been tried yet.';

/** A new session, not the one that is open since before. */
export const newKey: StepCode = {
  id: 'verify.new_key',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const keeper = scene.keeper();
    // It ends the open session politely first, and proves the key that is in the vault.
    const live = scene.tools.vault.of(keeper.record.id).find(({ status }) => status === 'live');
    if (live) await keeper.probe(live.credential, PROBE_MS);
    await keeper.work({ urgency: 'person', what: 'ask the lock', signal: scene.signal }, s => s.readState());
    const { bolt, battery } = keeper.view().state;
    const power = battery === undefined ? '' : ` and ${battery} % in its batteries`;
    const what = `The lock let us in with our key and told its state: ${bolt}${power}.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
};

/** Tried once: the lock must say no (4.5). */
export const oldKey: StepCode = {
  id: 'verify.old_key',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const old = oldKeyOf(scene);
    if (!old) return untried('There is no old key of ours that the lock could refuse.');
    const keeper = scene.keeper();
    try {
      await (await keeper.probe(old.credential, PROBE_MS)).close();
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'The lock could not be asked.');
      if (!isRefusal(error)) throw error;
      scene.tools.vault.mark(old.id, 'dead');
      const what = 'The key from before was tried once, and the lock refused it.';
      return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
    }
    throw stillOpens(scene, 'The key from before still opens the lock.');
  },
};

/** The one that a step named; else the newest that is not ours any more. */
function oldKeyOf(scene: Scene): KeptCredential | undefined {
  const all = scene.tools.vault.of(scene.keeper().record.id);
  const wanted = scene.recall(OLD_KEY);
  if (typeof wanted === 'string') return all.find(one => one.id === wanted);
  return all.find(({ status }) => status !== 'live' && status !== 'provisional');
}

/** What is on the lock must be exactly what is to stay, by kind. */
export const counts: StepCode = {
  id: 'verify.counts',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    if (isSilent(scene)) return untold('What is on it was not counted');
    const census = await scene.tools.access.census(scene.keeper().record.id, FLOW_ASKER);
    const keep = new Set(keptIds(scene));
    const isKept = keepsAll(scene);
    scene.remember(COUNTS_AFTER, Object.fromEntries(census.map(afterOf)));
    const extra = census.filter(one => one.listed).flatMap(one => extraOf(one, keep));
    if (extra.length > 0 && !isKept) {
      const kinds = census.filter(one => extra.some(({ kind }) => kind === one.kind));
      const what = kinds
        .map(({ kind }) =>
          named(
            extra.filter(one => one.kind === kind),
            kind,
          ),
        )
        .join(' and ');
      throw stillOpens(scene, `${what} should be gone, and the lock still lists them.`);
    }
    scene.say(`On the lock now: ${described(census)}.`);
    return { outcome: 'ok', evidence: censusEvidence(census), residuals: isKept ? [] : staying(census, keep) };
  },
};

/** Pairing with a lock that others have as well takes nothing off it: what was on it stays, and is counted. */
function keepsAll(scene: Scene): boolean {
  const { rung } = scene.plan;
  return (rung === 'look' || rung === 'own_key') && natureOf(scene.tools.registry, scene.view()).owners === 'many';
}

function afterOf({ kind, there, listed }: CensusOfKind): [string, { left: number; grade: 'E0' | 'E3' }] {
  return [kind, { left: there.length, grade: listed ? 'E3' : 'E0' }];
}

function extraOf({ there }: CensusOfKind, keep: ReadonlySet<string>): Sighting[] {
  return there.filter(({ id }) => id === undefined || !keep.has(id));
}

function staying(census: readonly CensusOfKind[], keep: ReadonlySet<string>): Residual[] {
  return census.flatMap(({ kind, there }) =>
    there
      .filter(({ id }) => id !== undefined && keep.has(id))
      .map(one => ({
        kind: 'kept_credential',
        text: `Stays and opens the door, as was wanted: ${named([one], kind)}.`,
        ...(one.until !== undefined && { until: one.until }),
      })),
  );
}

/** What the lock wrote into its log since the erasure: nothing that is dead may have opened it. */
export const log: StepCode = {
  id: 'verify.log',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { workbench } = scene.tools;
    const { id } = scene.keeper().record;
    const since = scene.recall(LOG_MARK);
    // It was planned while the lock could: another pairing may know less of it.
    if (isSilent(scene)) return untold('Its log was not read');
    if (!scene.view().abilities?.log)
      return untried('The log of this lock could not be read with the key that we have now.');
    const all = await workbench.readLog(id, LOOK_BACK, FLOW_ASKER);
    const news = all.filter(({ record }) => typeof since === 'number' && (record ?? 0) > since);
    const entered = news.filter(
      ({ ok, type, source, slot }) => ok && type === 'unlocked' && AT_DOOR.has(source) && slot === undefined,
    );
    if (entered.length > 0) {
      throw stillOpens(scene, 'After the erasure the door was opened with a code, card or finger that is on no list.');
    }
    const refused = news.filter(({ ok, source }) => !ok && AT_DOOR.has(source)).length;
    const tried = refused === 0 ? 'nobody has tried one since' : `${refused} that were tried since were refused`;
    const what = `The lock’s own log shows no opening by anything that was erased; ${tried}.`;
    return { outcome: 'ok', evidence: [{ grade: refused === 0 ? 'E2' : 'E3', what, by: 'radio' }] };
  },
};
const AT_DOOR: ReadonlySet<string> = new Set(['keypad', 'card', 'finger']);
const LOG_MARK = 'log.mark';

/** From where on `verify.log` reads: the newest record right after the erasure. */
export async function markLog(scene: Scene): Promise<void> {
  if (!scene.view().abilities?.log || scene.recall(LOG_MARK) !== undefined) return;
  const [newest] = await scene.tools.workbench.readLog(scene.keeper().record.id, 1, FLOW_ASKER);
  scene.remember(LOG_MARK, newest?.record ?? -1);
}

/** The motor is tried only in an open door: a bolt that jams in a closed one locks somebody out, or in (R11, R12). */
export const motor: StepCode = {
  id: 'verify.motor',
  async run(scene) {
    const verbs = scene.view().abilities?.verbs ?? [];
    if (!verbs.includes('lock')) return untried('It is closed by hand, so its bolt was not tried.');
    const open = isOpen(scene) || (await saysOpen(scene));
    if (!open) {
      return untried('The motor was not tried: nobody has seen the door open. Lock and unlock it once when you pass.');
    }
    const cycles = Number(scene.step.with?.['cycles'] ?? 1);
    // It ends as it was found.
    const order = scene.view().state.bolt === 'locked' ? (['unlock', 'lock'] as const) : (['lock', 'unlock'] as const);
    for (let cycle = 1; cycle <= cycles; cycle++) {
      for (const verb of order) await moved(scene, verb);
      scene.say(cycles === 1 ? 'Locked and unlocked once.' : `Locked and unlocked ${cycle} of ${cycles} times.`);
    }
    const what = `The motor locked and unlocked ${cycles === 1 ? 'once' : `${cycles} times`} in the open door, and the lock told each end.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
};

/** Somebody who is there for it anyway is asked; a brief flow asks nothing that it can do without. */
async function saysOpen(scene: Scene): Promise<boolean> {
  if (isBrief(scene) || scene.view().state.door === 'closed') return false;
  const answer = await scene.ask({
    kind: 'human_confirm',
    text: 'Is the door open now? Then the motor locks and unlocks once as a test. Keep your fingers off the bolt; skip it if you are not there.',
    spoken: 'Is the door open, so that the motor can be tried? Or skip it.',
    options: [{ value: 'open', label: 'The door is open', means: 'yes' }, SKIP],
  });
  if (answer.means !== 'yes') return false;
  scene.note({ grade: 'E1', what: 'The door is open for the test of the motor.', by: 'person', who: answer.by.who });
  return true;
}

function isOpen(scene: Scene): boolean {
  const { door } = scene.view().state;
  if (door !== undefined) return door === 'open';
  const { door: said } = findings(scene);
  return said?.is === 'open' && said.grade !== 'E0' && said.pending === undefined;
}

async function moved(scene: Scene, verb: 'lock' | 'unlock'): Promise<void> {
  const keeper = scene.keeper();
  const { clock } = scene.tools;
  const id = `${scene.flow}-${verb}`;
  const command = { id, lock: keeper.record.id, verb, asker: FLOW_ASKER, deadline: clock.elapsed() + MOVE_MS };
  await scene.act(`${verb} as a test`, {}, () => keeper.command(command));
  await keeper.work({ urgency: 'person', what: 'ask the lock' }, session => session.readState());
  const { bolt } = keeper.view().state;
  if (bolt === `${verb}ed`) return;
  const text = `The bolt was told to ${verb} and says that it is ${bolt}. Look at it: it may be stiff, or the frame may be in its way.`;
  throw new LockError('rejected', text, { reason: 'jammed', acted: 'maybe' });
}

/** The key is on the disk, it was accepted in this flow, and there is a copy of it. */
export const wayBack: StepCode = {
  id: 'verify.way_back',
  async run(scene) {
    const { vault } = scene.tools;
    if (!vault.of(scene.keeper().record.id).some(({ status }) => status === 'live')) {
      throw new LockError('forbidden', 'There is no key for this lock in the vault.', { reason: 'no_way_back' });
    }
    const { second } = await scene.tools.backUp();
    const where = second ? 'in two places' : 'on the same card';
    const what = `The key that opens the lock was read back from the vault, and a fresh copy of everything is ${where}.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }] };
  },
};

/** Whoever shows the lock (MQTT, Matter, the page) hears its true state. */
export const shown: StepCode = {
  id: 'verify.shown',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const keeper = scene.keeper();
    const { registry, clock } = scene.tools;
    let heard = false;
    const unhook = registry.hear(event => (heard ||= event.kind === 'state' && event.view.id === keeper.record.id));
    try {
      await keeper.work({ urgency: 'person', what: 'ask the lock' }, session => session.readState());
      const began = clock.elapsed();
      while (!heard && clock.elapsed() - began < SHOWN_MS) await sleep(clock, 100, scene.signal);
    } finally {
      unhook();
    }
    if (!heard) return untried('Nobody was told the state of the lock within 5 s.');
    const what = `MQTT, Matter and the page were told what the lock says: ${keeper.view().state.bolt}.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }] };
  },
};

/** In this order; `cycles`: how often the motor is tried. */
export function verifySteps({ lock }: Pick<Planning, 'lock'>, how: { oldKey: boolean; cycles: number }): PlannedStep[] {
  const test = (id: string, title: string, text: string): PlannedStep =>
    planned({ id, title, text, kind: 'verify_pos', segment: 'retriable', atStake: UNTRIED, soft: 30 });
  const refusal = {
    ...test(oldKey.id, 'The old key must fail', 'Tries the key from before once; the lock has to refuse it.'),
    kind: 'verify_neg',
    evidence: 'E3',
    honours: ['S1-18', 'S2-60'],
  } as const;
  const motorText = `Locks and unlocks ${how.cycles === 1 ? 'once' : `${how.cycles} times`} in the open door and reads each end back. Left out where nobody has seen the door open.`;
  return [
    {
      ...test(newKey.id, 'The new key must work', 'Opens a new session with the key that is kept, and asks the state.'),
      evidence: 'E3',
      honours: ['S1-18', 'S2-60'],
    },
    ...(how.oldKey ? [refusal] : []),
    {
      ...test(
        counts.id,
        'Count what is left',
        'Reads every code, card and fingerprint back: what is left must be exactly what is to stay, by kind.',
      ),
      kind: 'verify_neg',
      honours: ['S1-37', 'S0-16'],
    },
    ...(lock?.abilities?.log
      ? [
          {
            ...test(
              log.id,
              'Read its log',
              'Looks into the log of the lock for an opening by anything that was erased.',
            ),
            kind: 'verify_neg' as const,
          },
        ]
      : []),
    {
      ...test(motor.id, 'Try the motor', motorText),
      skippable: true,
      unattended: 'skip_with_residual',
      honours: ['S1-28', 'S2-22', 'S2-49', 'S2-60'],
    },
    {
      ...test(
        wayBack.id,
        'Check the way back',
        'Reads the key back from the vault and makes a fresh copy of everything.',
      ),
      evidence: 'E3',
      kind: 'auto_sys',
      honours: ['S1-24', 'S1-39', 'S2-37'],
    },
    {
      ...test(
        shown.id,
        'Show the true state',
        'MQTT, Matter and the page have to show what the lock says within 5 seconds.',
      ),
      kind: 'publish',
      honours: ['S0-32'],
    },
  ];
}

function untried(text: string): StepResult {
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: text, by: 'system' }],
    residuals: [{ kind: UNTESTED, text }],
  };
}
