// A new value for each code that is ours, one after another: the new one is on the disk and the old one on its way off before
// the lock hears of either (access does that). Source: flows.md 5.5.
import type { CredentialView } from '../../access/access.ts';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { FLOW_ASKER, type Scene, type StepCode } from '../step.ts';
import { KEPT, RADIO_PAUSES_MS, censusEvidence, readCensus } from './census.ts';
import { renewKey } from './own-key.ts';
import { freshCode } from './secrets.ts';
import { counted, described } from './words.ts';

const CHANGED = 'rekey.changed';
/** So many draws in a row that other codes have already: the lock refuses for another reason. */
const MOST_DRAWS = 5;
const DIGITS = 6;

/** Ours stay for now, to be changed one by one; what was not put there from here goes first. */
export const countForRekey: StepCode = {
  id: 'rekey.census',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const census = await readCensus(scene);
    const codes = scene.tools.access.credentials(scene.keeper().record.id).filter(isChangeable);
    scene.remember(
      KEPT,
      codes.map(({ id }) => id),
    );
    scene.say(`On the lock: ${described(census)}. ${counted(codes.length, 'code')} get new digits.`);
    return { outcome: 'ok', evidence: censusEvidence(census) };
  },
};

/** In its slot, whether on the lock or still to come. */
export function isChangeable({ kind, state }: Pick<CredentialView, 'kind' | 'state'>): boolean {
  return kind === 'code' && (state === 'on_lock' || state === 'wanted');
}

export const changeCodes: StepCode = {
  id: 'rekey.codes',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const { access } = scene.tools;
    const { id: lock } = scene.keeper().record;
    const keep = scene.request.keep ?? [];
    const mine = (): CredentialView[] => access.credentials(lock).filter(isChangeable);
    for (const one of mine()) {
      if (keep.includes(one.slot) || changedSlots(scene).includes(one.slot)) continue;
      await change(scene, one);
      scene.remember(CHANGED, [...changedSlots(scene), one.slot]);
    }
    const after = mine();
    scene.remember(
      KEPT,
      after.map(({ id }) => id),
    );
    const changed = changedSlots(scene).length;
    const who = after.flatMap(({ person, slot }) => (keep.includes(slot) ? [] : (person?.name ?? `slot ${slot}`)));
    if (changed > 0) scene.say(`New codes are in the vault: tell them to ${who.join(', ')}.`);
    const what = `${counted(changed, 'code')} changed: each new one was kept here before the lock took it, and the old one taken off.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
  // Slots that were changed are remembered; the one in between is simply changed again.
  probe: async () => 'not_done',
};

async function change(scene: Scene, { slot, codeKind, from, until, weekly, person }: CredentialView): Promise<void> {
  const { access, random } = scene.tools;
  const {
    record,
    record: { id: lock },
  } = scene.keeper();
  const { minDigits = 4, maxDigits = DIGITS, rule } = record.abilities?.codes ?? {};
  const length = Math.max(minDigits, Math.min(maxDigits, DIGITS));
  for (let draw = 1; ; draw++) {
    const digits = new Secret(freshCode(random, { digits: length, rule }));
    const request = {
      digits,
      ...(codeKind && { kind: codeKind }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(weekly && { weekly }),
      ...(person && { person: person.id }),
    };
    try {
      await scene.act(`change the code in slot ${slot}`, { slot }, () =>
        access.setCode(lock, slot, request, FLOW_ASKER),
      );
      return;
    } catch (thrown) {
      const taken = thrown instanceof LockError && thrown.reason === 'duplicate_code';
      if (!taken || draw === MOST_DRAWS) throw thrown;
    }
  }
}

function changedSlots(scene: Pick<Scene, 'recall'>): number[] {
  const slots = scene.recall(CHANGED);
  return Array.isArray(slots) ? slots.filter(slot => typeof slot === 'number') : [];
}

/** What no radio can change is said. */
export const unchanged: StepCode = {
  id: 'rekey.close',
  async run(scene) {
    const { unlisted } = scene.view().abilities ?? {};
    const renewed = scene.plan.steps.some(step => step.id === renewKey.id);
    const radio = {
      kind: 'lock_kept_keys',
      text: 'The radio key made at pairing cannot be changed in place: whoever has an old copy of this program’s vault and its key still holds it. Only a reset and a new pairing change it.',
    };
    const residuals = [
      ...(renewed ? [] : [radio]),
      ...(unlisted === undefined ? [] : [{ kind: 'unmanaged_credential', text: unlisted }]),
      {
        kind: 'metal_keys',
        text: 'If it has a metal cylinder, nothing about it has changed: every metal key still opens it.',
      },
      {
        kind: 'untested',
        text: 'No new code was typed at the lock: let each person type theirs once, with the door open.',
      },
    ];
    const what = 'What could not be changed over the air was listed.';
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'system' }], residuals };
  },
};
