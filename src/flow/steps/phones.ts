// Phones and bridges that were paired with a lock besides us: counted, chosen by a person, taken off, read back.
import { shown } from '../../base/log.ts';
import type { Authorisation } from '../../lock/driver.ts';
import type { PlannedStep } from '../plan.ts';
import { FLOW_ASKER, type Planning, type Scene, type StepCode } from '../step.ts';
import type { Residual } from '../words.ts';
import { RADIO_PAUSES_MS } from './census.ts';
import { ERASING, beginPivot, stillOpens } from './erase.ts';
import { STAKES, planned } from './planned.ts';
import { isBrief } from './preparing.ts';

/** Ids, under this name in the journal. */
const GOING = 'phones.going';
const WORDS = { app: 'phone', bridge: 'bridge', fob: 'fob', keypad: 'keypad', other: 'client' } as const;

/** Before the confirmation, so that it is for what was chosen. */
export const choosePhones: StepCode = {
  id: 'phones.choose',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    const all = await listed(scene);
    const { strays, others } = sorted(all);
    const going = await chosen(scene, others);
    scene.remember(
      GOING,
      [...strays, ...going].map(({ id }) => id),
    );
    const staying = others.filter(one => !going.includes(one));
    const left = staying.length === 0 ? 'None of them stays.' : `Stays: ${named(staying)}.`;
    scene.say(`Paired with it besides us: ${others.length === 0 ? 'nobody' : named(others)}. ${left}`);
    const what = `The lock lists ${many(others.length)} besides us.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
};

export const removePhones: StepCode = {
  id: 'phones.remove',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    beginPivot(scene);
    const { workbench } = scene.tools;
    const { id: lock } = scene.keeper().record;
    const wanted = goingOf(scene);
    const going = (await listed(scene)).filter(({ id, ours }) => !ours && wanted.includes(id));
    for (const one of going) {
      const act = (): Promise<void> => workbench.removeAuthorisation(lock, one.id, FLOW_ASKER);
      await scene.act(`take a ${WORDS[one.kind]} off`, { authorisation: one.id }, act);
    }
    const after = await listed(scene);
    const stuck = after.filter(({ id, ours }) => !ours && wanted.includes(id));
    if (stuck.length > 0) throw stillOpens(scene, `${named(stuck)} would not go: the lock still lists it.`);
    const residuals = sorted(after).others.map(stays);
    const what = `${many(wanted.length)} taken off; the lock lists none of them any more.`;
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }], residuals };
  },
  // What is gone is not on the list any more: the rest is taken off as before.
  probe: async () => 'not_done',
};

function stays(one: Authorisation): Residual {
  const text = `Stays paired and opens the door, as was wanted: ${named([one])}.`;
  return { kind: 'kept_credential', text, ...(one.validity.until !== undefined && { until: one.validity.until }) };
}

function listed(scene: Scene): Promise<readonly Authorisation[]> {
  return scene.tools.workbench.authorisations(scene.keeper().record.id, FLOW_ASKER);
}

/** A keypad is there for its codes. What has our own name and is not ours is left of a pairing that broke off. */
function sorted(all: readonly Authorisation[]): { strays: Authorisation[]; others: Authorisation[] } {
  const ours = all.find(one => one.ours);
  const rest = all.filter(one => !one.ours && one.kind !== 'keypad');
  const isStray = (one: Authorisation): boolean => one.kind === ours?.kind && one.name === ours.name;
  return { strays: rest.filter(isStray), others: rest.filter(one => !isStray(one)) };
}

async function chosen(scene: Scene, others: readonly Authorisation[]): Promise<readonly Authorisation[]> {
  const { phones } = scene.request;
  if (others.length === 0 || phones === 'keep') return [];
  if (phones === 'remove') return others.filter(({ kind }) => kind === 'app');
  // Nobody is asked: whose they are is not known, so they stay and are named in the record.
  if (isBrief(scene)) return [];
  const all = await asked(scene, `Paired with it besides us: ${named(others)}. Which of them may stay?`, [
    { value: 'all_stay', label: 'All stay', means: 'yes' },
    { value: 'phones_go', label: 'All phones go' },
    { value: 'each', label: 'Ask for each' },
  ]);
  if (all === 'phones_go') return others.filter(({ kind }) => kind === 'app');
  if (all !== 'each') return [];
  const going: Authorisation[] = [];
  for (const one of others) {
    const answer = await asked(scene, `${named([one])}: does it stay on the lock?`, [
      { value: 'stays', label: 'It stays', means: 'yes' },
      { value: 'goes', label: 'It goes' },
    ]);
    if (answer === 'goes') going.push(one);
  }
  return going;
}

async function asked(
  scene: Scene,
  text: string,
  options: readonly { value: string; label: string; means?: 'yes' }[],
): Promise<string> {
  const spoken = 'Which phones may stay paired with the lock?';
  const answer = await scene.ask({ kind: 'human_choice', text, spoken, options, roles: ['owner', 'manager'] });
  return answer.value;
}

function many(count: number): string {
  return count === 1 ? '1 phone or bridge' : `${count} phones or bridges`;
}

function named(those: readonly Authorisation[]): string {
  return those.map(({ name, kind }) => `"${shown(name)}" (${WORDS[kind]})`).join(', ');
}

function goingOf(scene: Pick<Scene, 'recall'>): readonly string[] {
  const going = scene.recall(GOING);
  return Array.isArray(going) ? going.filter(id => typeof id === 'string') : [];
}

/** Only where the lock lists whom it takes. */
export function planChoosing({ lock }: Pick<Planning, 'lock'>): PlannedStep[] {
  if (!lock?.abilities?.authorisations) return [];
  return [
    planned({
      id: choosePhones.id,
      kind: 'human_choice',
      title: 'Phones and bridges',
      text: 'Asks the lock which phones, bridges and fobs were paired with it besides us, and asks you which of them may stay. Unasked, they stay and are named in the record.',
      spoken: 'Which phones may stay paired with the lock?',
      honours: ['S1-36', 'S1-37'],
      atStake: STAKES.set,
      evidence: 'E3',
      unattended: 'run',
    }),
  ];
}

export function planRemoval(segment: PlannedStep['segment']): PlannedStep {
  return planned({
    id: removePhones.id,
    kind: 'auto_ble',
    segment,
    title: 'Take phones off',
    text: 'Takes off what was chosen, and what a pairing of ours left behind that broke off; then the list is read back.',
    honours: ['S1-31', 'S1-38'],
    atStake: ERASING,
    evidence: 'E0',
    soft: 60,
  });
}
