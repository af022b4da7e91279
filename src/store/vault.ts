// Keys and PINs at rest: sealed rows, and what is known of each key.
import { hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { type Log, Secret } from '../base/log.ts';
import type { Credential } from '../lock/driver.ts';
import type { Audit, CredentialStatus, KeptCredential, Vault } from '../lock/ports.ts';
import type { Database } from './database.ts';
import { type Sealed, rewrap, seal, unseal } from './envelope.ts';
import type { KeyPlace } from './key-file.ts';
import { MasterKey, fingerprintOf } from './master-key.ts';
import { type Row, bytes, text, whole, word } from './rows.ts';

/** How long a key that its lock has forgotten is kept all the same: for a dispute, or a mistaken proof (flows.md R20). */
const KEEP_DEAD_DAYS = 30;

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
  /** Whether `secret` would give it; false while the vault is sealed. */
  hasSecret(name: string): boolean;
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

/** Usable without its master key only to be told that key: everything else throws `unauthenticated`, reason `sealed`. */
export class KeyVault implements Vault, Secrets {
  readonly #parts: VaultParts;
  readonly #database: Database;
  readonly #master: MasterKey;

  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.#database = parts.database;
    this.#master = new MasterKey(parts);
    if (this.sealed) parts.log.error(this.sealed);
  }

  /** Why the keys cannot be used, for people. */
  get sealed(): string | undefined {
    return this.#master.sealed;
  }

  /** Digest of the master key, which says nothing about it; undefined while sealed. */
  get fingerprint(): string | undefined {
    return this.#master.sealed === undefined ? this.#master.fingerprint : undefined;
  }

  /** Until somebody has typed the code back, a lost card means lost keys; health says so. */
  get recoveryConfirmed(): boolean {
    return this.#master.recoveryConfirmed;
  }

  /** How many keys are kept that a lost master key sealed (`startOver`). */
  get outOfReach(): number {
    const row = this.#database.get('select count(*) as n from keys where master <> ?', this.#master.fingerprint);
    return whole(row ?? {}, 'n');
  }

  /** To be written on paper. Every look at it is audited. */
  recoveryCode(): Secret<string> {
    return this.#master.recoveryCode();
  }

  /** Throws `invalid` (reason `recovery_code`) with the group that is mistyped. */
  confirmRecoveryCode(typed: string): void {
    this.#master.confirm(typed);
  }

  /** After a restore on another card: opens the vault with the code and writes the key file, once the code is proved. */
  restoreKey(typed: string): void {
    const lost = this.#master.restore(typed);
    if (lost) this.#rewrap(lost);
  }

  /** When key file and recovery code are lost for good: a new key, so that the locks can be paired again. */
  startOver(): void {
    this.#master.startOver();
    this.#database.run(`update keys set status = 'retired', changed_at = ? where status <> 'dead'`, this.#now());
  }

  keep(lock: string, credential: Credential, generation: number): KeptCredential {
    const at = this.#now();
    const id = hex(this.#parts.random(8));
    const { family } = credential;
    const box = this.#sealCredential({ id, lock, generation }, credential);
    this.#database.transaction(() => {
      this.#database.run(RETIRE_PROVISIONAL, at, lock);
      const { master, wrapped, sealed } = box;
      this.#database.run(INSERT, id, lock, family, generation, master, wrapped, sealed, at, at);
    });
    return { id, lock, generation, status: 'provisional', credential, madeAt: at, changedAt: at };
  }

  replace(id: string, credential: Credential): void {
    this.#master.get();
    const row = this.#row(id);
    const family = text(row, 'family');
    if (family !== credential.family) {
      throw new LockError('invalid', `A key of the family ${family} cannot become one of ${credential.family}.`);
    }
    const { master, wrapped, sealed } = this.#sealCredential(placeOf(row), credential);
    const sql = 'update keys set (master, wrapped, sealed, changed_at) = (?, ?, ?, ?) where id = ?';
    this.#database.run(sql, master, wrapped, sealed, this.#now(), id);
  }

  promote(id: string): void {
    this.#master.get();
    const at = this.#now();
    this.#database.transaction(() => {
      const lock = text(this.#row(id), 'lock');
      this.#database.run(RETIRE_OTHERS, at, lock, id);
      this.#database.run(`update keys set status = 'live', changed_at = ? where id = ?`, at, id);
    });
  }

  /** `live` is `promote`. Nothing becomes provisional again. */
  mark(id: string, status: CredentialStatus): void {
    if (status === 'live') return this.promote(id);
    this.#master.get();
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
    const master = this.#master.get();
    const own = fingerprintOf(master);
    const good: KeptCredential[] = [];
    let bad: LockError | undefined;
    for (const row of this.#database.all('select * from keys where lock = ? order by order_made desc', lock)) {
      // Of a lost master key; those were all retired when it was given up.
      if (row['master'] !== own && OLD.has(row['status'])) continue;
      try {
        good.push(opened(master, row));
      } catch (thrown) {
        bad = damagedKey(row, thrown);
        this.#parts.log.error({ lock }, bad.message);
        if (row['status'] === 'live') throw bad;
      }
    }
    if (bad && good.length === 0) throw bad;
    return good;
  }

  /** Shreds keys that their locks have forgotten so many days ago (R20): the row, its place in the file, and the log of writes. */
  tidy(now: number, days = KEEP_DEAD_DAYS): number {
    const sql = `select id, lock from keys where status = 'dead' and changed_at <= ?`;
    const old = this.#database.all(sql, Math.floor(now - days * 24 * 3600_000));
    if (old.length === 0) return 0;
    this.#database.transaction(() => {
      for (const row of old) this.#database.run('delete from keys where id = ?', text(row, 'id'));
    });
    this.#database.get('pragma wal_checkpoint(truncate)');
    for (const row of old) {
      const detail = `key ${text(row, 'id')}, forgotten by the lock ${days} days ago`;
      this.#parts.audit.write({ lock: text(row, 'lock'), what: 'key_shredded', via: 'daemon', who: 'vault', detail });
    }
    return old.length;
  }

  setSecret(name: string, value: Secret<string>): void {
    const { master, wrapped, sealed } = this.#seal(['secret', name], value.reveal());
    const sql = 'insert or replace into secrets (name, master, wrapped, sealed, changed_at) values (?, ?, ?, ?, ?)';
    this.#database.run(sql, name, master, wrapped, sealed, this.#now());
  }

  secret(name: string): Secret<string> | undefined {
    const master = this.#master.get();
    const sql = 'select wrapped, sealed from secrets where name = ? and master = ?';
    const row = this.#database.get(sql, name, fingerprintOf(master));
    return row && new Secret(Buffer.from(unsealRow(master, ['secret', name], row)).toString());
  }

  hasSecret(name: string): boolean {
    if (this.sealed !== undefined) return false;
    const sql = 'select 1 from secrets where name = ? and master = ?';
    return this.#database.get(sql, name, this.#master.fingerprint) !== undefined;
  }

  /** All that is kept and can be opened, as text: to look whether any of it has leaked somewhere. Empty while sealed. */
  everything(): Secret<readonly string[]> {
    if (this.sealed !== undefined) return new Secret([]);
    const locks = this.#database.all('select distinct lock from keys').map(row => text(row, 'lock'));
    const keys = locks.flatMap(lock => this.of(lock).map(kept => JSON.stringify(kept.credential.data.reveal())));
    const names = this.#database.all('select name from secrets').map(row => text(row, 'name'));
    return new Secret([...keys, ...names.flatMap(name => this.secret(name)?.reveal() ?? [])]);
  }

  removeSecret(name: string): void {
    this.#database.run('delete from secrets where name = ?', name);
  }

  /** Rows of a master key that was lost and came back, under the present one. */
  #rewrap(from: Uint8Array): void {
    const masters = { from, to: this.#master.get() };
    const [old, now] = [fingerprintOf(from), this.#master.fingerprint];
    const wrap = (place: Words, row: Row): Uint8Array =>
      rewrap(masters, place, bytes(row, 'wrapped'), this.#parts.random);
    this.#database.transaction(() => {
      for (const row of this.#database.all('select * from keys where master = ?', old)) {
        const wrapped = wrap(belongs(placeOf(row), text(row, 'family')), row);
        this.#database.run('update keys set (master, wrapped) = (?, ?) where id = ?', now, wrapped, text(row, 'id'));
      }
      for (const row of this.#database.all('select * from secrets where master = ?', old)) {
        const name = text(row, 'name');
        const wrapped = wrap(['secret', name], row);
        this.#database.run('update secrets set (master, wrapped) = (?, ?) where name = ?', now, wrapped, name);
      }
    });
    this.#parts.audit.write({ what: 'lost_keys_recovered', via: 'daemon', who: 'vault' });
  }

  #row(id: string): Row {
    const row = this.#database.get('select * from keys where id = ?', id);
    if (!row) throw new LockError('not_found', `There is no key ${id} in the vault.`);
    return row;
  }

  #sealCredential(place: Place, { family, data }: Credential): SealedRow {
    return this.#seal(belongs(place, family), JSON.stringify(data.reveal()));
  }

  #seal(place: Words, secret: string): SealedRow {
    const master = this.#master.get();
    const plain = Buffer.from(secret);
    const envelope = seal(master, place, plain, this.#parts.random);
    plain.fill(0);
    return { ...envelope, master: fingerprintOf(master) };
  }

  #now(): number {
    return Math.round(this.#parts.clock.now());
  }
}

