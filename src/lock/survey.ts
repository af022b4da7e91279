// Reads what is set on a lock itself: once per start and pairing, one question at a time, so that a person can overtake.
import { LockError } from '../base/errors.ts';
import type { LockSession } from './driver.ts';
import type { SettingValue } from './lock.ts';

export type SettingValues = Readonly<Record<string, SettingValue>>;

/** A question that broke the session this often is not asked again before the next start: it would break every session. */
const MOST_TRIES = 2;

export class Survey {
  readonly #heard: (values: SettingValues) => void;
  #left: string[] | undefined;
  readonly #tries = new Map<string, number>();

  /** `heard` gets what one visit read. */
  constructor(heard: (values: SettingValues) => void) {
    this.#heard = heard;
  }

  due(session: LockSession): boolean {
    return session.settings !== undefined && this.#left?.length !== 0;
  }

  /** What was read may have changed. */
  again(): void {
    this.#left = undefined;
  }

  /** Reads until `pressed`; the next visit goes on. */
  async visit(session: LockSession, pressed: () => boolean): Promise<void> {
    if (!session.settings) return;
    this.#left ??= session.abilities.settings.map(one => one.name).filter(name => this.#triesOf(name) < MOST_TRIES);
    const values: Record<string, SettingValue> = {};
    try {
      for (let [name] = this.#left; name !== undefined && !pressed(); [name] = this.#left) {
        this.#tries.set(name, this.#triesOf(name) + 1);
        const value = await readOne(session.settings, name).catch((thrown: unknown) => this.#broken(name, thrown));
        if (value !== undefined) values[name] = value;
        this.#tries.delete(name);
        this.#left.shift();
      }
    } finally {
      if (Object.keys(values).length > 0) this.#heard(values);
    }
  }

  #broken(name: string, thrown: unknown): never {
    if (this.#triesOf(name) >= MOST_TRIES) this.#left?.shift();
    throw thrown;
  }

  #triesOf(name: string): number {
    return this.#tries.get(name) ?? 0;
  }
}

/** Undefined: the lock refused to tell. */
export async function readOne(
  settings: NonNullable<LockSession['settings']>,
  name: string,
): Promise<SettingValue | undefined> {
  try {
    return await settings.read(name);
  } catch (thrown) {
    if (thrown instanceof LockError && (thrown.code === 'rejected' || thrown.code === 'unsupported')) return undefined;
    throw thrown;
  }
}
