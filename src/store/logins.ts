// Logins of the page and the HTTP API as they are kept: no password, cookie, link or token, only hashes of them.
import type {
  KeptLink,
  KeptLogin,
  KeptSession,
  KeptToken,
  KeptTries,
  LoginRole,
  LoginShelf,
  TokenRole,
} from '../lock/logins.ts';
import type { Database } from './database.ts';
import { type Row, aText, json, listOf, optional, text, whole, word } from './rows.ts';

const ROLES = { owner: true, manager: true, technician: true, viewer: true } satisfies Record<LoginRole, true>;
const TOKEN_ROLES = { owner: true, manager: true, automation: true, viewer: true } satisfies Record<TokenRole, true>;
const PURPOSES = { setup: true, login: true, flow: true } satisfies Record<KeptLink['purpose'], true>;
const texts = listOf(aText);

export function makeLoginShelf(database: Database): LoginShelf {
  const run = (sql: string, ...values: (string | number | null)[]): number => database.run(sql, ...values);
  return {
    ...logins(database),
    ...sessions(database),
    addLink(it) {
      const columns = 'hash, purpose, login, role, flow, until, session_until';
      run(
        `insert into login_links (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
        it.hash,
        it.purpose,
        it.login ?? null,
        it.role,
        it.flow ?? null,
        it.until,
        it.sessionUntil ?? null,
      );
    },
    link: hash => mapped(database.get('select * from login_links where hash = ?', hash), linkOf),
    removeLink: hash => run('delete from login_links where hash = ?', hash) > 0,
    removeLinks: login => void run('delete from login_links where login = ?', login),
    ...tokens(database),
    ...tries(database),
    tidy(now) {
      run('delete from login_sessions where ends_at <= ?', now);
      run('delete from login_links where until <= ?', now);
    },
    together: work => database.transaction(work),
  };
}

type Part<K extends keyof LoginShelf> = Pick<LoginShelf, K>;

function logins(database: Database): Part<'logins' | 'saveLogin' | 'removeLogin'> {
  return {
    logins: () => database.all('select * from logins order by made_at, id').map(loginOf),
    saveLogin(it) {
      // An upsert, since a replaced row would take its sessions with it.
      database.run(
        `insert into logins (id, name, folded, role, password, ha_user, units, valid_from, valid_until, made_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (id) do update set name = excluded.name, folded = excluded.folded, role = excluded.role,
           password = excluded.password, ha_user = excluded.ha_user, units = excluded.units,
           valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
        it.id,
        it.name,
        it.folded,
        it.role,
        it.password ?? null,
        it.haUser ?? null,
        it.units ? JSON.stringify(it.units) : null,
        it.from ?? null,
        it.until ?? null,
        it.madeAt,
      );
    },
    removeLogin: id => void database.run('delete from logins where id = ?', id),
  };
}

type Sessions = 'session' | 'sessions' | 'addSession' | 'sawSession' | 'removeSession';
function sessions(database: Database): Part<Sessions> {
  const newestFirst = 'order by seen_at desc, id';
  return {
    session: hash => mapped(database.get('select * from login_sessions where hash = ?', hash), sessionOf),
    sessions(login) {
      const rows =
        login === undefined
          ? database.all(`select * from login_sessions ${newestFirst}`)
          : database.all(`select * from login_sessions where login = ? ${newestFirst}`, login);
      return rows.map(sessionOf);
    },
    addSession(it) {
      const columns = 'id, hash, login, role, flow, device, made_at, seen_at, ends_at';
      database.run(
        `insert into login_sessions (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        it.id,
        it.hash,
        it.login ?? null,
        it.role,
        it.flow ?? null,
        it.device,
        it.madeAt,
        it.seenAt,
        it.endsAt,
      );
    },
    sawSession(id, at) {
      database.relaxed(() => database.run('update login_sessions set seen_at = ? where id = ?', at, id));
    },
    removeSession: id => void database.run('delete from login_sessions where id = ?', id),
  };
}

function tokens(database: Database): Part<'tokens' | 'token' | 'addToken' | 'usedToken' | 'removeToken'> {
  return {
    tokens: () => database.all('select * from api_tokens order by made_at, id').map(tokenOf),
    token: hash => mapped(database.get('select * from api_tokens where hash = ?', hash), tokenOf),
    addToken(it) {
      const columns = 'id, hash, name, role, looks, locks, made_by, made_at, until';
      database.run(
        `insert into api_tokens (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        it.id,
        it.hash,
        it.name,
        it.role,
        it.looks ? 1 : 0,
        it.locks ? JSON.stringify(it.locks) : null,
        it.madeBy,
        it.madeAt,
        it.until ?? null,
      );
    },
    usedToken(id, at) {
      database.relaxed(() => database.run('update api_tokens set used_at = ? where id = ?', at, id));
    },
    removeToken: id => void database.run('delete from api_tokens where id = ?', id),
  };
}

function tries(database: Database): Part<'tries' | 'saveTries' | 'removeTries'> {
  return {
    tries: key => mapped(database.get('select * from wrong_tries where key = ?', key), triesOf),
    saveTries(it, at, most) {
      database.transaction(() => {
        database.run(
          'insert or replace into wrong_tries (key, times, closings, closed_until, changed_at) values (?, ?, ?, ?, ?)',
          it.key,
          JSON.stringify(it.times),
          it.closings,
          it.closedUntil,
          at,
        );
        database.run(
          `delete from wrong_tries where key in
             (select key from wrong_tries order by changed_at desc, key limit -1 offset ?)`,
          most,
        );
      });
    },
    removeTries: key => void database.run('delete from wrong_tries where key = ?', key),
  };
}

function loginOf(row: Row): KeptLogin {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    folded: text(row, 'folded'),
    role: word(row, 'role', ROLES),
    ...optional(row, 'password', 'password', () => text(row, 'password')),
    ...optional(row, 'ha_user', 'haUser', () => text(row, 'ha_user')),
    ...optional(row, 'units', 'units', () => json<string[]>(row, 'units', texts)),
    ...optional(row, 'valid_from', 'from', () => whole(row, 'valid_from')),
    ...optional(row, 'valid_until', 'until', () => whole(row, 'valid_until')),
    madeAt: whole(row, 'made_at'),
  };
}

function sessionOf(row: Row): KeptSession {
  return {
    id: text(row, 'id'),
    hash: text(row, 'hash'),
    ...optional(row, 'login', 'login', () => text(row, 'login')),
    role: word(row, 'role', ROLES),
    ...optional(row, 'flow', 'flow', () => text(row, 'flow')),
    device: text(row, 'device'),
    madeAt: whole(row, 'made_at'),
    seenAt: whole(row, 'seen_at'),
    endsAt: whole(row, 'ends_at'),
  };
}

function linkOf(row: Row): KeptLink {
  return {
    hash: text(row, 'hash'),
    purpose: word(row, 'purpose', PURPOSES),
    ...optional(row, 'login', 'login', () => text(row, 'login')),
    role: word(row, 'role', ROLES),
    ...optional(row, 'flow', 'flow', () => text(row, 'flow')),
    until: whole(row, 'until'),
    ...optional(row, 'session_until', 'sessionUntil', () => whole(row, 'session_until')),
  };
}

function tokenOf(row: Row): KeptToken {
  return {
    id: text(row, 'id'),
    hash: text(row, 'hash'),
    name: text(row, 'name'),
    role: word(row, 'role', TOKEN_ROLES),
    looks: whole(row, 'looks') === 1,
    ...optional(row, 'locks', 'locks', () => json<string[]>(row, 'locks', texts)),
    madeBy: text(row, 'made_by'),
    madeAt: whole(row, 'made_at'),
    ...optional(row, 'used_at', 'usedAt', () => whole(row, 'used_at')),
    ...optional(row, 'until', 'until', () => whole(row, 'until')),
  };
}

function triesOf(row: Row): KeptTries {
  return {
    key: text(row, 'key'),
    times: json<number[]>(
      row,
      'times',
      listOf(value => Number.isInteger(value)),
    ),
    closings: whole(row, 'closings'),
    closedUntil: whole(row, 'closed_until'),
  };
}

function mapped<T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row && read(row);
}
