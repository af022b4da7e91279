// What must hold after any crash, cut or refusal in pairing and unpairing; gives everything that does not.
import type { LockError } from '../../src/base/errors.ts';
import { OWNER } from './fake-family.ts';
import { type House, offer, secretOf } from './house.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import type { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';

/** We hold a working key, or the lock is factory-new and we know it; and the next order, or pairing, succeeds. */
export async function judge<L extends VirtualLock = VirtualTTLock>(house: House<L>): Promise<string[]> {
  const { clock, registry, store } = house;
  const { lock } = house.place;
  const wrong: string[] = [];
  const view = registry.find('front_door');
  const live = view ? store.vault.of(view.id).filter(kept => kept.status === 'live') : [];
  if (live.length > 1) wrong.push('two keys believed');
  const many = registry.natures()[house.place.family.name]?.owners === 'many';
  const isOurs = many ? view?.lifecycle === 'managed' : lock.paired;
  if (isOurs && (view?.lifecycle !== 'managed' || live.length !== 1)) {
    wrong.push(`the lock is paired and we are ${view?.lifecycle ?? 'without a record'} with ${live.length} live keys`);
  }
  if (!isOurs && (live.length > 0 || (view && view.lifecycle !== 'factory'))) {
    wrong.push(`the lock is factory-new and we are ${view?.lifecycle}`);
  }
  if (!isOurs) {
    offer(house.place);
    const request = view ? { lock: 'front_door' } : { name: 'front_door' };
    await clock
      .run(house.pairer.pair({ ...request, ...secretOf(lock), seconds: 20 }, OWNER))
      .catch((e: LockError) => wrong.push(e.message));
  }
  await clock.run(house.command('lock')).catch((e: LockError) => wrong.push(e.message));
  if (lock.bolt !== 'locked') wrong.push('the next command did not reach the lock');
  return wrong;
}
