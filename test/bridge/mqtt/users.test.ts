// Codes in zigbee2mqtt's shape, as code managers write and read them.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { type Counter, makeCounter } from './counter.ts';
import { LOCK } from './house.ts';

const SET = 'latchbridge/front/set';
const GET = 'latchbridge/front/get';
const STATE = 'latchbridge/front';

/** What was said of users, and that none of it was retained. */
function users(counter: Counter): Record<string, unknown>[] {
  const said = counter.sent.filter(one => one.topic === STATE && one.payload.includes('"users"'));
  expect(said.filter(one => one.retain)).toEqual([]);
  return said.map(one => (JSON.parse(one.payload) as { users: Record<string, unknown> }).users);
}

const code = (more: object = {}): object => ({
  pin_code: { user: 3, user_type: 'unrestricted', user_enabled: true, pin_code: '271828', ...more },
});

describe('writing', () => {
  test('sets a code and tells the slot as taken, never its value', async () => {
    const counter = makeCounter();
    await counter.put(SET, code());
    expect(counter.access.values).toEqual(['271828']);
    expect(users(counter).at(-1)).toEqual({ 3: { status: 'enabled' } });
    expect(JSON.stringify(counter.sent)).not.toContain('271828');
  });

  test('null clears it', async () => {
    const counter = makeCounter();
    await counter.put(SET, code());
    await counter.put(SET, code({ user_enabled: false, pin_code: null }));
    expect(counter.access.kept.size).toBe(0);
    expect(users(counter).at(-1)).toEqual({ 3: { status: 'available' } });
  });

  test('without digits clears nothing', async () => {
    const counter = makeCounter();
    await counter.put(SET, code());
    await counter.put(SET, { pin_code: { user: 3 } });
    expect(counter.access.kept.size).toBe(1);
  });

  test('that fails tells the true status, since code managers believe themselves', async () => {
    const counter = makeCounter();
    counter.access.failure = new LockError('rejected', 'The lock has no room.', { reason: 'no_space' });
    await counter.put(SET, code());
    expect(users(counter)).toEqual([{ 3: { status: 'available' } }]);
    expect(counter.json('latchbridge/front/result')[0]).toMatchObject({ status: 'error', code: 'no_space' });
  });

  test('enables and disables', async () => {
    const counter = makeCounter();
    await counter.put(SET, code());
    await counter.put(SET, { user_status: { user: 3, status: 'disabled' } });
    expect(users(counter).at(-1)).toEqual({ 3: { status: 'disabled' } });
  });

  test('other kinds of users is refused', async () => {
    const counter = makeCounter();
    await counter.put(SET, code({ user_type: 'master' }));
    expect(counter.access.values).toEqual([]);
    expect(counter.json('latchbridge/front/result')[0]).toMatchObject({ code: 'unsupported' });
  });

  test('all ten slots in one go is not too fast', async () => {
    const counter = makeCounter();
    for (let user = 1; user <= 10; user++) await counter.put(SET, code({ user, pin_code: `12345${user}` }));
    expect(counter.access.kept.size).toBe(10);
  });

  test('on set/pin_code works as well', async () => {
    const counter = makeCounter();
    await counter.put(`${SET}/pin_code`, { user: 4, pin_code: '4444' });
    expect(counter.access.values).toEqual(['4444']);
  });
});

describe('reading', () => {
  test('one slot is answered at once from what is known', async () => {
    const counter = makeCounter();
    counter.access.reconcile = () => new Promise(() => undefined);
    await counter.put(GET, { pin_code: { user: 5 } });
    expect(users(counter)).toEqual([{ 5: { status: 'available' } }]);
  });

  test.each(['', null, {}])('all slots are asked for with %j', async all => {
    const counter = makeCounter();
    await counter.put(SET, code());
    await counter.put(GET, { pin_code: all });
    expect(Object.keys(users(counter).at(-1) as object)).toHaveLength(10);
    expect(users(counter).at(-1)).toMatchObject({ 1: { status: 'available' }, 3: { status: 'enabled' } });
  });

  test('reads the lock once an hour, not at every poll', async () => {
    const counter = makeCounter();
    await counter.put(GET, { pin_code: { user: 1 } });
    for (let i = 0; i < 11; i++) {
      await counter.clock.advance(300_000);
      await counter.put(GET, { pin_code: { user: 1 } });
    }
    expect(counter.access.reconciled).toEqual([LOCK]);
    await counter.clock.advance(300_000);
    await counter.put(GET, { pin_code: { user: 1 } });
    expect(counter.access.reconciled).toEqual([LOCK, LOCK]);
  });

  test('the state tells it again, retained, and asks the lock', async () => {
    const counter = makeCounter();
    const before = counter.json(STATE).length;
    await counter.put(GET, { state: '' });
    expect(counter.json(STATE)).toHaveLength(before + 1);
    expect(counter.locks.refreshed).toEqual(['front']);
  });
});

describe('a card', () => {
  test('in a slot is no user: users are codes', () => {
    const counter = makeCounter();
    counter.access.tell(LOCK, 3, 'card');
    expect(users(counter)).toEqual([]);
  });
});
