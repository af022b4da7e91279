// Becoming the owner of a lock that waits to be paired (ttlock.md 7).
import { LockError } from '../../base/errors.ts';
import type { Credential, Ground, PairHint, Paired } from '../../lock/driver.ts';
import type { Link } from '../../radio/radio.ts';
import { abilitiesOf, factsOf } from './abilities.ts';
import { headerOf, modelOf } from './advert.ts';
import { type Key, asCredential } from './credential.ts';
import { stampOf } from './dates.ts';
import { readFeatures } from './features.ts';
import type { Header } from './frame.ts';
import { refusedFor } from './login.ts';
import { FACTORY_KEY } from './seal.ts';
import { Talk } from './talk.ts';
import * as wire from './wire.ts';

type Keep = (credential: Credential) => Promise<void>;

/**
 * Only what is needed before the commit, since a link that drops before it undoes the pairing: hello, key, owner, clock,
 * features, commit. Clock and features may fail: some locks refuse them here.
 */
export async function pair(link: Link, ground: Ground, hint: PairHint, keep: Keep): Promise<Paired> {
  const talk = new Talk(link, ground, { key: FACTORY_KEY, header: headerOf(hint.advert), heard: () => undefined });
  try {
    const paired = await pairBy(talk, ground, hint, keep);
    talk.release();
    return paired;
  } catch (thrown) {
    await talk.close();
    throw thrown;
  }
}

async function pairBy(talk: Talk, ground: Ground, hint: PairHint, keep: Keep): Promise<Paired> {
  const token = hint.options?.['vendorToken'] ?? wire.VENDOR_TOKEN;
  await talk.start();
  await hello(talk);
  const aesKey = await askKey(talk, token);
  talk.rekey(aesKey);
  const adminPs = ownNumber(ground);
  const unlockKey = ownNumber(ground);
  const model = modelOf(hint.advert.name);
  let key: Key = {
    address: hint.advert.address,
    aesKey,
    adminPs,
    unlockKey,
    token,
    header: learned(talk),
    lockFlagPos: 0,
    uid: 0,
    status: 'provisional',
    ...(model !== undefined && { model }),
  };
  await keep(asCredential(key));
  await addOwner(talk, { adminPs, unlockKey, token });
  await tolerated(ground, 'setting the clock', () => setClock(talk, ground));
  const told = await tolerated(ground, 'reading the features', () => askFeatures(talk));
  if (told) {
    ground.report({ kind: 'state', battery: told.battery, trust: 'told' });
    key = { ...key, features: told.features };
  }
  await commit(talk);
  key = { ...key, status: 'committed' };
  const credential = asCredential(key);
  await keep(credential);
  return { credential, facts: factsOf(key), abilities: abilitiesOf(key) };
}

/** The content of the answer says nothing, and some clients never ask; what counts is the key that comes next. */
async function hello(talk: Talk): Promise<void> {
  const how = { what: 'to the first question', read: () => true, empty: true, anything: true, optional: true };
  try {
    await talk.ask(wire.initialise(), how);
  } catch (thrown) {
    if (!(thrown instanceof LockError) || !['timeout', 'rejected'].includes(thrown.code)) throw foreign(thrown);
  }
}

/** A lock with an owner refuses, or answers under the key of its owner. */
async function askKey(talk: Talk, token: string): Promise<Uint8Array> {
  try {
    return await talk.ask(wire.getKey(token), { what: 'to the request for its key', read: wire.readKey, sure: true });
  } catch (thrown) {
    throw foreign(thrown);
  }
}

function foreign(thrown: unknown): unknown {
  const owned =
    refusedFor(thrown, ['not_pairable']) || (thrown instanceof LockError && thrown.code === 'unauthenticated');
  if (!owned) return thrown;
  return new LockError('rejected', 'The lock belongs to somebody already. Reset it at the lock, then pair again.', {
    reason: 'not_pairable',
    cause: thrown,
  });
}

async function addOwner(talk: Talk, owner: { adminPs: number; unlockKey: number; token: string }): Promise<void> {
  const echoed = await talk.ask(wire.addAdmin(owner), {
    what: 'to becoming its owner',
    sure: true,
    read: data => [wire.readTokenEchoed(data, owner.token)],
  });
  if (echoed[0]) return;
  throw new LockError('rejected', 'The lock did not take us as its owner. Reset it and pair again.', {
    reason: 'pairing_refused',
  });
}

function setClock(talk: Talk, ground: Ground): Promise<boolean> {
  const stamp = stampOf(ground.zone, ground.clock.now());
  return talk.ask(wire.setClock(stamp), { what: 'to setting its clock', read: () => true, optional: true, sure: true });
}

function askFeatures(talk: Talk): Promise<ReturnType<typeof readFeatures>> {
  return talk.ask(wire.askFeatures(), { what: 'to what it can do', read: readFeatures, optional: true, again: true });
}

/** After this the lock is ours, even if its answer is lost: then the outcome is unknown and the key is kept. */
async function commit(talk: Talk): Promise<void> {
  try {
    await talk.ask(wire.finish(), { what: 'to the end of the pairing', read: () => true, act: true });
  } catch (thrown) {
    if (!(thrown instanceof LockError) || thrown.acted === 'no') throw thrown;
    const text = 'The connection ended while the lock was confirming the pairing. It may be paired; look again.';
    throw new LockError(thrown.code, text, { acted: 'maybe', reason: 'half_paired', cause: thrown });
  }
}

async function tolerated<T>(ground: Ground, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    const code = thrown instanceof LockError ? thrown.code : undefined;
    if (code !== 'timeout' && code !== 'rejected') throw thrown;
    ground.log.info({ what, code }, 'the lock did not do an optional step of pairing');
    return undefined;
  }
}

/** Group and organisation are the lock's own, from its first answer (4.2). */
function learned(talk: Talk): Header {
  const { header, shown } = talk;
  const own = shown ? { ...header, group: shown.group, org: shown.org } : header;
  talk.use(own);
  return own;
}

/** 4 bytes with the top two bits cleared, again until it is 1 to 999,999,999, as the maker's own numbers are (7.3). */
function ownNumber(ground: Ground): number {
  for (;;) {
    const [a, b, c, d] = ground.random(4) as unknown as [number, number, number, number];
    const value = (((a & 0x3f) << 24) | (b << 16) | (c << 8) | d) >>> 0;
    if (value >= 1 && value < 1_000_000_000) return value;
  }
}
