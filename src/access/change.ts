// Changing one code slot on an open session. What should be is on the disk before the lock is told; what was is taken off
// our list only when the lock has confirmed it.
import { LockError } from '../base/errors.ts';
import type { Secret } from '../base/log.ts';
import type { Codes } from '../lock/driver.ts';
import type { KeptAccess } from '../store/access.ts';
import { type AccessGround, codeOf, forget, nothingDone, saidNo, takeOff } from './ground.ts';
import { sameHours } from './weekly.ts';

export type Wish = Omit<KeptAccess, 'id' | 'state'>;

/** What of the slot is in force: not what is on its way off. */
export function occupant({ shelf }: AccessGround, lock: string, slot: number): KeptAccess | undefined {
  return shelf.of(lock).find(entry => entry.kind === 'code' && entry.slot === slot && entry.state !== 'removing');
}

/** `rejected` with reason `duplicate_code` when another slot of the lock has these digits, on the lock or not. */
export function refuseDuplicate(ground: AccessGround, wish: Wish, digits: Secret<string>): void {
  const others = ground.shelf.of(wish.lock).filter(entry => entry.kind === 'code' && entry.slot !== wish.slot);
  const [same] = ground.values.matching(
    others.filter(entry => entry.state !== 'removing'),
    digits,
  );
  if (!same) return;
  throw new LockError('rejected', `Slot ${same.slot} has the same code; choose other digits.`, {
    reason: 'duplicate_code',
  });
}

/** Puts a code on the lock, in the place of what the slot has now. */
export async function putCode(
  ground: AccessGround,
  codes: Codes,
  wish: Wish,
  digits: Secret<string>,
): Promise<KeptAccess> {
  refuseDuplicate(ground, wish, digits);
  await finishLeaving(ground, codes, wish, digits);
  const before = occupant(ground, wish.lock, wish.slot);
  const [same] = before ? ground.values.matching([before], digits) : [];
  if (same) return renew(ground, codes, same, wish);
  const after = plan(ground, before, wish, digits);
  const standing = before && before.state !== 'disabled' ? before : undefined;
  if (!standing)
    await guarded(
      () => codes.add(codeOf(after, digits)),
      () => forget(ground, after),
    );
  else await replace(ground, codes, { before: standing, after, digits });
  return settle(ground, after);
}

/** Keeps a code here without putting it on the lock; nothing of the slot may be on the lock any more. */
export function storeDisabled(ground: AccessGround, wish: Wish, digits: Secret<string>): KeptAccess {
  refuseDuplicate(ground, wish, digits);
  return ground.shelf.together(() => {
    const before = occupant(ground, wish.lock, wish.slot);
    if (before) forget(ground, before);
    const entry = ground.shelf.add({ ...wish, state: 'disabled' });
    ground.values.keep(entry.id, digits);
    return entry;
  });
}

/** The same for a slot that has something on the lock, which goes off first. */
export async function putDisabled(
  ground: AccessGround,
  codes: Codes,
  wish: Wish,
  digits: Secret<string>,
): Promise<KeptAccess> {
  refuseDuplicate(ground, wish, digits);
  const before = occupant(ground, wish.lock, wish.slot);
  const [same] = before ? ground.values.matching([before], digits) : [];
  if (!same) {
    await clearSlot(ground, codes, wish.lock, wish.slot);
    return storeDisabled(ground, wish, digits);
  }
  const { person } = same;
  const off: KeptAccess = { ...(person ? { person } : {}), ...wish, id: same.id, state: 'disabled' };
  await disable(ground, codes, same);
  ground.shelf.save(off);
  return off;
}

/** Takes everything off that the slot has or is losing. */
export async function clearSlot(ground: AccessGround, codes: Codes, lock: string, slot: number): Promise<void> {
  const entries = ground.shelf.of(lock).filter(entry => entry.kind === 'code' && entry.slot === slot);
  for (const entry of entries) {
    if (entry.state !== 'disabled') {
      ground.shelf.save({ ...entry, state: 'removing' });
      await guarded(
        () => takeOff(ground, codes, entry),
        () => ground.shelf.save(entry),
      );
    }
    forget(ground, entry);
  }
}

export async function enable(ground: AccessGround, codes: Codes, entry: KeptAccess): Promise<KeptAccess> {
  const digits = ground.values.of(entry);
  if (!digits) throw new LockError('invalid', `The code in slot ${entry.slot} is not known here; set it anew.`);
  ground.shelf.save({ ...entry, state: 'wanted' });
  await guarded(
    () => codes.add(codeOf(entry, digits)),
    () => ground.shelf.save(entry),
  );
  return settle(ground, entry);
}

