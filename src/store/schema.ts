// The shape of the database, as numbered steps. A step that was released is never edited; a new one follows it.

export interface Migration {
  /** 1, 2, 3, … */
  version: number;
  /** Done in one transaction. */
  sql: string;
}

/** "Ltch": tells our files from others' (PRAGMA application_id). */
export const APPLICATION_ID = 0x4c746368;

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      create table meta (name text primary key, value text not null) strict, without rowid;

      create table units (id text primary key, name text not null unique) strict, without rowid;

      create table locks (
        id text primary key,
        name text not null unique,
        unit text not null references units (id),
        family text not null,
        address text not null,
        address_type text not null,
        hardware text not null,
        endpoint integer not null unique,
        lifecycle text not null,
        generation integer not null,
        prepared integer not null check (prepared in (0, 1)),
        settings text not null,
        facts text not null,
        abilities text,
        last_state text,
        stats text,
        log_cursor integer,
        added_at integer not null
      ) strict, without rowid;

      -- No reference to locks: a key outlives the record of its lock until the lock is proven to have forgotten it.
      create table keys (
        id text primary key,
        order_made integer not null unique,
        lock text not null,
        family text not null,
        generation integer not null,
        status text not null check (status in ('provisional', 'live', 'leaving', 'retired', 'dead')),
        -- Which master key: not every row is of the present one after a key was lost.
        master text not null,
        wrapped blob not null,
        sealed blob not null,
        made_at integer not null,
        changed_at integer not null
      ) strict;
      create index keys_of_lock on keys (lock);
      create unique index one_live_key on keys (lock) where status = 'live';
      create unique index one_provisional_key on keys (lock) where status = 'provisional';

      create table secrets (
        name text primary key,
        master text not null,
        wrapped blob not null,
        sealed blob not null,
        changed_at integer not null
      ) strict;

      create table audit (
        number integer primary key,
        at integer not null,
        lock text,
        what text not null,
        via text not null,
        who text not null,
        detail text,
        hash text not null
      ) strict;
      create index audit_of_lock on audit (lock, number);

      create table settings (name text primary key, value text not null, changed_at integer not null) strict;

      create table people (id text primary key, name text not null unique) strict, without rowid;

      create table credentials (
        id text primary key,
        lock text not null references locks (id) on delete cascade,
        kind text not null check (kind in ('code', 'card', 'finger')),
        slot integer not null check (slot > 0),
        state text not null check (state in ('wanted', 'on_lock', 'disabled', 'removing')),
        code_kind text,
        valid_from integer,
        valid_until integer,
        person text references people (id) on delete set null,
        changed_at integer not null
      ) strict;
      -- While a slot gets a new value, the old one is still on its way off the lock.
      create unique index one_credential_a_slot on credentials (lock, kind, slot) where state <> 'removing';
    `,
  },
  {
    version: 2,
    sql: `
      -- Weekly hours of cards and fingerprints, JSON: no lock tells them, so this is the only place that knows them.
      alter table credentials add column weekly text;
    `,
  },
  {
    version: 3,
    sql: `
      -- No references to locks: what was done to a lock outlives its record.
      create table flows (
        id text primary key,
        order_made integer not null unique,
        type text not null,
        lock text,
        plan text not null,
        starter text not null,
        state text not null,
        started_at integer not null,
        ended_at integer
      ) strict;
      create index open_flows on flows (order_made) where ended_at is null;
      create index flows_of_lock on flows (lock, order_made);

      create table flow_lines (
        flow text not null references flows (id),
        number integer not null check (number > 0),
        at integer not null,
        elapsed integer not null,
        kind text not null,
        step text,
        data text not null,
        -- SHA-256 over this line and the hash of the one before.
        hash text not null,
        primary key (flow, number)
      ) strict, without rowid;

      create table flow_records (
        id text primary key,
        flow text not null,
        lock text,
        at integer not null,
        body text not null
      ) strict;
      create index records_of_flow on flow_records (flow);
    `,
  },
  {
    version: 4,
    sql: `
      -- Who may use the page and the HTTP API. What lets somebody in is here only as a hash.
      create table logins (
        id text primary key,
        name text not null,
        -- How names are compared: no two differ in capitals only.
        folded text not null unique,
        role text not null check (role in ('owner', 'manager', 'technician', 'viewer')),
        password text,
        ha_user text unique,
        -- JSON list: a technician's units.
        units text,
        valid_from integer,
        valid_until integer,
        made_at integer not null
      ) strict, without rowid;

      create table login_sessions (
        id text primary key,
        hash text not null unique,
        -- Nobody's where a link made it that is for one flow and no account.
        login text references logins (id) on delete cascade,
        role text not null,
        flow text,
        device text not null,
        made_at integer not null,
        seen_at integer not null,
        ends_at integer not null
      ) strict, without rowid;
      create index sessions_of_login on login_sessions (login);

      create table login_links (
        hash text primary key,
        purpose text not null check (purpose in ('setup', 'login', 'flow')),
        login text references logins (id) on delete cascade,
        role text not null,
        flow text,
        until integer not null,
        -- How long the session may last that it makes; null: as long as any.
        session_until integer
      ) strict, without rowid;

      create table api_tokens (
        id text primary key,
        hash text not null unique,
        name text not null,
        role text not null check (role in ('owner', 'manager', 'automation', 'viewer')),
        looks integer not null check (looks in (0, 1)),
        -- JSON list of ids; null: all locks.
        locks text,
        made_by text not null,
        made_at integer not null,
        used_at integer,
        until integer
      ) strict, without rowid;

      -- Wrong passwords by where they came from and by name. JSON list of times.
      create table wrong_tries (
        key text primary key,
        times text not null,
        closings integer not null,
        closed_until integer not null,
        changed_at integer not null
      ) strict, without rowid;
    `,
  },
];
