// Optional reads that fill in what is known about a lock (ttlock.md 7.2, 15, 16). A lock may refuse each of them.
import { LockError } from '../../base/errors.ts';
import type { Facts } from '../../lock/lock.ts';
import { askAdminPin, readAdminPin } from './codes-wire.ts';
import type { Key } from './credential.ts';
import { type Features, feature, has, readFeatures } from './features.ts';
import type { Shared } from './session.ts';
import { askSetting, readAutoLock } from './settings-wire.ts';
import { askFeatures, askInfo, command, readInfo } from './wire.ts';

export interface Seen {
  key: Key;
  facts: Facts;
  /** Seconds until the lock may lock again, as it names them. */
  autoLock?: { min: number; max: number };
}

export async function inspect(shared: Shared, key: Key): Promise<Seen> {
  const { talk, login } = shared;
  const asking = { what: 'to what it can do', read: readFeatures, optional: true };
  const features = (await tolerated(() => login.openly(askFeatures(), asking)))?.features ?? key.features;
  const facts = await info(shared);
  const can = (bit: number): boolean => login.isAdmin && features !== undefined && has(features, bit);
  const adminPin = can(feature.adminPinReadable)
    ? await tolerated(() =>
        login.asAdmin(() =>
          talk.ask(askAdminPin(), { what: 'to its administrator code', read: readAdminPin, optional: true }),
        ),
      )
    : undefined;
  const autoLock = can(feature.autoLock) ? await autoLockRange(shared) : undefined;
  return { key: withSeen(key, features, adminPin), facts, ...(autoLock && { autoLock }) };
}

function withSeen(key: Key, features: Features | undefined, adminPin: string | undefined): Key {
  const newPin = adminPin !== undefined && adminPin !== '' && adminPin !== key.adminPin ? adminPin : undefined;
  if (features === key.features && newPin === undefined) return key;
  return { ...key, ...(features !== undefined && { features }), ...(newPin !== undefined && { adminPin: newPin }) };
}

/** Answers do not say which question they answer: after a silence no more are asked. */
async function info({ login }: Shared): Promise<Facts> {
  const said: string[] = [];
  for (const item of [1, 2, 3, 4]) {
    try {
      const asking = { what: 'to its device information', read: readInfo, optional: true };
      said[item] = await login.openly(askInfo(item), asking);
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.code === 'timeout') break;
      if (!(thrown instanceof LockError) || thrown.code !== 'rejected') throw thrown;
    }
  }
  const [, model, hardware, firmware, made] = said;
  return {
    ...(model && { model }),
    ...(hardware && { hardware }),
    ...(firmware && { firmware }),
    ...(made && { raw: { made } }),
  };
}

async function autoLockRange({ talk, login }: Shared): Promise<{ min: number; max: number } | undefined> {
  const asking = { what: 'to when it locks again', read: readAutoLock, optional: true };
  const said = await tolerated(() => login.asAdmin(() => talk.ask(askSetting(command.autoLock), asking)));
  return said?.min === undefined || said.max === undefined ? undefined : { min: said.min, max: said.max };
}

async function tolerated<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof LockError && ['timeout', 'rejected'].includes(thrown.code)) return undefined;
    throw thrown;
  }
}
