// All locks: what bridges talk to.
import type { Asker, Command, LockEar, LockSettings, LockView, Outcome } from './lock.ts';

/** `lock` is an id or a name everywhere; `not_found` when there is none. */
export interface Locks {
  all(): LockView[];
  find(lock: string): LockView | undefined;
  hear(ear: LockEar): () => void;
  /** The lock's own yes, or a LockError. State comes by `hear` only. */
  command(command: Command): Promise<Outcome>;
  /** Asks the lock for its state; what it says comes by `hear`. */
  refresh(lock: string, asker: Asker): Promise<void>;
  rename(lock: string, name: string, asker: Asker): LockView;
  assign(lock: string, unit: string, asker: Asker): LockView;
  setOptions(lock: string, options: Partial<LockSettings>, asker: Asker): LockView;
  /** Forgets a lock here. `forbidden` while we hold a working key, unless forced: then the lock keeps it, which is audited. */
  remove(lock: string, asker: Asker, how?: { force?: boolean }): void;
}
