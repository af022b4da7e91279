// Takes everything of one kind off a lock but what is to stay, and believes only what the lock lists afterwards.
import type { LockSession } from '../lock/driver.ts';
import type { KeptAccess, KeptKind } from '../store/access.ts';
import type { Erased } from './access.ts';
import { type Listed, censusOf, entriesOf, listed } from './census.ts';
import { type AccessGround, forget, saidNo, takeOff } from './ground.ts';

interface Place {
  lock: string;
  kind: KeptKind;
  /** Ids of credentials that stay. */
  keep: ReadonlySet<string>;
}

/** Undefined: the lock has nothing of this kind. `gone` hears of each slot that our list loses. */
export async function eraseKind(
  ground: AccessGround,
  session: LockSession,
  { place, gone }: { place: Place; gone: (slot: number) => void },
): Promise<Erased | undefined> {
  const answer = await listed(ground, session, place);
  if (!answer) return undefined;
  const leaving = entriesOf(ground, place).filter(entry => mustGo(entry, place));
  // From here on a crash leaves them on the list of what must go.
  ground.shelf.together(() => {
    for (const entry of leaving) ground.shelf.save({ ...entry, state: 'removing' });
  });
  const before = answer.listed ?? [];
  const method = answer.listed
    ? await takeListed(ground, session, { place, before })
    : await takeKnown(ground, session, { place, leaving });
  const after = await censusOf(ground, session, place);
  const left = (after?.there ?? []).filter(one => one.id === undefined || !place.keep.has(one.id));
  const stays = new Set(after?.listed ? left.flatMap(one => one.id ?? []) : []);
  for (const entry of leaving) {
    if (stays.has(entry.id)) continue;
    forget(ground, entry);
    gone(entry.slot);
  }
  const readBack = answer.listed !== undefined;
  const count = readBack ? before.filter(one => leaves(one, place)).length : leaving.length;
  return { kind: place.kind, method, readBack, before: count, left: readBack ? left : [] };
}

function mustGo({ id, state }: KeptAccess, { keep }: Place): boolean {
  return !keep.has(id) && (state === 'on_lock' || state === 'removing');
}

function leaves({ entry }: Listed, { keep }: Place): boolean {
  return !entry || !keep.has(entry.id);
}

async function takeListed(
  ground: AccessGround,
  session: LockSession,
  { place, before }: { place: Place; before: readonly Listed[] },
): Promise<Erased['method']> {
  const going = before.filter(one => leaves(one, place));
  if (going.length === 0) return 'nothing';
  if (going.length === before.length && (await cleared(session, place.kind))) {
    const { listed: after = [] } = (await listed(ground, session, place)) ?? {};
    if (after.length === 0) return 'cleared';
  }
  for (const one of going) await takeOne(session, place.kind, one);
  return 'one_by_one';
}

/** All at once. False: the lock does not do that. */
async function cleared(session: LockSession, kind: KeptKind): Promise<boolean> {
  const part = { code: session.codes, card: session.cards, finger: session.fingers }[kind];
  try {
    await part?.clear();
    return true;
  } catch (thrown) {
    if (!saidNo(thrown)) throw thrown;
    return false;
  }
}

async function takeOne(session: LockSession, kind: KeptKind, one: Listed): Promise<void> {
  try {
    if (one.code) await session.codes?.remove(one.code);
    else if (one.token) await (kind === 'card' ? session.cards : session.fingers)?.remove(one.token.id);
  } catch (thrown) {
    // Whatever it says no to, the list that is read next shows what is left.
    if (!saidNo(thrown)) throw thrown;
  }
}

/** A lock that does not list its codes: those that we know of, each told to go. */
async function takeKnown(
  ground: AccessGround,
  session: LockSession,
  { place, leaving }: { place: Place; leaving: readonly KeptAccess[] },
): Promise<Erased['method']> {
  const { codes } = session;
  if (!codes) return 'nothing';
  if (place.keep.size === 0 && (await cleared(session, place.kind))) return 'cleared';
  for (const entry of leaving) await takeOff(ground, codes, entry);
  return leaving.length === 0 ? 'nothing' : 'one_by_one';
}
