// The looks of a diagnosis. Each asks or listens and changes nothing; what cannot be asked is said, and the next look comes.
import { LockError, asLockError } from '../../base/errors.ts';
import type { LockSession } from '../../lock/driver.ts';
import type { KeptCredential } from '../../lock/ports.ts';
import { isRefusal } from '../../lock/standing.ts';
import { natureOf } from '../nature.ts';
import { FLOW_ASKER, type Scene, type StepCode, type StepResult } from '../step.ts';
import type { Grade } from '../words.ts';
import { advise, diagnosed, diagnosis } from './diagnosis.ts';
import { type KeyAnswer, readAnswers } from './key-matrix.ts';
import { heardWithin } from './observe.ts';
import { described } from './words.ts';

/** The slowest locks advertise every ten seconds; twice that, and it was awake. */
const LISTEN_MS = 22_000;
const PROBE_MS = 15_000;
/** Old keys beyond these are of earlier tenants of the same lock. */
const MOST_KEYS = 4;
const RECORDS = 50;
const ASK_MS = 30_000;
const AT_DOOR: ReadonlySet<string> = new Set(['keypad', 'card', 'finger']);

export const looks: readonly StepCode[] = [
  { id: 'diagnose.system', run: async scene => lookAtSystem(scene) },
  { id: 'diagnose.heard', run: listen },
  { id: 'diagnose.standing', run: async scene => lookAtStanding(scene) },
  { id: 'diagnose.keys', run: tryKeys },
  { id: 'diagnose.state', run: scene => inSession(scene, askState) },
  { id: 'diagnose.clock', run: scene => inSession(scene, askClock) },
  { id: 'diagnose.census', run: scene => inSession(scene, count) },
  { id: 'diagnose.log', run: scene => inSession(scene, readLog) },
  { id: 'diagnose.history', run: async scene => lookBack(scene) },
];

function told(grade: Grade, what: string, by: 'radio' | 'system' = 'system'): StepResult {
  return { outcome: 'ok', evidence: [{ grade, what, by }] };
}

function lookAtSystem(scene: Scene): StepResult {
  const bad = scene.tools.health().parts.filter(({ ok }) => !ok);
  diagnosed(scene, {
    parts: Object.fromEntries(bad.map(({ name, text, fix }) => [name, fix === undefined ? text : `${text} ${fix}`])),
  });
  if (bad.length === 0) return told('E3', 'Adapter, broker, network, clock, disk and vault are well.');
  for (const { text, fix } of bad) scene.say(fix === undefined ? text : `${text} ${fix}`);
  return told('E3', `Not well: ${bad.map(({ name }) => name).join(', ')}.`);
}

async function listen(scene: Scene): Promise<StepResult> {
  const { nearby } = scene.tools;
  const { id, address } = scene.keeper().record;
  const connected = scene.keeper().session !== undefined;
  const heard = connected
    ? undefined
    : await scene.waiting(
        'radio',
        heardWithin(scene, LISTEN_MS, one => one.lock === id),
      );
  const around = nearby.all();
  const others = around.filter(one => one.lock !== id && one.address !== address);
  const twins = others.filter(one => one.state === 'pairable').length;
  const rssi = heard?.advert.rssi ?? scene.view().rssi;
  const now = connected || heard !== undefined;
  const offered = heard?.recognised.state === 'pairable';
  diagnosed(scene, {
    heard: { now, others: others.length, offered, twins, ...(now && rssi !== undefined && { rssi }) },
  });
  const counted = others.length === 1 ? '1 other lock is' : `${others.length} other locks are`;
  if (connected) return told('E3', `There is a connection to it; ${counted} heard.`, 'radio');
  if (!heard)
    return told(
      'E2',
      `It was not heard for ${LISTEN_MS / 1000} s; ${others.length === 1 ? '1 other lock was' : `${others.length} other locks were`}.`,
      'radio',
    );
  const what = offered ? 'it offers itself for pairing' : 'it says that somebody owns it';
  return told('E3', `It is heard with ${heard.advert.rssi} dBm, and ${what}; ${counted} heard.`, 'radio');
}

function lookAtStanding(scene: Scene): StepResult {
  const { lifecycle, trouble, unit, name } = scene.view();
  diagnosed(scene, { lifecycle });
  const why = trouble ? ` ${trouble.text}` : '';
  return told('E3', `"${name}" belongs to ${unit.name} and is ${lifecycle} here.${why}`);
}

