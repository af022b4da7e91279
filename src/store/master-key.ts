// The master key of the vault: found or made at the start, never made anew over sealed rows, and brought back by its code.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LockError } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import type { Audit } from '../lock/ports.ts';
import type { Database } from './database.ts';
import { type KeyPlace, sealed } from './key-file.ts';
import { keyOfRecoveryCode, recoveryCodeOf } from './recovery-code.ts';
import { text } from './rows.ts';

const KEY_BYTES = 32;
/** Names in `meta`: which master key this database goes with, and for which one the code was typed back. */
const CHECK = 'vault_key';
const CONFIRMED = 'recovery_confirmed';

export interface MasterKeyParts {
  database: Database;
  place: KeyPlace;
  random: (bytes: number) => Uint8Array;
  audit: Audit;
}

export class MasterKey {
  readonly #parts: MasterKeyParts;
  readonly #database: Database;
  #key: Uint8Array | LockError;

  constructor(parts: MasterKeyParts) {
    this.#parts = parts;
    this.#database = parts.database;
    this.#key = this.#find();
  }

  /** Why it is not here, for people. */
  get sealed(): string | undefined {
    return this.#key instanceof LockError ? this.#key.message : undefined;
  }

  /** Throws `unauthenticated` with reason `sealed`. */
  get(): Uint8Array {
    if (this.#key instanceof LockError) throw this.#key;
    return this.#key;
  }

  /** What rows that it seals are marked with. Says nothing about the key. */
  get fingerprint(): string {
    return fingerprintOf(this.get());
  }

  get recoveryConfirmed(): boolean {
    return !(this.#key instanceof LockError) && this.#meta(CONFIRMED) === this.fingerprint;
  }

  recoveryCode(): Secret<string> {
    const code = new Secret(recoveryCodeOf(this.get()));
    this.#note('recovery_code_shown');
    return code;
  }

  confirm(typed: string): void {
    const key = this.get();
    if (!sameKey(keyOfRecoveryCode(typed), key)) throw otherCode();
    this.#setMeta(CONFIRMED, this.fingerprint);
    this.#note('recovery_code_confirmed');
  }

  /**
   * While sealed: proves the code, then writes the key file. While open: gives the key that `startOver` left behind, for
   * its rows. Throws `invalid` (reason `recovery_code`) when nothing here was sealed with it; nothing is changed then.
   */
  restore(typed: string): Uint8Array | undefined {
    const key = keyOfRecoveryCode(typed);
    if (!(this.#key instanceof LockError)) {
      if (sameKey(key, this.#key)) return undefined;
      if (!this.#sealedWith(fingerprintOf(key))) throw otherCode();
      return key;
    }
    if (this.#hasRows() && !this.#belongs(key)) throw otherCode();
    this.#parts.place.write(key);
    this.#take(key);
    this.#setMeta(CONFIRMED, this.fingerprint);
    this.#note('vault_opened');
    return undefined;
  }

  /**
   * For when the code is lost for good: a new key, so that locks can be paired again. What is sealed stays as it is and
   * comes back with `restore` if the code turns up after all.
   */
  startOver(): void {
    if (!(this.#key instanceof LockError))
      throw new LockError('invalid', 'The vault is open; there is no need to start over.');
    const key = this.#parts.random(KEY_BYTES);
    this.#parts.place.write(key);
    this.#take(key);
    this.#note('vault_started_over');
  }

  #find(): Uint8Array | LockError {
    const { place, random } = this.#parts;
    let key: Uint8Array | undefined;
    try {
      key = place.read();
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.reason === 'sealed') return thrown;
      throw thrown;
    }
    if (this.#hasRows()) {
      if (!key) return sealed('the key file is missing');
      if (!this.#belongs(key)) return sealed('the key file is the one of another installation');
    } else if (!key) {
      key = random(KEY_BYTES);
      place.write(key);
    }
    return this.#take(key);
  }

  #take(key: Uint8Array): Uint8Array {
    this.#key = key;
    if (this.#meta(CHECK) !== fingerprintOf(key)) this.#setMeta(CHECK, fingerprintOf(key));
    return key;
  }

  /** By the database's own word; where that was lost, by that of any row. */
  #belongs(key: Uint8Array): boolean {
    const check = this.#meta(CHECK);
    return check === undefined ? this.#sealedWith(fingerprintOf(key)) : check === fingerprintOf(key);
  }

  #sealedWith(fingerprint: string): boolean {
    const sql = 'select 1 from keys where master = ? union all select 1 from secrets where master = ? limit 1';
    return this.#database.get(sql, fingerprint, fingerprint) !== undefined;
  }

  #hasRows(): boolean {
    return this.#database.get('select 1 from keys union all select 1 from secrets limit 1') !== undefined;
  }

  #note(what: string): void {
    this.#parts.audit.write({ what, via: 'daemon', who: 'vault' });
  }

  #meta(name: string): string | undefined {
    const row = this.#database.get('select value from meta where name = ?', name);
    return row && text(row, 'value');
  }

  #setMeta(name: string, value: string): void {
    this.#database.run('insert or replace into meta (name, value) values (?, ?)', name, value);
  }
}

export function fingerprintOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('latchbridge vault key check').digest('hex').slice(0, 32);
}

function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function otherCode(): LockError {
  return new LockError(
    'invalid',
    'That is a recovery code, but nothing here was sealed with it. Nothing was changed.',
    {
      reason: 'recovery_code',
    },
  );
}
