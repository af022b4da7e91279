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

export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
