// Wipes a lock over the air: the key is marked leaving on disk first, and only the lock's word makes it dead.
// The only caller of a driver's forget.
import { LockError, asLockError } from '../base/errors.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Lifecycle } from '../lock/lock.ts';
import type { KeptCredential, Vault } from '../lock/ports.ts';
import type { Registry } from '../lock/registry.ts';
import { isRefusal } from '../lock/standing.ts';
import type { Clearance } from './clearance.ts';
import { wakeIt } from './nature.ts';
import type { Settler } from './settle.ts';

/** Connection, login, the wipe with the lock's own 7 s (ttlock.md 9). */
const WIPE_MS = 40_000;
/** After an unclear wipe: how long the lock's advert is waited for before the answer is "not known". */
const VERDICT_MS = 20_000;
/** Connection, login and one answer. */
const REFUSAL_MS = 15_000;

export interface WiperParts {
  registry: Registry;
  settler: Settler;
  vault: Vault;
  /** The lock forgot everything: its codes are gone. */
  wiped(lock: string): void;
}

export interface Wiped {
  /** The lock said so itself; otherwise it refuses the old key and offers itself. */
  said: boolean;
  text: string;
  /** What it said to the old key afterwards. */
  oldKey: OldKey;
}

/** `silent`: it let us in and did not answer, as a factory-new lock may. `away`: it could not be asked. */
export type OldKey = 'accepted' | 'refused' | 'silent' | 'away';

/** Tries a key that should be dead; one connection. */
export async function tryOldKey(keeper: Keeper, old: KeptCredential): Promise<OldKey> {
  const before = keeper.links;
  try {
    const session = await keeper.probe(old.credential, REFUSAL_MS);
    await session.close();
    return 'accepted';
  } catch (thrown) {
    const error = asLockError(thrown, 'unreachable', 'The lock could not be asked.');
    if (isRefusal(error)) return 'refused';
    return error.code === 'timeout' && keeper.links > before ? 'silent' : 'away';
  }
}

export class Wiper {
  readonly #parts: WiperParts;

  constructor(parts: WiperParts) {
    this.#parts = parts;
  }

  /** The key that a wipe needs; `forbidden` reason `no_key` when there is none. */
  key(keeper: Keeper): KeptCredential {
    const kept = this.#parts.vault.of(keeper.record.id).find(k => k.status === 'live' || k.status === 'leaving');
    if (kept) return kept;
    const text = `There is no working key for "${keeper.record.name}", so it cannot be wiped over the air. Reset it at the lock, or only forget it here.`;
    throw new LockError('forbidden', text, { reason: 'no_key' });
  }

  /** R01: asks the lock now. Key boxes and padlocks are closed by hand and are not looked at. */
  async mustBeUnlocked(keeper: Keeper): Promise<void> {
    if (!keeper.record.abilities?.verbs.includes('lock')) return;
    // The state alone: its log may be long, and what gets lost of it must not end this.
    await keeper.work({ urgency: 'person', what: 'ask the lock' }, session => session.readState());
    if (keeper.view().state.bolt === 'unlocked') return;
    const text = `"${keeper.record.name}" is not unlocked. Unlock it and open the door, then ask for the plan again.`;
    throw new LockError('forbidden', text, { reason: 'not_unlocked' });
  }

