// Orders on `set`: which act, which are dropped, how many at once, and what is said about each.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { FakeWorkbench } from '../../support/fake-workbench.ts';
import { makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const SET = 'latchbridge/front/set';
const RESULT = 'latchbridge/front/result';

describe('a retained order', () => {
  test('is dropped on protocol 5', async () => {
    const counter = makeCounter({ protocol: '5' });
    await counter.put(SET, 'UNLOCK', { retain: true });
    expect(counter.locks.commands).toEqual([]);
  });

  test('replayed on 3.1.1 is dropped and its topic is cleared', async () => {
    const counter = makeCounter({ protocol: '3.1.1' });
    await counter.put(SET, 'UNLOCK', { retain: true });
    expect(counter.locks.commands).toEqual([]);
    expect(counter.sent).toContainEqual(expect.objectContaining({ topic: SET, payload: '', retain: true }));
  });

  test('that cannot be told from a live one acts once on 3.1.1, and its topic is cleared', async () => {
    const counter = makeCounter({ protocol: '3.1.1' });
    await counter.put(SET, 'UNLOCK');
    await counter.put(SET, '');
    expect(counter.locks.commands).toHaveLength(1);
    expect(counter.sent.filter(one => one.topic === SET)).toEqual([
      expect.objectContaining({ payload: '', retain: true }),
    ]);
  });

  test('on protocol 5 needs no clearing when it is live', async () => {
    const counter = makeCounter({ protocol: '5' });
    await counter.put(SET, 'LOCK');
    expect(counter.sent.filter(one => one.topic === SET)).toEqual([]);
  });
});

describe('a message that comes twice', () => {
  test('as a resent packet acts once and gets the same answer twice', async () => {
    const counter = makeCounter();
    await counter.put(SET, 'OPEN');
    await counter.put(SET, 'OPEN', { dup: true });
    expect(counter.locks.commands).toHaveLength(1);
    expect(counter.json(RESULT)).toHaveLength(2);
  });

  test('under the same transaction acts once', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'OPEN', transaction: 'x' });
    await counter.put(SET, { state: 'OPEN', transaction: 'x' });
    expect(counter.locks.commands).toHaveLength(1);
  });

  test('while the first is still under way waits for its answer', async () => {
    const counter = makeCounter();
    let finish = (): void => undefined;
    counter.locks.pause = () => new Promise(resolve => (finish = resolve));
    await counter.put(SET, { state: 'LOCK', transaction: 1 });
    await counter.put(SET, { state: 'LOCK', transaction: 1 });
    expect(counter.json(RESULT)).toHaveLength(0);
    finish();
    await counter.clock.settle();
    expect(counter.locks.commands).toHaveLength(1);
    expect(counter.json(RESULT)).toHaveLength(2);
  });

  test('is a new wish after 15 s', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'LOCK', transaction: 1 });
    await counter.clock.advance(15_001);
    await counter.put(SET, { state: 'LOCK', transaction: 1 });
    expect(counter.locks.commands).toHaveLength(2);
  });

  test('is tried again when the first was refused for coming too fast', async () => {
    const counter = makeCounter();
    for (let i = 0; i < 6; i++) await counter.put(SET, { state: 'LOCK', transaction: i });
    expect(counter.locks.commands).toHaveLength(5);
    await counter.clock.advance(1000);
    await counter.put(SET, { state: 'LOCK', transaction: 5 });
    expect(counter.locks.commands).toHaveLength(6);
  });

  test('is another wish when the words differ under one transaction', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'LOCK', transaction: 1 });
    await counter.put(SET, { state: 'UNLOCK', transaction: 1 });
    expect(counter.locks.commands).toHaveLength(2);
  });
});

describe('the deadline', () => {
  test('is 15 s from when the message came', async () => {
    const counter = makeCounter();
    await counter.clock.advance(1234);
    await counter.put(SET, 'LOCK');
    expect(counter.locks.commands[0]?.deadline).toBe(1234 + 15_000);
  });

  test('is what the message itself has left, if that is less', async () => {
    const counter = makeCounter();
    await counter.put(SET, 'LOCK', { expiresIn: 3 });
    expect(counter.locks.commands[0]?.deadline).toBe(3000);
  });

  test('has passed for a message without time left', async () => {
    const counter = makeCounter();
    await counter.put(SET, 'UNLOCK', { expiresIn: 0 });
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ status: 'error', code: 'stale' });
  });
});

