// Documents of a lock: pure functions.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { actionDocument, EVENT_TYPES, eventDocument, stamp, stateDocument } from '../../../src/bridge/mqtt/state.ts';
import type { Bolt, Happening } from '../../../src/lock/lock.ts';
import { AT, makeView } from './fakes.ts';
import { LOCK } from './house.ts';

function happening(type: Happening['type'], source: Happening['source'], more: Partial<Happening> = {}): Happening {
  return { type, source, ok: true, at: AT, ...more };
}

describe('the bolt', () => {
  test.each<[Bolt, string | null, string | null]>([
    ['locked', 'LOCK', 'LOCKED'],
    ['locking', 'UNLOCK', 'LOCKING'],
    ['unlocked', 'UNLOCK', 'UNLOCKED'],
    ['unlocking', 'UNLOCK', 'UNLOCKING'],
    ['unlatched', 'UNLOCK', 'OPEN'],
    ['jammed', null, 'JAMMED'],
    ['unknown', null, null],
  ])('%s is %s to zigbee2mqtt and %s to Home Assistant', (bolt, state, haState) => {
    const view = makeView(LOCK, 'front');
    expect(stateDocument({ ...view, state: { ...view.state, bolt } })).toMatchObject({
      state,
      ha_state: haState,
      lock_state: bolt,
    });
  });
});

describe('what is not known', () => {
  test('is left out', () => {
    const { rssi: _rssi, lastHeard: _lastHeard, ...view } = makeView(LOCK, 'front');
    const document = stateDocument({ ...view, state: { bolt: 'unknown', reachable: false, trust: 'guessed', at: AT } });
    expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['door_state']));
    expect('battery' in document || 'rssi' in document || 'door_state' in document).toBe(false);
  });

  test('is null for a time that no calendar has', () => {
    expect(stamp(Number.NaN)).toBeNull();
    expect(stamp(9e15)).toBeNull();
  });
});

describe('trouble', () => {
  test('is told with its reason and text', () => {
    const trouble = { reason: 'not_heard', text: 'The lock is not heard any more.' };
    expect(stateDocument(makeView(LOCK, 'front', { trouble }))).toMatchObject({
      attributes: { trouble: 'not_heard', trouble_text: 'The lock is not heard any more.' },
    });
  });
});

describe('an action', () => {
  test.each<[Happening['type'], Happening['source'], string | undefined, number | undefined]>([
    ['unlocked', 'keypad', 'keypad_unlock', 0],
    ['locked', 'manual', 'manual_lock', 2],
    ['unlocked', 'key', 'key_unlock', 2],
    ['unlocked', 'app', 'unlock', 1],
    ['opened', 'card', 'unlock', 3],
    ['unlocked', 'finger', 'unlock', 4],
    ['auto_locked', 'auto', 'auto_lock', undefined],
    ['wrong_code', 'keypad', 'unlock_failure_invalid_pin_or_id', 0],
    ['code_added', 'keypad', 'pin_code_added', 0],
    ['card_deleted', 'app', 'rfid_code_deleted', 1],
    ['tamper', 'lock', undefined, undefined],
  ])('%s by %s is %s', (type, source, action, number) => {
    const document = actionDocument(happening(type, source));
    expect(document?.action).toBe(action);
    expect(document?.['action_source']).toBe(number);
  });

  test('names the slot as a number', () => {
    expect(actionDocument(happening('unlocked', 'keypad', { slot: 3 }))).toEqual({
      action: 'keypad_unlock',
      action_user: 3,
      action_source: 0,
      action_source_name: 'keypad',
    });
  });
});

describe('an event', () => {
  test('tells who, never with which code', () => {
    const credential = { kind: 'code', value: new Secret('271828') } as const;
    const document = eventDocument(
      happening('unlocked', 'keypad', { slot: 3, person: 'Ada\u0000', credential, raw: '04' }),
    );
    expect(document).toEqual({
      event_type: 'unlocked',
      source: 'keypad',
      ok: true,
      at: '2026-05-11T14:23:07.000Z',
      slot: 3,
      person: 'Ada\ufffd',
    });
  });

  test('types are listed once each', () => {
    expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
  });
});
