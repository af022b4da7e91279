// Opening a session with a lock that we own (ttlock.md 6, 22.3), and having it forget us (9).
import { LockError } from '../../base/errors.ts';
import type { Credential, Ground, LockSession } from '../../lock/driver.ts';
import type { Advert, Link } from '../../radio/radio.ts';
import { headerOf, modelOf } from './advert.ts';
import { type Key, asKey } from './credential.ts';
import { readFeatures } from './features.ts';
import { sameHeader } from './frame.ts';
import { Login, keyRefused } from './login.ts';
import { TTLockSession } from './session.ts';
import { hearPush } from './status.ts';
import { Talk } from './talk.ts';
import { askFeatures, reset } from './wire.ts';

/** A lock beeps, wipes and only then answers; the maker's own app waits this long (ttlock.md 9). */
const RESET_MS = 7000;

interface Begun {
  talk: Talk;
  login: Login;
  key: Key;
}

interface Asked {
  credential: Credential;
  advert?: Advert | undefined;
}

export async function open(link: Link, ground: Ground, asked: Asked): Promise<LockSession> {
  const begun = await begin(link, ground, asked);
  const { talk, login, key } = begun;
  try {
    const now = await completed(begun, asked.advert);
    return new TTLockSession({ talk, login, ground }, now, now !== key);
  } catch (thrown) {
    await talk.close();
    throw thrown;
  }
}

/** 'proven' only on the lock's own yes: a lock that resets may drop the link before it is heard. */
export async function forget(link: Link, ground: Ground, asked: Asked): Promise<'proven' | 'unproven'> {
  const { talk, login } = await begin(link, ground, asked);
  const how = { what: 'to the reset', withinMs: RESET_MS, act: true, read: () => true, empty: true };
  try {
    await login.asAdmin(() => talk.ask(reset(), how));
    return 'proven';
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    if (thrown.code === 'unreachable' && thrown.acted === 'maybe') return 'unproven';
    throw thrown.code === 'rejected' ? keyRefused(thrown) : thrown;
  } finally {
    talk.release();
    await talk.close();
  }
}

/** Ends with a lock that has answered under our key, or closed. */
async function begin(link: Link, ground: Ground, { credential, advert }: Asked): Promise<Begun> {
  const key = asKey(credential);
  const talk = new Talk(link, ground, {
    key: key.aesKey,
    header: key.header ?? headerOf(advert),
    heard: reply => hearPush(ground, reply, key.features),
  });
  const login = new Login(talk, key, ground.zone);
  try {
    await talk.start();
    await login.prove();
    return { talk, login, key };
  } catch (thrown) {
    await talk.close();
    throw thrown;
  }
}

/** The same key when nothing was learnt: header, features, model, and that a pairing with a lost end did succeed. */
async function completed({ talk, login, key }: Begun, advert: Advert | undefined): Promise<Key> {
  const next: Key = { ...key, header: talk.header, status: 'committed' };
  const told = key.features ?? (await features(login));
  if (told !== undefined) next.features = told;
  const model = key.model ?? modelOf(advert?.name);
  if (model !== undefined) next.model = model;
  const same =
    key.header !== undefined &&
    sameHeader(key.header, talk.header) &&
    key.features === next.features &&
    key.model === next.model &&
    key.status === 'committed';
  return same ? key : next;
}

/** Most locks tell anybody. One that does not is used as a plain lock until somebody inspects it. */
async function features(login: Login): Promise<Key['features']> {
  try {
    const how = { what: 'to what it can do', read: readFeatures, optional: true };
    return (await login.openly(askFeatures(), how)).features;
  } catch (thrown) {
    if (thrown instanceof LockError && ['timeout', 'rejected'].includes(thrown.code)) return undefined;
    throw thrown;
  }
}