describe('the rate', () => {
  test('is five at once, then one a second', async () => {
    const counter = makeCounter();
    for (let i = 0; i < 20; i++) await counter.put(SET, 'LOCK');
    expect(counter.locks.commands).toHaveLength(5);
    await counter.clock.advance(2000);
    for (let i = 0; i < 20; i++) await counter.put(SET, 'LOCK');
    expect(counter.locks.commands).toHaveLength(7);
  });

  test('is counted for every lock on its own', async () => {
    const counter = makeCounter({ locks: new FakeLocks(makeView(LOCK, 'front'), makeView('b1b2c3d4e5f6', 'back')) });
    for (let i = 0; i < 9; i++) await counter.put(SET, 'LOCK');
    await counter.put('latchbridge/back/set', 'LOCK');
    expect(counter.locks.commands.at(-1)?.lock).toBe('b1b2c3d4e5f6');
  });

  test('refuses aloud, and a flood of refusals is told once a second with their number', async () => {
    const counter = makeCounter();
    for (let i = 0; i < 105; i++) await counter.put(SET, 'LOCK');
    expect(counter.json(RESULT).filter(one => one['code'] === 'rate')).toHaveLength(5);
    await counter.clock.advance(1000);
    await counter.put(SET, 'LOCK');
    await counter.put(SET, 'LOCK');
    expect(counter.json(RESULT).at(-1)?.['error']).toMatch(/\(96 times\)$/);
  });

  test('answers every refused message that has a transaction', async () => {
    const counter = makeCounter();
    for (let i = 0; i < 30; i++) await counter.put(SET, { state: 'LOCK', transaction: i });
    expect(counter.json(RESULT).map(one => one['transaction'])).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});

describe('at most 16 orders under way at one lock', () => {
  test('however slowly they come', async () => {
    const counter = makeCounter();
    counter.locks.pause = () => new Promise(() => undefined);
    for (let i = 0; i < 20; i++) {
      await counter.put(SET, 'LOCK');
      await counter.clock.advance(1000);
    }
    expect(counter.locks.commands).toHaveLength(16);
  });
});

describe('what is said of an order', () => {
  test('that succeeds', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'UNLOCK', transaction: { a: [1] } });
    expect(counter.json(RESULT)).toEqual([
      { status: 'ok', data: { verb: 'unlock', command: '0001020304050607', took_ms: 12 }, transaction: { a: [1] } },
    ]);
  });

  test('that fails: the event says whether the lock may have acted', async () => {
    const counter = makeCounter();
    counter.locks.failure = new LockError('timeout', 'The lock did not answer within 10 s.', { acted: 'maybe' });
    await counter.put(SET, 'UNLOCK');
    expect(counter.json('latchbridge/front/event')).toEqual([
      {
        event_type: 'operation_failed',
        source: 'remote',
        ok: false,
        at: '2026-05-11T14:23:07.000Z',
        code: 'timeout',
        text: 'The lock did not answer within 10 s.',
        acted: 'maybe',
      },
    ]);
  });

  test('that breaks something inside: no text of the inside gets out', async () => {
    const counter = makeCounter();
    counter.locks.command = async () => {
      throw new RangeError('secret 4711 inside');
    };
    await counter.put(SET, 'UNLOCK');
    expect(counter.json(RESULT)[0]).toMatchObject({ status: 'error', code: 'internal' });
    expect(JSON.stringify(counter.sent)).not.toContain('4711');
  });

  test('for a lock that there is not, with what was probably meant', async () => {
    const counter = makeCounter();
    await counter.put('latchbridge/frnt/set', 'LOCK');
    expect(counter.json('latchbridge/frnt/result')[0]).toMatchObject({
      code: 'not_found',
      error: 'There is no lock "frnt". Did you mean "front"?',
    });
  });

  test('for a lock that is not shown over MQTT: the same as for none', async () => {
    const hidden = makeView(LOCK, 'front', { settings: { session: 'on_demand', exposed: ['matter'] } });
    const counter = makeCounter({ locks: new FakeLocks(hidden) });
    await counter.put(SET, 'UNLOCK');
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ code: 'not_found' });
  });
});

describe('the words', () => {
  test.each([
    'TOGGLE',
    'unlok',
    '{"state":"TOGGLE"}',
    '{"state":5}',
    '{"brightness":3}',
    '[1]',
    '{"state":',
    'constructor',
  ])('%s is refused', async payload => {
    const counter = makeCounter();
    await counter.put(SET, payload);
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ status: 'error' });
  });

  test('set/state takes a plain word and an object', async () => {
    const counter = makeCounter();
    await counter.put(`${SET}/state`, 'LOCK');
    await counter.put(`${SET}/state`, { state: 'UNLOCK' });
    expect(counter.locks.commands.map(one => one.verb)).toEqual(['lock', 'unlock']);
  });

  test('the code goes to the lock and nowhere else', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'UNLOCK', code: '271828' });
    expect(counter.locks.commands[0]?.pin?.reveal()).toBe('271828');
    expect(JSON.stringify(counter.sent)).not.toContain('271828');
  });

  test('longer than 16 KiB are not read, and that is said', async () => {
    const counter = makeCounter();
    await counter.put(SET, `{"state":"UNLOCK","x":"${'a'.repeat(16_384)}"}`);
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ code: 'too_long' });
  });
});

