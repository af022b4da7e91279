// What must be refused now is typed at the keypad by a person; the lock's own log says whether it was.
import { sleep } from '../../base/clock.ts';
import type { Happening } from '../../lock/lock.ts';
import { R10 } from '../engine/rules.ts';
import { findings, found } from '../findings.ts';
import type { PlannedStep } from '../plan.ts';
import { FLOW_ASKER, type Planning, type Scene, type StepCode, type StepResult } from '../step.ts';
import { stillOpens } from './emptying.ts';
import { DONE, SKIP, askOrSee } from './observe.ts';
import { STAKES, planned } from './planned.ts';

/** Typing takes some seconds; the log is read this often meanwhile. */
const LOOK_MS = 3000;
/** Entries since the question; more are not typed in a minute. */
const MOST = 5;

export const defaultCodeStep: StepCode = {
  id: 'reset.default_code',
  run: scene => mustFail(scene, 'The public default code'),
};

export const oldCodeStep: StepCode = {
  id: 'reset.old_code',
  run: scene => mustFail(scene, 'The code from before'),
};

async function mustFail(scene: Scene, what: string): Promise<StepResult> {
  const { id } = scene.view();
  const { procedures } = scene.tools;
  const wrongCodes = (findings(scene).wrongCodes ?? 0) + 1;
  const tooMany = R10({ wrongCodes }, procedures.get(scene.plan.procedure.id));
  if (tooMany) return untried(`${what} was not typed: ${tooMany.message}`);
  const [newest] = await read(scene, id, 1);
  const since = newest?.record ?? -1;
  const { text, spoken = text } = scene.step;
  const ask = { kind: 'human_do', text, spoken, options: [DONE, SKIP] } as const;
  const proof = await askOrSee(scene, ask, signal => scene.waiting('radio', typed(scene, since, signal)));
  if (proof.by === 'person' && proof.answer.means === 'skip') return untried(`${what} was not typed at the keypad.`);
  found(scene, { wrongCodes });
  const entry = proof.by === 'radio' ? proof.seen : await entrySince(scene, since);
  if (entry?.type === 'unlocked') throw stillOpens(scene, what);
  if (entry)
    return {
      outcome: 'ok',
      evidence: [{ grade: 'E3', what: `${what} was typed, and the lock refused it.`, by: 'radio' }],
    };
  const said = `${what} was typed and nothing opened, says a person; the lock wrote nothing about it.`;
  const who = proof.by === 'person' ? proof.answer.by.who : 'nobody';
  return { outcome: 'ok', evidence: [{ grade: 'E1', what: said, by: 'person', who }] };
}

async function typed(scene: Scene, since: number, signal: AbortSignal): Promise<Happening> {
  for (;;) {
    await sleep(scene.tools.clock, LOOK_MS, signal);
    const entry = await entrySince(scene, since).catch(() => undefined);
    if (entry) return entry;
  }
}

/** What was typed since; an opening counts before a refusal. */
async function entrySince(scene: Scene, since: number): Promise<Happening | undefined> {
  const log = await read(scene, scene.view().id, MOST);
  const entries = log.filter(
    ({ record = -1, source, type }) => record > since && (source === 'keypad' || type === 'wrong_code'),
  );
  return entries.find(one => one.type === 'unlocked' && one.ok) ?? entries[0];
}

function read(scene: Scene, lock: string, most: number): Promise<readonly Happening[]> {
  return scene.tools.workbench.readLog(lock, most, FLOW_ASKER);
}

function untried(text: string): StepResult {
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: text, by: 'system' }],
    residuals: [{ kind: 'untested', text }],
  };
}

export const refusalSteps: readonly StepCode[] = [defaultCodeStep, oldCodeStep];

/** Only where there is a keypad: without one nothing can be typed. */
export function planRefusals({ procedure, lock }: Planning): PlannedStep[] {
  if (lock?.abilities && !lock.abilities.codes) return [];
  const { defaultCode } = procedure.values;
  const sure = defaultCode?.sure === 'seen';
  const which = sure
    ? `${defaultCode.digits} (the public code of this model)`
    : `the default code of your manual${defaultCode ? ` (perhaps ${defaultCode.digits}: check your manual)` : ''}`;
  const test = {
    kind: 'verify_neg',
    segment: 'retriable',
    atStake: STAKES.untried,
    skippable: true,
    soft: 60,
    hard: 900,
    unattended: 'skip_with_residual',
  } as const;
  return [
    planned({
      id: 'reset.default_code',
      ...test,
      title: 'The default code must fail',
      text: `Type ${which} at the keypad, then #. It must open nothing any more, since the code was changed; the lock’s log is read meanwhile.`,
      spoken: 'Type the default code from the screen at the keypad. It must be refused.',
      honours: ['S1-14', 'S1-15', 'S1-18'],
    }),
    planned({
      id: 'reset.old_code',
      ...test,
      title: 'The old code must fail',
      text: 'If anybody knows a code from before the reset, type it at the keypad, then #. It must be refused. Skip it if nobody knows one. At most two wrong codes are typed, so that the lock does not shut itself.',
      spoken: 'Type an old code at the keypad, if you know one. It must be refused.',
      honours: ['S1-06', 'S1-18'],
    }),
  ];
}