const OLD: ReadonlySet<unknown> = new Set<CredentialStatus>(['retired', 'dead']);

const RETIRE_PROVISIONAL = `
  update keys set status = 'retired', changed_at = ? where lock = ? and status = 'provisional'`;

const RETIRE_OTHERS = `
  update keys set status = 'retired', changed_at = ? where lock = ? and id <> ? and status in ('live', 'leaving')`;

const INSERT = `
  insert into keys (id, order_made, lock, family, generation, status, master, wrapped, sealed, made_at, changed_at)
  values (?, (select coalesce(max(order_made), 0) + 1 from keys), ?, ?, ?, 'provisional', ?, ?, ?, ?, ?)`;

type Words = readonly (string | number)[];

interface Place {
  id: string;
  lock: string;
  generation: number;
}

interface SealedRow extends Sealed {
  /** The fingerprint of the master key. */
  master: string;
}

function placeOf(row: Row): Place {
  return { id: text(row, 'id'), lock: text(row, 'lock'), generation: whole(row, 'generation') };
}

/** Everything of a row that decides for what its key is used, so that no two rows can be swapped. */
function belongs({ id, lock, generation }: Place, family: string): Words {
  return ['key', id, lock, family, generation];
}

function opened(master: Uint8Array, row: Row): KeptCredential {
  const place = placeOf(row);
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

function unsealRow(master: Uint8Array, place: Words, row: Row): Uint8Array {
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
