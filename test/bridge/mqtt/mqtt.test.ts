// The bridge on a broker: connecting, showing locks, carrying out orders.
import { afterEach, describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { type House, LOCK, makeHouse } from './house.ts';

let house: House;
afterEach(() => house.end());

const SET = 'latchbridge/front/set';
const STATE = 'latchbridge/front';

describe('after connecting', () => {
  test('the state of every lock is retained in the agreed shape', async () => {
    house = await makeHouse();
    const retained = await house.retained();
    expect(JSON.parse(retained.get(STATE) as string)).toEqual({
      state: 'LOCK',
      ha_state: 'LOCKED',
      lock_state: 'locked',
      battery: 87,
      rssi: -61,
      reachable: true,
      trust: 'told',
      at: '2026-05-11T14:23:07.000Z',
      lifecycle: 'managed',
      session: { open: false, since: '2026-05-11T14:23:07.000Z', losses: 0 },
      attributes: {
        id: LOCK,
        family: 'ttlock',
        unit: 'front',
        model: 'S502',
        firmware: '6.2',
      },
    });
  });

  test('the pages of the bridge, availability and discovery are retained', async () => {
    house = await makeHouse();
    const retained = await house.retained();
    expect([...retained.keys()].sort()).toEqual([
      `homeassistant/device/latchbridge_${LOCK}/config`,
      'homeassistant/device/latchbridge_bridge/config',
      'latchbridge/bridge/health',
      'latchbridge/bridge/info',
      'latchbridge/bridge/locks',
      'latchbridge/bridge/radios',
      'latchbridge/bridge/state',
      'latchbridge/front',
      'latchbridge/front/availability',
    ]);
    expect(retained.get('latchbridge/bridge/state')).toBe('{"state":"online"}');
    expect(retained.get('latchbridge/front/availability')).toBe('{"state":"online"}');
  });
});

describe('an order on set', () => {
  test.each([
    ['LOCK', 'lock'],
    ['unlock', 'unlock'],
    ['OPEN', 'unlatch'],
    ['{"state":"LOCK"}', 'lock'],
    ['"UNLOCK"', 'unlock'],
  ])('%s becomes the command %s', async (payload, verb) => {
    house = await makeHouse();
    await house.listener.publish(SET, payload);
    await house.listener.until('a result', () => house.listener.on('latchbridge/front/result').length > 0);
    expect(house.locks.commands).toMatchObject([{ verb, lock: LOCK, asker: { via: 'mqtt', role: 'automation' } }]);
  });

  test('says LOCKING before and the true state after', async () => {
    house = await makeHouse();
    const before = house.listener.on(STATE).length;
    await house.listener.publish(SET, 'LOCK');
    await house.listener.until('a result', () => house.listener.on('latchbridge/front/result').length > 0);
    expect(
      house.listener
        .json(STATE)
        .slice(before)
        .map(one => one['ha_state']),
    ).toEqual(['LOCKING', 'LOCKED', 'LOCKED']);
  });

  test('that the lock refuses is told on result, event, logging and by the unchanged state', async () => {
    house = await makeHouse();
    house.locks.failure = new LockError('rejected', 'The bolt is blocked; look at the door.', { reason: 'jammed' });
    const before = house.listener.on(STATE).length;
    await house.listener.publish(SET, { state: 'LOCK', transaction: 7 });
    const result = await house.listener.until('a result', () => house.listener.json('latchbridge/front/result')[0]);
    expect(result).toEqual({
      status: 'error',
      data: {},
      error: 'The bolt is blocked; look at the door.',
      code: 'jammed',
      transaction: 7,
    });
    expect(house.listener.json('latchbridge/front/event')[0]).toMatchObject({
      event_type: 'operation_failed',
      code: 'jammed',
    });
    expect(house.listener.json('latchbridge/bridge/logging')[0]).toMatchObject({ level: 'error' });
    expect(house.listener.json(STATE).slice(before)).toHaveLength(1);
  });
});
