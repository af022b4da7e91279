import { describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import type { KeptFlow } from '../../src/flow/journal.ts';
import type { Plan } from '../../src/flow/plan.ts';
import { makeFlowShelf } from '../../src/store/flows.ts';
import { openInMemory } from '../../src/store/opening.ts';
import { open } from './kit.ts';

function flow(id: string, more: Partial<KeptFlow> = {}): KeptFlow {
  const plan = { type: 'turnover', goal: 'Nobody’s old code opens.', rung: 'all_guests', hash: 'ab', steps: [] };
  return {
    id,
    type: 'turnover',
    lock: '00000000000a',
    plan: plan as unknown as Plan,
    starter: { via: 'cli', who: 'cli', role: 'owner' },
    state: 'running',
    startedAt: 1_700_000_000_000,
    ...more,
  };
}

const line = (n: number) => ({ at: 1000 + n, elapsed: n, kind: 'said', data: { text: `line ${n}` } }) as const;

describe('flows on disk', () => {
  test('a flow comes back with its plan and its first line', () => {
    const { flows } = open();
    flows.add(flow('f-1'), { at: 5, elapsed: 0, kind: 'planned', data: { by: 'cli' } });
    expect(flows.get('f-1')).toEqual(flow('f-1'));
    expect(flows.lines('f-1')).toMatchObject([{ number: 1, kind: 'planned', data: { by: 'cli' } }]);
  });

  test('open flows come first, then the newest', () => {
    const { flows } = open();
    for (const id of ['f-1', 'f-2', 'f-3']) flows.add(flow(id), line(0));
    flows.save('f-3', { state: 'succeeded', endedAt: 9 });
    flows.save('f-1', { state: 'succeeded', endedAt: 8 });
    expect(flows.all().map(({ id }) => id)).toEqual(['f-2', 'f-3', 'f-1']);
    expect(flows.all({ open: true }).map(({ id }) => id)).toEqual(['f-2']);
  });

  test('the lock that a flow is about may be told later', () => {
    const { flows } = open();
    const { lock: _lock, ...newcomer } = flow('f-1');
    flows.add(newcomer, line(0));
    flows.save('f-1', { lock: '00000000000b' });
    expect(flows.all({ lock: '00000000000b' }).map(({ id }) => id)).toEqual(['f-1']);
  });

  test('lines of two flows are numbered and chained apart', () => {
    const { flows } = open();
    for (const id of ['f-1', 'f-2']) flows.add(flow(id), line(0));
    for (const id of ['f-1', 'f-2', 'f-1']) flows.append(id, line(1));
    expect(flows.lines('f-1').map(({ number }) => number)).toEqual([1, 2, 3]);
    expect([flows.check('f-1'), flows.check('f-2')]).toEqual([{ ok: true }, { ok: true }]);
  });

  test('a line of no flow is refused, and so is a second flow of the same id', () => {
    const { flows } = open();
    expect(() => flows.append('f-9', line(0))).toThrow(LockError);
    flows.add(flow('f-1'), line(0));
    expect(() => flows.add(flow('f-1'), line(0))).toThrow(LockError);
    expect(flows.lines('f-1').length).toBe(1);
  });

  test.each([
    ['its words', `update flow_lines set data = '{"text":"line 7"}' where number = 3`, 3],
    ['its time', 'update flow_lines set at = at + 1 where number = 2', 2],
    ['a line in the middle', 'delete from flow_lines where number = 3', 3],
    ['everything', 'delete from flow_lines', 1],
  ])('a changed past is noticed: %s', (_what, sql, number) => {
    const { database } = openInMemory();
    const flows = makeFlowShelf(database);
    flows.add(flow('f-1'), line(0));
    for (let n = 1; n < 5; n++) flows.append('f-1', line(n));
    expect(flows.check('f-1')).toEqual({ ok: true });
    database.exec(sql);
    expect(flows.check('f-1')).toEqual({ ok: false, number });
  });

  test('a damaged flow is an error and keeps nobody from the others', () => {
    const { database } = openInMemory();
    const flows = makeFlowShelf(database);
    for (const id of ['f-1', 'f-2']) flows.add(flow(id), line(0));
    database.exec(`update flows set plan = '{"type"' where id = 'f-1'`);
    expect(() => flows.get('f-1')).toThrow('makes no sense');
    expect(flows.all({ open: true }).map(({ id }) => id)).toEqual(['f-2']);
  });

  test('a damaged line is an error and no line', () => {
    const { database } = openInMemory();
    const flows = makeFlowShelf(database);
    flows.add(flow('f-1'), line(0));
    database.exec(`update flow_lines set data = '[1'`);
    expect(() => flows.lines('f-1')).toThrow('makes no sense');
  });

  test('a record is kept as the very text that was signed', () => {
    const { flows } = open();
    const text = '{ "b":1,\n "a":2 }';
    flows.keepRecord({ id: 'r-1', flow: 'f-1', lock: '00000000000a', at: 7, text });
    expect(flows.records({ flow: 'f-1' })).toEqual([{ id: 'r-1', flow: 'f-1', lock: '00000000000a', at: 7, text }]);
    expect(flows.records({ lock: 'other' })).toEqual([]);
  });
});
