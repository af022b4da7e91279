// Who stays on the lock, and who comes next: codes that are kept, codes of the next guest, and what is left to say.
import type { CredentialView, Sighting } from '../../access/access.ts';
import { FLOW_ASKER, type Scene, type StepCode } from '../step.ts';
import type { FlowRequest, Residual } from '../words.ts';
import { KEPT, RADIO_PAUSES_MS, censusEvidence, readCensus } from './census.ts';
import { markLog } from './verify.ts';
import { counted, described, listed, named } from './words.ts';

type Known = Pick<CredentialView, 'id' | 'kind' | 'slot' | 'state'> & { from?: number };

/**
 * What a turnover leaves: codes that were named by slot, what begins when the guest has left or later, and what is not on
 * the lock yet: those are the next guest's.
 */
export function stays(one: Known, request: Pick<FlowRequest, 'keep' | 'checkout'>, now: number): boolean {
  if (one.state === 'wanted') return true;
  if (one.kind === 'code' && request.keep?.includes(one.slot)) return true;
  return one.from !== undefined && one.from >= Math.min(request.checkout ?? now, now);
}

export const countAndChoose: StepCode = {
  id: 'turnover.census',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { access, clock } = scene.tools;
    const { id } = scene.keeper().record;
    const census = await readCensus(scene);
    const kept = access.credentials(id).filter(one => stays(one, scene.request, clock.now()));
    scene.remember(
      KEPT,
      kept.map(one => one.id),
    );
    const ids = new Set(kept.map(one => one.id));
    const staying = census.flatMap(({ there }) => there.filter(one => one.id !== undefined && ids.has(one.id)));
    scene.say(
      `On the lock: ${described(census)}. ${staying.length === 0 ? 'Nothing of it stays.' : `Stays: ${names(staying)}.`}`,
    );
    return { outcome: 'ok', evidence: censusEvidence(census) };
  },
};

function names(those: readonly Sighting[]): string {
  const kinds = (['code', 'card', 'finger'] as const).filter(kind => those.some(one => one.kind === kind));
  return listed(
    kinds.map(kind =>
      named(
        those.filter(one => one.kind === kind),
        kind,
      ),
    ),
  );
}

/** From here on an opening by something unknown is one too many. */
export const mark: StepCode = {
  id: 'turnover.mark',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    await markLog(scene);
    return { outcome: 'ok', evidence: [] };
  },
};

/** What waits for the next guest goes on the lock, and is read back. */
export const activate: StepCode = {
  id: 'turnover.activate',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { access } = scene.tools;
    const { id } = scene.keeper().record;
    const waiting = access.credentials(id).filter(({ state }) => state === 'wanted');
    if (waiting.length === 0) {
      const what = 'Nothing waits for the next guest: set a code once somebody is known to come.';
      return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }] };
    }
    const after = await scene.act('put the next guest on', { slots: waiting.map(({ slot }) => slot) }, () =>
      access.reconcile(id, FLOW_ASKER),
    );
    const on = after.filter(one => one.state === 'on_lock' && waiting.some(({ id: was }) => was === one.id));
    const off = waiting.length - on.length;
    const what = `For the next guest the lock took ${counted(on.length, 'code')}, of ${waiting.length} that waited.`;
    const text = `${counted(off, 'code')} of the next guest would not go on the lock: choose other digits.`;
    return {
      outcome: 'ok',
      evidence: [{ grade: 'E3', what, by: 'radio' }],
      ...(off > 0 && { residuals: [{ kind: 'not_activated', text }] }),
    };
  },
  probe: async () => 'not_done',
};

/** What a soft wipe cannot touch is said, whether or not anybody asks. */
export const close: StepCode = {
  id: 'turnover.close',
  async run(scene) {
    const residuals = untouched(scene);
    for (const { text } of residuals) scene.say(text);
    const what = 'What a soft wipe cannot reach was listed.';
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }], residuals };
  },
};

function untouched(scene: Scene): Residual[] {
  const { kind, unlisted } = scene.view().abilities ?? {};
  const others: Residual[] = unlisted === undefined ? [] : [{ kind: 'unmanaged_credential', text: unlisted }];
  const metal: Residual =
    kind === 'key_box'
      ? { kind: 'metal_keys', text: 'The keys in the box were not counted: a soft wipe cannot see them.' }
      : {
          kind: 'metal_keys',
          text: 'If it has a metal cylinder, every metal key that was given out still opens it: count them.',
        };
  const hands: Residual = {
    kind: 'untested',
    text: 'No code was typed at the lock: let the next visitor type the new one once.',
  };
  return kind === 'padlock' ? [...others, hands] : [...others, metal, hands];
}
