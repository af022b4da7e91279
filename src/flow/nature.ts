// What a family is like, for plans and sentences that know no family by name.
import type { Nature } from '../lock/driver.ts';
import type { Registry } from '../lock/registry.ts';

type Known = { family: string } | undefined;

/** Of a lock; without one, what holds for every family that there is. */
export function natureOf(registry: Pick<Registry, 'natures'>, lock: Known): Nature {
  const natures = registry.natures();
  const mine = lock && natures[lock.family];
  if (mine) return mine;
  const all = Object.values(natures);
  const [first] = all;
  if (first && all.length === 1) return first;
  const wakes = all.some(({ wake }) => wake !== undefined);
  return {
    title: 'lock',
    owners: 'one',
    ...(wakes && { wake: 'Touch it, if it sleeps' }),
    offer: all.map(({ title, offer }) => `${title}: ${lowerFirst(offer)}`).join('. '),
  };
}

/** " Touch its keypad to wake it.", to be put behind a sentence; empty for a lock that never sleeps. */
export function wakeIt({ wake }: Pick<Nature, 'wake'>): string {
  return wake === undefined ? '' : ` ${wake} to wake it.`;
}

/** What a lock that is only forgotten here goes on knowing, and what would end that. */
export function leftOn(registry: Pick<Registry, 'natures'>, lock: Known): string {
  const { owners, title } = natureOf(registry, lock);
  return owners === 'many'
    ? `What stays on it: our entry among its users, whose key still opens it, and every other user and code. To end ours, take us off in the app of ${title}: we are called Latchbridge there, unless the settings say another name.`
    : 'Every code, card and app key on it still opens it, and so does our old key. Only a reset at the lock ends that.';
}

export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
