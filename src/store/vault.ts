// Keys and PINs at rest: sealed rows, what is known of each key, and the recovery code that opens them elsewhere.
import { hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { type Log, Secret } from '../base/log.ts';
import type { Credential } from '../lock/driver.ts';
import type { Audit, CredentialStatus, KeptCredential, Vault } from '../lock/ports.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './envelope.ts';
import { type KeyPlace, fingerprint, sameKey, sealed } from './master-key.ts';
import { keyOfRecoveryCode, recoveryCodeOf } from './recovery-code.ts';
import { type Row, bytes, text, whole, word } from './rows.ts';

/** How long a key that its lock has forgotten is kept all the same: for a dispute, or a mistaken proof (flows.md R20). */
const KEEP_DEAD_MS = 30 * 24 * 3600_000;
const KEY_CHECK = 'vault_key';
const CONFIRMED = 'recovery_confirmed';

const STATUSES = {
  provisional: true,
  live: true,
  leaving: true,
  retired: true,
  dead: true,
} satisfies Record<CredentialStatus, true>;

/** Small secrets by name: PINs (`pin:<credential id>`), tokens, passwords. Throws as `Vault` does. */
export interface Secrets {
  setSecret(name: string, value: Secret<string>): void;
  secret(name: string): Secret<string> | undefined;
  removeSecret(name: string): void;
}

export interface VaultParts {
  database: Database;
  place: KeyPlace;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  audit: Audit;
  log: Log;
}

/** Usable without its key only to be told the key: everything else throws `unauthenticated` with reason `sealed`. */
export class KeyVault implements Vault, Secrets {
  readonly #parts: VaultParts;
  readonly #database: Database;
  #master: Uint8Array | LockError;

  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.#database = parts.database;
    this.#master = this.#findKey();
    if (this.#master instanceof LockError) parts.log.error(this.#master.message);
  }

  /** Why the keys cannot be used, for people. */
  get sealed(): string | undefined {
    return this.#master instanceof LockError ? this.#master.message : undefined;
  }

  /** Until somebody has typed the code back, a lost card means lost keys; health says so. */
  get recoveryConfirmed(): boolean {
    return !(this.#master instanceof LockError) && this.#meta(CONFIRMED) === fingerprint(this.#master);
  }

  /** To be written on paper. Every look at it is audited. */
  recoveryCode(): Secret<string> {
    const code = new Secret(recoveryCodeOf(this.#key()));
    this.#parts.audit.write({ what: 'recovery_code_shown', via: 'daemon', who: 'vault' });
    return code;
  }

  /** Throws `invalid` (reason `recovery_code`) with the group that is mistyped. */
  confirmRecoveryCode(typed: string): void {
    const master = this.#key();
    if (!sameKey(keyOfRecoveryCode(typed), master)) throw otherCode('of this installation');
    this.#setMeta(CONFIRMED, fingerprint(master));
    this.#parts.audit.write({ what: 'recovery_code_confirmed', via: 'daemon', who: 'vault' });
  }

  /** After a restore on another card: opens the vault with the code and writes the key file, once the code is proved. */
  restoreKey(typed: string): void {
    const key = keyOfRecoveryCode(typed);
    if (!(this.#master instanceof LockError)) {
      if (sameKey(key, this.#master)) return;
      throw new LockError('invalid', 'The vault is open already, and with another key. Nothing was changed.');
    }
    if (this.#hasRows() && !this.#opens(key)) throw otherCode('that these keys were sealed with');
    this.#parts.place.write(key);
    this.#setMeta(KEY_CHECK, fingerprint(key));
    this.#setMeta(CONFIRMED, fingerprint(key));
    this.#master = key;
    this.#parts.audit.write({ what: 'vault_opened', via: 'daemon', who: 'vault', detail: 'with the recovery code' });
  }

  keep(lock: string, credential: Credential, generation: number): KeptCredential {
    const master = this.#key();
    const at = this.#now();
    const id = hex(this.#parts.random(8));
    const { wrapped, sealed: body } = this.#sealCredential(master, { id, lock, generation }, credential);
    this.#database.transaction(() => {
      this.#database.run(
        `update keys set status = 'retired', changed_at = ? where lock = ? and status = 'provisional'`,
        at,
        lock,
      );
      this.#database.run(
        `insert into keys (id, order_made, lock, family, generation, status, wrapped, sealed, made_at, changed_at)
         values (?, (select coalesce(max(order_made), 0) + 1 from keys), ?, ?, ?, 'provisional', ?, ?, ?, ?)`,
        id,
        lock,
        credential.family,
        generation,
        wrapped,
        body,
        at,
        at,
      );
    });
    return { id, lock, generation, status: 'provisional', credential, madeAt: at, changedAt: at };
  }

  replace(id: string, credential: Credential): void {
    const master = this.#key();
    const row = this.#row(id);
    const place = { id, lock: text(row, 'lock'), generation: whole(row, 'generation') };
    if (text(row, 'family') !== credential.family) {
      throw new LockError(
        'invalid',
        `A key of the family ${text(row, 'family')} cannot become one of ${credential.family}.`,
      );
    }
    const { wrapped, sealed: body } = this.#sealCredential(master, place, credential);
    const values = [wrapped, body, this.#now(), id];
    this.#database.run('update keys set wrapped = ?, sealed = ?, changed_at = ? where id = ?', ...values);
  }

  promote(id: string): void {
    this.#key();
    const at = this.#now();
    this.#database.transaction(() => {
      const lock = text(this.#row(id), 'lock');
      this.#database.run(
        `update keys set status = 'retired', changed_at = ? where lock = ? and id <> ? and status in ('live', 'leaving')`,
        at,
        lock,
        id,
      );
      this.#database.run(`update keys set status = 'live', changed_at = ? where id = ?`, at, id);
    });
  }

  /** `live` is `promote`. Nothing becomes provisional again. */
  mark(id: string, status: CredentialStatus): void {
    if (status === 'live') return this.promote(id);
    this.#key();
    if (text(this.#row(id), 'status') === status) return;
    if (status === 'provisional')
      throw new LockError('invalid', 'A key that was in use cannot become a new one again.');
    this.#database.run('update keys set status = ?, changed_at = ? where id = ?', status, this.#now(), id);
  }

  /**
   * A damaged row is left out with an error in the log, unless it is the live one or nothing else is left: then it
   * throws `disk`, so that nobody takes the lock for one without a key.
   */
  of(lock: string): KeptCredential[] {
    const master = this.#key();
    const rows = this.#database.all('select * from keys where lock = ? order by order_made desc', lock);
    const good: KeptCredential[] = [];
    let bad: LockError | undefined;
    for (const row of rows) {
      try {
        good.push(this.#opened(master, row));
      } catch (thrown) {
        const error = damagedKey(row, thrown);
        this.#parts.log.error({ lock }, error.message);
        if (row['status'] === 'live') throw error;
        bad = error;
      }
    }
    if (bad && good.length === 0) throw bad;
    return good;
  }

  /** Shreds keys that their locks have forgotten 30 days ago: the row, its place in the file, and the log of writes. */
  tidy(now: number): number {
    const old = this.#database.all(
      `select id, lock from keys where status = 'dead' and changed_at <= ?`,
      Math.floor(now - KEEP_DEAD_MS),
    );
    if (old.length === 0) return 0;
    this.#database.transaction(() => {
      for (const row of old) this.#database.run('delete from keys where id = ?', text(row, 'id'));
    });
    this.#database.get('pragma wal_checkpoint(truncate)');
    for (const row of old) {
      const detail = `key ${text(row, 'id')}, forgotten by the lock 30 days ago`;
      this.#parts.audit.write({ lock: text(row, 'lock'), what: 'key_shredded', via: 'daemon', who: 'vault', detail });
    }
    return old.length;
  }

  setSecret(name: string, value: Secret<string>): void {
    const { wrapped, sealed: body } = this.#seal(this.#key(), ['secret', name], value.reveal());
    this.#database.run(
      'insert or replace into secrets (name, wrapped, sealed, changed_at) values (?, ?, ?, ?)',
      name,
      wrapped,
      body,
      this.#now(),
    );
  }

  secret(name: string): Secret<string> | undefined {
    const master = this.#key();
    const row = this.#database.get('select wrapped, sealed from secrets where name = ?', name);
    return row && new Secret(Buffer.from(unsealRow(master, ['secret', name], row)).toString());
  }

  removeSecret(name: string): void {
    this.#database.run('delete from secrets where name = ?', name);
  }

  #findKey(): Uint8Array | LockError {
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
      if (!this.#opens(key)) return sealed('the key file is the one of another installation');
    } else if (!key) {
      key = random(32);
      place.write(key);
    }
    if (this.#meta(KEY_CHECK) !== fingerprint(key)) this.#setMeta(KEY_CHECK, fingerprint(key));
    return key;
  }

  /** By its fingerprint; where that was lost, by opening something. */
  #opens(key: Uint8Array): boolean {
    const check = this.#meta(KEY_CHECK);
    if (check !== undefined) return check === fingerprint(key);
    try {
      const row = this.#database.get('select * from keys limit 1');
      if (row) this.#opened(key, row);
      const secret = row ? undefined : this.#database.get('select * from secrets limit 1');
      if (secret) unsealRow(key, ['secret', text(secret, 'name')], secret);
      return true;
    } catch {
      return false;
    }
  }

  #hasRows(): boolean {
    return this.#database.get('select 1 from keys union all select 1 from secrets limit 1') !== undefined;
  }

  #key(): Uint8Array {
    if (this.#master instanceof LockError) throw this.#master;
    return this.#master;
  }

  #row(id: string): Row {
    const row = this.#database.get('select * from keys where id = ?', id);
    if (!row) throw new LockError('not_found', `There is no key ${id} in the vault.`);
    return row;
  }

  #opened(master: Uint8Array, row: Row): KeptCredential {
    const place = { id: text(row, 'id'), lock: text(row, 'lock'), generation: whole(row, 'generation') };
    const family = text(row, 'family');
    const plain = unsealRow(master, belongs(place, family), row);
    const data = JSON.parse(Buffer.from(plain).toString()) as Readonly<Record<string, never>>;
    plain.fill(0);
    return {
      ...place,
      status: word(row, 'status', STATUSES),
      credential: { family, data: new Secret(data) },
      madeAt: whole(row, 'made_at'),
      changedAt: whole(row, 'changed_at'),
    };
  }

  #sealCredential(master: Uint8Array, place: Place, { family, data }: Credential): ReturnType<typeof seal> {
    return this.#seal(master, belongs(place, family), JSON.stringify(data.reveal()));
  }

  #seal(master: Uint8Array, place: readonly (string | number)[], secret: string): ReturnType<typeof seal> {
    const plain = Buffer.from(secret);
    const envelope = seal(master, place, plain, this.#parts.random);
    plain.fill(0);
    return envelope;
  }

  #now(): number {
    return Math.round(this.#parts.clock.now());
  }

  #meta(name: string): string | undefined {
    const row = this.#database.get('select value from meta where name = ?', name);
    return row && text(row, 'value');
  }

  #setMeta(name: string, value: string): void {
    this.#database.run('insert or replace into meta (name, value) values (?, ?)', name, value);
  }
}

interface Place {
  id: string;
  lock: string;
  generation: number;
}

function belongs({ id, lock, generation }: Place, family: string): (string | number)[] {
  return ['key', id, lock, family, generation];
}

function unsealRow(master: Uint8Array, place: readonly (string | number)[], row: Row): Uint8Array {
  return unseal(master, place, { wrapped: bytes(row, 'wrapped'), sealed: bytes(row, 'sealed') });
}

function damagedKey(row: Row, cause: unknown): LockError {
  const which = `A stored key (${String(row['status'])}) of the lock ${String(row['lock'])}`;
  return new LockError(
    'disk',
    `${which} was damaged or changed on the disk. Go back to a backup, or pair the lock again.`,
    {
      reason: 'damaged_row',
      cause,
    },
  );
}

function otherCode(which: string): LockError {
  return new LockError('invalid', `That is a recovery code, but not the one ${which}. Nothing was changed.`, {
    reason: 'recovery_code',
  });
}
