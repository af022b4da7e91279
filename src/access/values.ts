// The values behind credentials: PINs and card numbers. They live in the vault and are compared without telling time.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LockError } from '../base/errors.ts';
import type { Secret } from '../base/log.ts';
import { type KeptAccess, valueName } from '../store/access.ts';
import type { Secrets } from '../store/vault.ts';

export class Values {
  readonly #secrets: Secrets;
  /** Of this process only: digests are worth nothing outside it. */
  readonly #key: Uint8Array;

  constructor(secrets: Secrets, random: (bytes: number) => Uint8Array) {
    this.#secrets = secrets;
    this.#key = random(32);
  }

  keep(id: string, value: Secret<string>): void {
    this.#secrets.setSecret(valueName(id), value);
  }

  forget(id: string): void {
    this.#secrets.removeSecret(valueName(id));
  }

  /** Undefined when it is not known. Throws `unauthenticated` while the vault is sealed. */
  of(entry: KeptAccess): Secret<string> | undefined {
    return this.#secrets.secret(valueName(entry.id));
  }

  known(entry: KeptAccess): boolean {
    return this.#secrets.hasSecret(valueName(entry.id));
  }

  /** Entries with this value. All are compared, whether or not one was found. */
  matching(entries: readonly KeptAccess[], value: Secret<string>): KeptAccess[] {
    const wanted = this.digest(value);
    return entries.filter(entry => {
      const kept = this.of(entry);
      return kept !== undefined && timingSafeEqual(this.digest(kept), wanted);
    });
  }

  digest(value: Secret<string>): Uint8Array {
    return createHmac('sha256', this.#key).update(value.reveal()).digest();
  }
}

export function isSealed(thrown: unknown): boolean {
  return thrown instanceof LockError && thrown.reason === 'sealed';
}
