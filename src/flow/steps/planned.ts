// Writing planned steps, and the sentences of what is true if a flow stops exactly there (flows.md 6.4).
import type { LockView } from '../../lock/lock.ts';
import { natureOf } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import type { Planning } from '../step.ts';

type Wish = Pick<PlannedStep, 'id' | 'kind' | 'title' | 'text'> & Partial<PlannedStep>;

/** A reversible step that runs by itself and leaves everything as it is, but for what is said of it. */
export function planned(wish: Wish): PlannedStep {
  return { segment: 'reversible', honours: [], atStake: STAKES.nothing, evidence: 'E0', unattended: 'run', ...wish };
}

export const STAKES = {
  nothing: 'Nothing has changed. You can stop.',
  set: 'The lock is kept for this flow alone; stopping gives it back.',
  unlocked: 'The lock is unlocked or being unlocked, and stays so if you stop. Nothing else has changed.',
  batteries: 'The lock is without power. Its metal key and thumb-turn still work. Codes do not.',
  leaving: 'The lock forgets us, or has done so; everybody else opens it as before.',
  left: 'The lock does not know us any more; everybody else opens it as before.',
  ours: 'We hold the only key to it. The public default code may still open it.',
  shared: 'It takes our key; whoever else it knows opens it as well.',
  untried: 'It is ours and private. It has not been tried yet.',
  sharedUntried: 'It takes our key, and whoever else it knows opens it as well. Nothing has been tried yet.',
  forgotten: 'This program has forgotten the lock. The lock has forgotten nothing.',
} as const;

/** After a wipe, until it is paired. */
export function emptyLock(opens: string): string {
  return `The lock is empty. It opens ${opens}. Stay at the door.`;
}

type Place = Pick<Planning, 'tools' | 'lock' | 'procedure'>;

/** It takes many clients: what is ours can come and go without the rest. */
export function isShared({ tools, lock }: Pick<Place, 'tools' | 'lock'>): boolean {
  return lock !== undefined && natureOf(tools.registry, lock).owners === 'many';
}

/** Who can open it once it is wiped, as in "it opens with …". */
export function openersAfterReset(about: Place): string {
  const { procedure } = about;
  const pairs = `${isShared(about) ? 'whoever stands at it' : 'anybody nearby'} can pair it`;
  const words = {
    nobody: `for nobody, and ${pairs}`,
    default_code: `with its public default code, and ${pairs}`,
    any_code: 'with any code',
    unknown: `perhaps with a public default code, and ${pairs}`,
  };
  return words[procedure.values.opensAfterReset];
}

/** flows.md 4.10. */
export function exposureOf(about: Place): { what: string; limitSeconds: number } {
  const anyone = about.procedure.values.opensAfterReset === 'any_code';
  return { what: `it opens ${openersAfterReset(about)}`, limitSeconds: anyone ? 180 : 600 };
}

/** Key boxes and padlocks: no door, no left or right, closed by hand. */
export function isPortable(view: Pick<LockView, 'abilities'> | undefined, form?: string): boolean {
  const kind = view?.abilities?.kind;
  return kind === 'key_box' || kind === 'padlock' || form === 'keybox' || form === 'padlock';
}

/** Closed by hand: it cannot be locked by command and is not looked at. */
export function isByHand(view: Pick<LockView, 'abilities'> | undefined): boolean {
  return view?.abilities !== undefined && !view.abilities.verbs.includes('lock');
}

/** For sentences: "the key box". */
export function thing(view: LockView | undefined): string {
  return { key_box: 'the key box', padlock: 'the padlock' }[view?.abilities?.kind as string] ?? 'the door';
}
