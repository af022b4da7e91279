// Flows and their journals: each line hangs on the one before, so that a changed past is noticed. Every call is synced.
import { createHash } from 'node:crypto';
import { LockError } from '../base/errors.ts';
import type { FlowShelf, JournalLine, KeptFlow, LineKind } from '../flow/journal.ts';
import type { Database } from './database.ts';
import { type Row, aText, json, objectOf, optional, text, whole } from './rows.ts';

const NOTHING_BEFORE = '0'.repeat(64);
const MOST = 1000;

type NewLine = Omit<JournalLine, 'number' | 'hash'>;

export function makeFlowShelf(database: Database): FlowShelf {
  const append = (flow: string, line: NewLine): JournalLine => {
    const last = database.get('select number, hash from flow_lines where flow = ? order by number desc limit 1', flow);
    const [number, before] = last ? [whole(last, 'number') + 1, text(last, 'hash')] : [1, NOTHING_BEFORE];
    const data = JSON.stringify(line.data);
    const row = { ...line, number, data, at: Math.round(line.at), elapsed: Math.round(line.elapsed) };
    const hash = chained(before, row);
    const columns = 'flow, number, at, elapsed, kind, step, data, hash';
    const { at, elapsed } = row;
    const step = line.step ?? null;
    const sql = `insert into flow_lines (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?)`;
    database.run(sql, flow, number, at, elapsed, line.kind, step, data, hash);
    return { ...line, number, at, elapsed, hash };
  };
  return {
    add: (flow, first) =>
      database.transaction(() => {
        insert(database, flow);
        return append(flow.id, first);
      }),
    append: (flow, line) => database.transaction(() => append(flow, line)),
    save(flow, { state, lock, endedAt }) {
      const sql = `update flows set state = coalesce(?, state), lock = coalesce(?, lock), ended_at = coalesce(?, ended_at)
        where id = ?`;
      const ended = endedAt === undefined ? null : Math.round(endedAt);
      if (database.run(sql, state ?? null, lock ?? null, ended, flow) === 0) throw unknown(flow);
    },
    get(flow) {
      const row = database.get('select * from flows where id = ?', flow);
      return row && flowOf(row);
    },
    all({ lock, open, most = MOST } = {}) {
      const where = ['1', ...(lock === undefined ? [] : ['lock = ?']), ...(open ? ['ended_at is null'] : [])];
      const sql = `select * from flows where ${where.join(' and ')}
        order by ended_at is null desc, order_made desc limit ?`;
      const rows = database.all(sql, ...(lock === undefined ? [] : [lock]), most);
      return rows.flatMap(row => readable(row) ?? []);
    },
    lines: flow => database.all('select * from flow_lines where flow = ? order by number', flow).map(lineOf),
    check(flow) {
      let before = NOTHING_BEFORE;
      let number = 0;
      for (const row of database.all('select * from flow_lines where flow = ? order by number', flow)) {
        number += 1;
        if (row['number'] !== number || row['hash'] !== chained(before, row)) return { ok: false, number };
        before = text(row, 'hash');
      }
      return number === 0 ? { ok: false, number: 1 } : { ok: true };
    },
    keepRecord({ id, flow, lock, at, text: body }) {
      const sql = 'insert into flow_records (id, flow, lock, at, body) values (?, ?, ?, ?, ?)';
      database.run(sql, id, flow, lock ?? null, Math.round(at), body);
    },
    records({ lock, flow, most = MOST } = {}) {
      const where = ['1', ...(lock === undefined ? [] : ['lock = ?']), ...(flow === undefined ? [] : ['flow = ?'])];
      const values = [lock, flow].filter(value => value !== undefined);
      const sql = `select * from flow_records where ${where.join(' and ')} order by at desc, rowid desc limit ?`;
      return database.all(sql, ...values, most).map(recordOf);
    },
  };
}

function insert(database: Database, flow: KeptFlow): void {
  const sql = `insert into flows (order_made, id, type, lock, plan, starter, state, started_at, ended_at)
    values ((select coalesce(max(order_made), 0) + 1 from flows), ?, ?, ?, ?, ?, ?, ?, ?)`;
  const { id, type, lock, plan, starter, state, startedAt, endedAt } = flow;
  const ended = endedAt === undefined ? null : Math.round(endedAt);
  const texts = [JSON.stringify(plan), JSON.stringify(starter)] as const;
  database.run(sql, id, type, lock ?? null, ...texts, state, Math.round(startedAt), ended);
}

/** SHA-256 of the digest before and of the line as JSON in a fixed order; `data` is the text that is stored. */
function chained(before: string, row: Row): string {
  const line = ['number', 'at', 'elapsed', 'kind', 'step', 'data'].map(column => row[column] ?? null);
  return createHash('sha256')
    .update(`${before}\n${JSON.stringify(line)}`)
    .digest('hex');
}

const aPlan = objectOf({ type: aText, goal: aText, rung: aText, hash: aText, steps: Array.isArray });
const anAsker = objectOf({ via: aText, who: aText, role: aText });

function flowOf(row: Row): KeptFlow {
  return {
    id: text(row, 'id'),
    type: text(row, 'type') as KeptFlow['type'],
    ...optional(row, 'lock', 'lock', () => text(row, 'lock')),
    plan: json<KeptFlow['plan']>(row, 'plan', aPlan),
    starter: json<KeptFlow['starter']>(row, 'starter', anAsker),
    state: text(row, 'state') as KeptFlow['state'],
    startedAt: whole(row, 'started_at'),
    ...optional(row, 'ended_at', 'endedAt', () => whole(row, 'ended_at')),
  };
}

/** One that is damaged keeps nobody from the others; asked for by its id it is an error. */
function readable(row: Row): KeptFlow | undefined {
  try {
    return flowOf(row);
  } catch {
    return undefined;
  }
}

function lineOf(row: Row): JournalLine {
  return {
    number: whole(row, 'number'),
    at: whole(row, 'at'),
    elapsed: whole(row, 'elapsed'),
    kind: text(row, 'kind') as LineKind,
    ...optional(row, 'step', 'step', () => text(row, 'step')),
    data: json<JournalLine['data']>(row, 'data', objectOf({})),
    hash: text(row, 'hash'),
  };
}

function recordOf(row: Row): ReturnType<FlowShelf['records']>[number] {
  return {
    id: text(row, 'id'),
    flow: text(row, 'flow'),
    ...optional(row, 'lock', 'lock', () => text(row, 'lock')),
    at: whole(row, 'at'),
    text: text(row, 'body'),
  };
}

function unknown(flow: string): LockError {
  return new LockError('disk', `The flow ${flow} is not in the database any more.`, { reason: 'damaged_row' });
}