  /** Uses the clearance up. Rejects `timeout` with reason `not_confirmed` (acted 'maybe') while nobody knows. */
  async wipe(keeper: Keeper, clearance: Clearance): Promise<Wiped> {
    const { registry, vault } = this.#parts;
    const kept = this.key(keeper);
    const driver = registry.driver(keeper.record.family);
    clearance.use(keeper.record.id, keeper.record.generation);
    const { lifecycle } = keeper.record;
    this.#intend(keeper, kept);
    let answer: 'proven' | 'unproven' = 'unproven';
    try {
      answer = await keeper.lend(WIPE_MS, (link, ground, advert) =>
        driver.forget(link, ground, kept.credential, advert),
      );
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'The lock could not be wiped.', { acted: 'maybe' });
      if (error.acted === 'no') {
        vault.mark(kept.id, 'live');
        registry.save({ ...keeper.record, lifecycle: lifecycle === 'limbo' ? 'managed' : lifecycle });
        throw error;
      }
    }
    if (answer !== 'proven') return this.#unclear(keeper);
    // Some say yes and only restart: a lock that takes the old key has forgotten nothing.
    const oldKey = await tryOldKey(keeper, kept);
    if (oldKey === 'accepted') throw this.#onlyRestarted(keeper, { kept, lifecycle });
    // A disk that fails from here on leaves the outcome open: the lock is then asked.
    vault.mark(kept.id, 'dead');
    this.#emptied(keeper);
    registry.save({ ...keeper.record, lifecycle: 'factory' });
    const what = driver.nature.owners === 'one' ? 'everything' : 'our key';
    return { said: true, text: `The lock confirmed that it forgot ${what}.`, oldKey };
  }

  /** Nothing is sent: its keys stop counting here, and the lock goes on knowing them. */
  forgetHere(keeper: Keeper): void {
    const { registry, vault } = this.#parts;
    const alive = vault.of(keeper.record.id).filter(k => k.status !== 'dead' && k.status !== 'retired');
    registry.save({ ...keeper.record, lifecycle: 'retired' });
    for (const kept of alive) vault.mark(kept.id, 'retired');
  }

  /** On disk before the lock hears of it: from here on a crash is settled by asking the lock. */
  #intend(keeper: Keeper, kept: KeptCredential): void {
    const { registry, vault } = this.#parts;
    const { lifecycle } = keeper.record;
    registry.save({ ...keeper.record, lifecycle: 'limbo' });
    try {
      vault.mark(kept.id, 'leaving');
    } catch (thrown) {
      registry.save({ ...keeper.record, lifecycle });
      throw thrown;
    }
  }

  /** What was on it besides our key is gone with it, where it has one owner. */
  #emptied(keeper: Keeper): void {
    const { registry } = this.#parts;
    const { id, family } = keeper.record;
    if (registry.driver(family).nature.owners === 'one') this.#parts.wiped(id);
  }

  #onlyRestarted(keeper: Keeper, was: { kept: KeptCredential; lifecycle: Lifecycle }): LockError {
    const { registry, vault } = this.#parts;
    const { name, family } = keeper.record;
    vault.mark(was.kept.id, 'live');
    registry.save({ ...keeper.record, lifecycle: was.lifecycle === 'limbo' ? 'managed' : was.lifecycle });
    const { owners } = registry.driver(family).nature;
    const text =
      owners === 'one'
        ? `"${name}" said that it was reset, and it only restarted: it still takes our key, and nothing was erased. Try again, or hold its reset button.`
        : `"${name}" said that it forgot our key, and it still takes it. Try again; else take us off in its maker’s app, and only forget it here.`;
    return new LockError('rejected', text, { reason: 'rebooted_not_reset' });
  }

  /** The wipe was sent and nothing came back: the lock is asked until it has said which it is. */
  async #unclear(keeper: Keeper): Promise<Wiped> {
    const verdict = await this.#parts.settler.verdict(keeper.record.id, VERDICT_MS);
    const { nature } = this.#parts.registry.driver(keeper.record.family);
    const one = nature.owners === 'one';
    if (verdict === 'factory') {
      this.#emptied(keeper);
      const text = one
        ? 'The lock did not answer, but it refuses the old key and offers itself for pairing: it was wiped.'
        : 'The lock did not answer, but it refuses the old key: it forgot it.';
      return { said: false, text, oldKey: 'refused' };
    }
    const text =
      verdict === 'ours'
        ? `The lock ${one ? 'was not wiped' : 'has not forgotten us'}: it still accepts our key. Try again.`
        : `Whether the lock ${one ? 'was wiped' : 'forgot us'} is not known; it is asked as soon as it is heard.${wakeIt(nature)}`;
    const how = { acted: verdict === 'ours' ? 'no' : 'maybe', reason: 'not_confirmed' } as const;
    throw new LockError(verdict === 'ours' ? 'rejected' : 'timeout', text, how);
  }
}