/** The matrix of 4.7: each key that we ever had for it, the one that counts first. */
async function tryKeys(scene: Scene): Promise<StepResult> {
  const { heard, parts = {} } = diagnosis(scene);
  if (!heard?.now || parts['radio'] !== undefined) return told('E0', 'Its keys were not tried: it is not heard.');
  const all = scene.tools.vault.of(scene.keeper().record.id);
  const live = all.find(({ status }) => status === 'live');
  const others = all.filter(({ status }) => status !== 'live' && status !== 'dead').slice(0, MOST_KEYS);
  const said: KeyAnswer = live ? await answerTo(scene, live) : 'none';
  const rest: KeyAnswer[] = [];
  for (const kept of others) rest.push(await answerTo(scene, kept));
  const best: KeyAnswer = (['accepted', 'silent', 'refused'] as const).find(one => rest.includes(one)) ?? 'none';
  const many = natureOf(scene.tools.registry, scene.view()).owners === 'many';
  const answers = { offered: heard.offered, live: said, other: best, ...(many && { many }) };
  diagnosed(scene, { keys: answers });
  return told('E3', readAnswers(answers).what, 'radio');
}

async function answerTo(scene: Scene, { credential }: KeptCredential): Promise<KeyAnswer> {
  try {
    await (await scene.keeper().probe(credential, PROBE_MS)).close();
    return 'accepted';
  } catch (thrown) {
    if (scene.signal.aborted) throw thrown;
    return isRefusal(asLockError(thrown, 'unreachable', 'The lock could not be asked.')) ? 'refused' : 'silent';
  }
}

/** Only where our key opens a session; whatever goes wrong is a finding, not an end. */
async function inSession(scene: Scene, look: (scene: Scene) => Promise<StepResult>): Promise<StepResult> {
  if (diagnosis(scene).keys?.live !== 'accepted') return told('E0', 'Not asked: our key does not open a session now.');
  try {
    return await look(scene);
  } catch (thrown) {
    if (scene.signal.aborted || !(thrown instanceof LockError)) throw thrown;
    return told('E0', `Not known: ${thrown.message}`, 'radio');
  }
}

function ask<T>(scene: Scene, task: (session: LockSession) => Promise<T>): Promise<T> {
  const how = { urgency: 'person', what: 'ask the lock', ms: ASK_MS, signal: scene.signal } as const;
  return scene.keeper().work(how, task);
}

async function askState(scene: Scene): Promise<StepResult> {
  await ask(scene, session => session.readState());
  const { bolt, door, battery } = scene.view().state;
  if (battery !== undefined) diagnosed(scene, { battery });
  const power = battery === undefined ? 'it does not tell its battery' : `its batteries have ${battery} %`;
  return told('E3', `Its bolt is ${bolt}${door === undefined ? '' : `, its door ${door}`}; ${power}.`, 'radio');
}

async function askClock(scene: Scene): Promise<StepResult> {
  const said = await ask(scene, async ({ clock }) => clock?.read());
  if (said === undefined) return told('E3', 'It has no clock.', 'radio');
  const drift = Math.round((said - scene.tools.clock.now()) / 1000);
  diagnosed(scene, { drift });
  return told('E3', `Its clock is ${Math.abs(drift)} s ${drift < 0 ? 'behind' : 'ahead of'} ours.`, 'radio');
}

async function count(scene: Scene): Promise<StepResult> {
  const { access } = scene.tools;
  const { id } = scene.keeper().record;
  const census = await access.census(id, FLOW_ASKER);
  const there = new Set(census.flatMap(one => one.there.flatMap(({ id: known }) => known ?? [])));
  const readable = new Set(census.filter(one => one.listed).map(({ kind }) => kind));
  const ours = access.credentials(id).filter(one => one.state === 'on_lock' && readable.has(one.kind));
  const missing = ours.filter(one => !there.has(one.id)).length;
  const strangers = census.reduce((sum, one) => sum + one.there.filter(({ stranger }) => stranger).length, 0);
  diagnosed(scene, { strangers, missing });
  const gone = missing === 0 ? '' : ` ${missing} of ours are not on it any more.`;
  return told('E3', `On the lock: ${described(census)}.${gone}`, 'radio');
}

async function readLog(scene: Scene): Promise<StepResult> {
  const log = await scene.tools.workbench.readLog(scene.keeper().record.id, RECORDS, FLOW_ASKER);
  const jams = log.filter(({ type }) => type === 'jammed').length;
  const refused = log.filter(({ ok, source }) => !ok && AT_DOOR.has(source)).length;
  // A record that does not name what opened it (a code that was changed since) blames nobody.
  const unknown = log.filter(
    ({ ok, type, source, slot, credential }) =>
      ok && type === 'unlocked' && AT_DOOR.has(source) && credential !== undefined && slot === undefined,
  );
  diagnosed(scene, { jams, unknownOpened: unknown.length });
  const what = `Of its last ${log.length} records ${jams} are of a stuck bolt, ${refused} of something that was refused, and ${unknown.length} of an opening by something on no list.`;
  return told('E3', what, 'radio');
}