/** It is called disabled only once it is off the lock: until then it still opens the door. */
export async function disable(ground: AccessGround, codes: Codes, entry: KeptAccess): Promise<KeptAccess> {
  await takeOff(ground, codes, entry);
  const off: KeptAccess = { ...entry, state: 'disabled' };
  ground.shelf.save(off);
  return off;
}

/** What earlier failures left: codes of this slot, or of these digits, that should be off the lock already. */
async function finishLeaving(ground: AccessGround, codes: Codes, wish: Wish, digits: Secret<string>): Promise<void> {
  const leaving = ground.shelf.of(wish.lock).filter(entry => entry.kind === 'code' && entry.state === 'removing');
  const same = ground.values.matching(leaving, digits);
  for (const entry of leaving.filter(one => one.slot === wish.slot || same.includes(one))) {
    await takeOff(ground, codes, entry);
    forget(ground, entry);
  }
}

/** The same digits with other times, or for another person. */
async function renew(ground: AccessGround, codes: Codes, before: KeptAccess, wish: Wish): Promise<KeptAccess> {
  const digits = ground.values.of(before) as Secret<string>;
  const { person } = before;
  const after: KeptAccess = { ...(person ? { person } : {}), ...wish, id: before.id, state: before.state };
  ground.shelf.save({ ...after, state: 'wanted' });
  if (before.state === 'on_lock' && sameTimes(before, after)) return settle(ground, after);
  const old = codeOf(before, digits);
  const next = codeOf(after, digits);
  const restore = (): void => ground.shelf.save(before);
  if (before.state === 'disabled') await guarded(() => codes.add(next), restore);
  else if (codes.change && before.state === 'on_lock') {
    await guarded(async () => codes.change?.(old, next), restore);
  } else {
    await guarded(() => takeOff(ground, codes, before), restore);
    await guarded(
      () => codes.add(next),
      () => ground.shelf.save({ ...before, state: 'wanted' }),
    );
  }
  return settle(ground, after);
}

function sameTimes(before: KeptAccess, after: KeptAccess): boolean {
  const same = before.codeKind === after.codeKind && before.from === after.from && before.until === after.until;
  return same && sameHours(before.weekly, after.weekly);
}

/** Writes down both: what must come on and what must go off. */
function plan(ground: AccessGround, before: KeptAccess | undefined, wish: Wish, digits: Secret<string>): KeptAccess {
  return ground.shelf.together(() => {
    if (before?.state === 'disabled') forget(ground, before);
    else if (before) ground.shelf.save({ ...before, state: 'removing' });
    const after = ground.shelf.add({ ...wish, state: 'wanted' });
    ground.values.keep(after.id, digits);
    return after;
  });
}

interface Swap {
  before: KeptAccess;
  after: KeptAccess;
  /** Of `after`. */
  digits: Secret<string>;
}

async function replace(ground: AccessGround, codes: Codes, swap: Swap): Promise<void> {
  if (!(await changed(ground, codes, swap))) await exchange(ground, codes, swap);
  forget(ground, swap.before);
}

/** In one question, where the lock can. False: it cannot, or it did not have the old one. */
async function changed(ground: AccessGround, codes: Codes, { before, after, digits }: Swap): Promise<boolean> {
  const old = ground.values.of(before);
  if (!codes.change || !old) return false;
  try {
    await codes.change(codeOf(before, old), codeOf(after, digits));
    return true;
  } catch (thrown) {
    if (saidNo(thrown, 'not_there')) return false;
    if (nothingDone(thrown)) undo(ground, before, after);
    throw thrown;
  }
}

/** Off with the old one, on with the new one; when the lock refuses the new one, the old one goes back. */
async function exchange(ground: AccessGround, codes: Codes, { before, after, digits }: Swap): Promise<void> {
  const old = ground.values.of(before);
  await guarded(
    () => takeOff(ground, codes, before),
    () => undo(ground, before, after),
  );
  try {
    await codes.add(codeOf(after, digits));
  } catch (thrown) {
    if (saidNo(thrown) && old) {
      undo(ground, { ...before, state: 'wanted' }, after);
      await codes.add(codeOf(before, old)).then(
        () => settle(ground, before),
        () => undefined, // it stays wanted; why the new one failed is what the asker needs to hear
      );
    }
    throw thrown;
  }
}

function undo(ground: AccessGround, before: KeptAccess, after: KeptAccess): void {
  ground.shelf.together(() => {
    forget(ground, after);
    ground.shelf.save(before);
  });
}

function settle({ shelf }: AccessGround, entry: KeptAccess): KeptAccess {
  const settled: KeptAccess = { ...entry, state: 'on_lock' };
  shelf.save(settled);
  return settled;
}

/** Restores our list when the lock is certainly unchanged; otherwise the list waits for the next reconcile. */
async function guarded(act: () => Promise<void>, restore: () => void): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    if (nothingDone(thrown)) restore();
    throw thrown;
  }
}