describe('who asks', () => {
  test('is an automation without a token and an owner with one', async () => {
    const counter = makeCounter();
    await counter.put(SET, 'LOCK');
    await counter.put(SET, { state: 'LOCK', token: TOKEN });
    expect(counter.locks.commands.map(one => one.asker.role)).toEqual(['automation', 'owner']);
    expect(JSON.stringify(counter.sent)).not.toContain(TOKEN);
  });

  test('is refused with a token that is not known', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'UNLOCK', token: 'wrong' });
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ code: 'bad_token' });
  });
});

describe('protocol 5', () => {
  test('an answer goes to the response topic too, with the correlation data', async () => {
    const counter = makeCounter();
    const correlation = Uint8Array.of(1, 2, 3);
    await counter.put(SET, 'LOCK', { answerOn: 'clients/me/inbox', correlation });
    expect(counter.sent.find(one => one.topic === 'clients/me/inbox')).toMatchObject({
      correlation,
      retain: false,
      payload: counter.sent.find(one => one.topic === RESULT)?.payload,
    });
  });

  test.each(['latchbridge/front/set', 'latchbridge/front', 'homeassistant/lock/x/config', 'a/+/b', '$SYS/x', ''])(
    'no answer is sent on %s, whoever wants it there',
    async answerOn => {
      const counter = makeCounter();
      const before = counter.sent.length;
      await counter.put(SET, 'TOGGLE', { answerOn });
      const said = counter.sent
        .slice(before)
        .filter(one => one.topic === answerOn && 'error' in JSON.parse(one.payload));
      expect(said).toEqual([]);
    },
  );
});

describe('a message on set that cannot be meant', () => {
  test('for an unknown key beside a known one is refused whole', async () => {
    const counter = makeCounter();
    await counter.put(SET, { state: 'LOCK', trasaction: 'x', transaction: 'y' });
    expect(counter.locks.commands).toEqual([]);
    expect(counter.json(RESULT)[0]).toMatchObject({ status: 'error', code: 'unknown_key', transaction: 'y' });
  });

  test.each([
    [SET, { sate: 'UNLOCK' }, 'state'],
    [SET, { pin_code: { user: 3, pincode: '271828' } }, 'pin_code'],
    [SET, { user_status: { user: 3, staus: 'enabled' } }, 'status'],
    [`${SET}/pin_code`, { user: 3, pin_cod: '271828' }, 'pin_code'],
    [`${SET}/pincode`, 'LOCK', 'pin_code'],
  ])('says what was meant: %s %j', async (topic, payload, meant) => {
    const counter = makeCounter();
    await counter.put(topic, payload);
    expect(counter.json(RESULT)[0]).toMatchObject({
      code: 'unknown_key',
      error: expect.stringContaining(`Did you mean "${meant}"?`) as string,
    });
    expect(JSON.stringify(counter.sent)).not.toContain('271828');
    expect([counter.access.values, counter.locks.commands]).toEqual([[], []]);
  });

  test('does not name a lock’s own settings among the mistakes', async () => {
    const view = makeView(LOCK, 'front');
    const settings = [{ name: 'sound', label: 'Sound', kind: 'switch' }] as const;
    const abilities = { ...(view.abilities as NonNullable<typeof view.abilities>), settings };
    const workbench = new FakeWorkbench();
    const counter = makeCounter({ locks: new FakeLocks({ ...view, abilities }), options: { workbench } });
    await counter.put(SET, { sound: 'OFF', token: TOKEN, transaction: 1 });
    await counter.put(SET, { sound_volume: 'silent_mode' });
    expect(workbench.done.map(({ name, value }) => [name, value])).toEqual([
      ['sound', false],
      ['sound', false],
    ]);
  });

  test.each(['OPNE', '{"sate":"LOCK"}', '{"state":'])(
    'is told five times at once, then not looked at: %s',
    async text => {
      const counter = makeCounter();
      const states = (): number => counter.sent.filter(one => one.topic === 'latchbridge/front').length;
      const before = states();
      for (let i = 0; i < 200; i++) await counter.put(SET, text);
      const answers = counter.json(RESULT);
      expect(answers.filter(one => one['code'] !== 'rate')).toHaveLength(5);
      expect(answers.length).toBeLessThanOrEqual(10);
      // Nor is the state said again for each.
      expect(states() - before).toBeLessThanOrEqual(5);
    },
  );

  test('keeps nobody from locking', async () => {
    const counter = makeCounter();
    for (let i = 0; i < 200; i++) await counter.put(SET, 'OPNE');
    await counter.put(SET, 'LOCK');
    expect(counter.locks.commands).toHaveLength(1);
  });
});
