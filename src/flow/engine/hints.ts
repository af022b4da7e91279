// What helps when a step takes long: one piece of advice after the other, each looked at first where the radio can tell.
import type { PlannedHint, PlannedStep } from '../plan.ts';
import type { Stage } from './stage.ts';

/** Below this a conversation breaks off often. */
const WEAK_DBM = -85;
/** A sleeping lock advertises every 10 s; this is missing several. */
const SILENT_MS = 45_000;
const LOW_PERCENT = 30;

/** `fine`: this is not it, and the advice is left out. */
type Finding = { fine: boolean; text: string } | undefined;
type Look = (stage: Stage) => Finding;

export function nextHint(stage: Stage, step: PlannedStep, from: number): number {
  const hints = step.hints ?? [];
  for (let i = from; i < hints.length; i++) {
    const hint = hints[i] as PlannedHint;
    const found = hint.check === undefined ? undefined : CHECKS[hint.check]?.(stage);
    if (found?.fine) {
      stage.say(`Looked at: ${found.text}`);
      continue;
    }
    stage.say(found ? `${found.text} ${hint.text}` : hint.text);
    return i + 1;
  }
  return hints.length;
}

const heard: Look = stage => {
  const view = stage.view();
  if (!view?.lastHeard) return { fine: false, text: 'The lock was not heard at all.' };
  const ago = stage.parts.clock.now() - view.lastHeard;
  if (ago < SILENT_MS) return { fine: true, text: 'the lock is heard.' };
  return { fine: false, text: `The lock was last heard ${Math.round(ago / 1000)} s ago.` };
};

const signal: Look = stage => {
  const { rssi } = stage.view() ?? {};
  if (rssi === undefined) return undefined;
  const isStrong = rssi >= WEAK_DBM;
  return isStrong
    ? { fine: true, text: `the signal is good enough (${rssi} dBm).` }
    : { fine: false, text: `It is heard weakly (${rssi} dBm).` };
};

const battery: Look = stage => {
  const percent = stage.view()?.state.battery;
  if (percent === undefined) return undefined;
  return { fine: percent >= LOW_PERCENT, text: `its batteries have ${percent} %.` };
};

const part =
  (...names: string[]): Look =>
  stage => {
    const bad = stage.parts.tools.health().parts.find(one => names.includes(one.name) && !one.ok);
    if (bad) return { fine: false, text: [bad.text, bad.fix].filter(Boolean).join(' ') };
    return { fine: true, text: `${names.join(', ')}: well.` };
  };

const pairable: Look = stage => {
  const all = stage.parts.tools.nearby.all().filter(({ state }) => state === 'pairable');
  if (all.length === 0) return { fine: false, text: 'No lock offers itself for pairing now.' };
  return { fine: true, text: `${all.length} offering itself for pairing.` };
};

const neighbours: Look = stage => {
  const many = stage.parts.tools.nearby.all().filter(({ state }) => state === 'pairable').length;
  if (many > 1) return { fine: false, text: `${many} locks offer themselves at once.` };
  return { fine: true, text: 'no other lock offers itself.' };
};

const key: Look = stage => {
  const { lock } = stage.book.memory;
  const isLive = stage.parts.tools.vault.of(lock ?? '').some(({ status }) => status === 'live');
  return isLive
    ? { fine: true, text: 'its key is in the vault.' }
    : { fine: false, text: 'There is no working key for it.' };
};

const CHECKS: Readonly<Record<string, Look>> = {
  heard,
  wake: heard,
  distance: signal,
  scanner: part('radio'),
  key,
  signal,
  rssi: signal,
  battery,
  batteries: battery,
  adapter: part('radio'),
  radio: part('radio'),
  broker: part('mqtt'),
  clock: part('clock'),
  disk: part('disk', 'store'),
  vault: part('vault'),
  pairable,
  neighbours,
  twins: neighbours,
};