function lookBack(scene: Scene): StepResult {
  const { losses, opens, lastError } = scene.view().stats;
  diagnosed(scene, { losses, opens });
  const last = lastError === undefined ? '' : ` The last trouble: ${lastError}`;
  return told('E3', `Of ${opens} connections ${losses} were lost.${last}`);
}

/** Every hint of the ladder, each with what was found of it. */
export const ladder: StepCode = {
  id: 'diagnose.ladder',
  async run(scene) {
    const found = diagnosis(scene);
    const evidence = (scene.step.hints ?? []).flatMap(({ text, check }) => {
      const seen = check === undefined ? undefined : CHECKS[check]?.(scene);
      return seen === undefined
        ? []
        : [{ grade: 'E2' as const, what: `${seen} Advice: ${text}`, by: 'system' as const }];
    });
    const trouble = advise(found).length > 0;
    if (trouble) for (const { what } of evidence.slice(0, 3)) scene.say(what);
    return { outcome: 'ok', evidence };
  },
};

/** The looks that hints name, from live data. */
const CHECKS: Readonly<Record<string, (scene: Scene) => string | undefined>> = {
  distance(scene) {
    const { heard } = diagnosis(scene);
    if (!heard?.now) return 'It is not heard.';
    return heard.rssi === undefined
      ? undefined
      : `It is heard with ${heard.rssi} dBm${heard.rssi < -85 ? ', which is weak' : ', which is enough'}.`;
  },
  wake(scene) {
    const { lastHeard } = scene.view();
    if (lastHeard === undefined) return 'It was never heard since the start.';
    return `It was heard ${Math.round((scene.tools.clock.now() - lastHeard) / 1000)} s ago.`;
  },
  scanner(scene) {
    return `${scene.tools.nearby.all().length} locks were heard within the last minute.`;
  },
  batteries(scene) {
    const { battery } = scene.view().state;
    return battery === undefined ? 'It does not tell its battery.' : `Its batteries have ${battery} %.`;
  },
  adapter(scene) {
    return partOf(scene, 'radio') ?? 'The adapter is well.';
  },
  network(scene) {
    return partOf(scene, 'mqtt') ?? partOf(scene, 'matter') ?? 'Broker and network are well.';
  },
  clock(scene) {
    return partOf(scene, 'clock') ?? 'The clock of this computer is right.';
  },
  neighbours(scene) {
    const { heard } = diagnosis(scene);
    return heard && `${heard.twins} other locks offer themselves for pairing.`;
  },
  place(scene) {
    const { name, unit } = scene.view();
    return `"${name}" is the lock of ${unit.name}.`;
  },
  role(scene) {
    return `You are here as ${scene.starter.role}.`;
  },
  lifecycle(scene) {
    return `It is ${scene.view().lifecycle} here.`;
  },
  key(scene) {
    const { keys } = diagnosis(scene);
    return keys && readAnswers(keys).what;
  },
  bundle(scene) {
    const { model = 'unknown', firmware = 'unknown' } = scene.view().facts;
    return `Model ${model}, firmware ${firmware}; the steps of this diagnosis are in its transcript.`;
  },
};

function partOf(scene: Scene, name: string): string | undefined {
  const part = scene.tools.health().parts.find(one => one.name === name);
  return part && !part.ok ? part.text : undefined;
}

/** The recommendation, under this name for whoever shows it. */
export const RECOMMENDATION = 'recommendation';

export const verdict: StepCode = {
  id: 'diagnose.verdict',
  async run(scene) {
    const advice = advise(diagnosis(scene));
    const [first, ...rest] = advice;
    const text =
      first?.text ?? 'Nothing wrong was found: it answers, takes our key, and what is on it is what should be.';
    const flow = advice.find(one => one.flow !== undefined)?.flow;
    const { name } = scene.view();
    const command = flow === undefined ? '' : ` Recommended: ${flow} (latchbridge flow start ${flow} ${name}).`;
    scene.remember(RECOMMENDATION, { text, flow: flow ?? null, more: rest.map(one => one.text) });
    for (const one of rest.toReversed()) scene.say(one.text);
    scene.say(`${text}${command}`);
    const found = advice.map(one => ({ grade: 'E2' as const, what: one.text, by: 'system' as const }));
    return { outcome: 'ok', evidence: found.length > 0 ? found : [{ grade: 'E2', what: text, by: 'system' }] };
  },
};
