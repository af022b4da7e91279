// What must hold after any crash, cut or refusal in pairing and unpairing; gives everything that does not.
import type { LockError } from '../../src/base/errors.ts';
import { OWNER } from './fake-family.ts';
import type { House } from './house.ts';

/** We hold a working key, or the lock is factory-new and we know it; and the next order, or pairing, succeeds. */
export async function judge(house: House): Promise<string[]> {
  const { clock, registry, store } = house;
  const { lock } = house.place;
  const wrong: string[] = [];
  const view = registry.find('front_door');
  const live = view ? store.vault.of(view.id).filter(kept => kept.status === 'live') : [];
  if (live.length > 1) wrong.push('two keys believed');
  if (lock.paired && (view?.lifecycle !== 'managed' || live.length !== 1)) {
    wrong.push(`the lock is paired and we are ${view?.lifecycle ?? 'without a record'} with ${live.length} live keys`);
  }
  if (!lock.paired && (live.length > 0 || (view && view.lifecycle !== 'factory'))) {
    wrong.push(`the lock is factory-new and we are ${view?.lifecycle}`);
  }
  if (!lock.paired) {
    lock.hands.act('press_key');
    const request = view ? { lock: 'front_door' } : { name: 'front_door' };
    await clock
      .run(house.pairer.pair({ ...request, seconds: 20 }, OWNER))
      .catch((e: LockError) => wrong.push(e.message));
  }
  await clock.run(house.command('lock')).catch((e: LockError) => wrong.push(e.message));
  if (lock.bolt !== 'locked') wrong.push('the next command did not reach the lock');
  return wrong;
}
