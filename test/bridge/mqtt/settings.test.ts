// What can be set on a lock itself: topics, entities, zigbee2mqtt's names.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { lockDiscovery, withoutGone } from '../../../src/bridge/mqtt/discovery.ts';
import { makeTopics } from '../../../src/bridge/mqtt/topics.ts';
import type { Abilities, Happening, LockView } from '../../../src/lock/lock.ts';
import { FakeWorkbench, SETTINGS } from '../../support/fake-workbench.ts';
import { type Counter, makeCounter } from './counter.ts';
import { AT, FakeLocks, makeView } from './fakes.ts';
import { LOCK } from './house.ts';

const SET = 'latchbridge/front/set';
const STATE = 'latchbridge/front';
const VALUES = 'latchbridge/front/settings';
const CONFIG = `homeassistant/device/latchbridge_${LOCK}/config`;

function viewWith(abilities: Partial<Abilities>): LockView {
  const view = makeView(LOCK, 'front');
  return { ...view, abilities: { ...(view.abilities as Abilities), ...abilities } };
}

function bench(
  abilities: Partial<Abilities> = { settings: SETTINGS },
): Counter & { workbench: FakeWorkbench; written: () => unknown[] } {
  const workbench = new FakeWorkbench();
  const counter = makeCounter({ locks: new FakeLocks(viewWith(abilities)), options: { workbench } });
  const written = (): unknown[] =>
    workbench.done.filter(one => one.what === 'write').map(one => [one['name'], one['value']]);
  return Object.assign(counter, { workbench, written });
}

describe('setting', () => {
  test.each([
    ['sound', 'OFF', false],
    ['sound', 'true', true],
    ['sound', '"on"', true],
    ['auto_lock_seconds', '30', 30],
    ['direction', 'right', 'right'],
  ])('%s to %s on a topic of its own', async (name, text, value) => {
    const counter = bench();
    await counter.put(`${SET}/${name}`, text);
    expect(counter.written()).toEqual([[name, value]]);
    expect(counter.workbench.done[0]).toMatchObject({ lock: LOCK, asker: { via: 'mqtt', role: 'automation' } });
  });

  test('several in one message, with the transaction in the answer', async () => {
    const counter = bench();
    await counter.put(SET, { sound: 'OFF', auto_lock_seconds: 10, transaction: 7 });
    expect(counter.written()).toEqual([
      ['sound', false],
      ['auto_lock_seconds', 10],
    ]);
    expect(counter.json(`${STATE}/result`)).toEqual([
      { status: 'ok', data: { sound: false, auto_lock_seconds: 10 }, transaction: 7 },
    ]);
  });

  test.each([
    [{ auto_relock_time: 60 }, [['auto_lock_seconds', 60]]],
    [{ sound_volume: 'silent_mode' }, [['sound', false]]],
    [
      { sound_volume: 'low_volume' },
      [
        ['sound', true],
        ['volume', 1],
      ],
    ],
    [
      { sound_volume: 'high_volume' },
      [
        ['sound', true],
        ['volume', 5],
      ],
    ],
  ])("in zigbee2mqtt's words: %j", async (body, written) => {
    const counter = bench();
    await counter.put(SET, body);
    expect(counter.written()).toEqual(written);
  });

  test('what the lock says afterwards is on the settings topic, retained', async () => {
    const counter = bench();
    await counter.put(`${SET}/sound`, 'OFF');
    expect(JSON.parse(counter.kept().get(VALUES) ?? '')).toEqual({ sound: false });
  });

  test('what the lock refuses is told, with the values as they are', async () => {
    const counter = bench();
    counter.workbench.failure = new LockError('rejected', 'The lock kept the old value.', { reason: 'not_taken' });
    const before = counter.json(VALUES).length;
    await counter.put(`${SET}/sound`, 'OFF');
    expect(counter.json(`${STATE}/result`).at(-1)).toMatchObject({ status: 'error', code: 'not_taken' });
    expect(counter.json(VALUES).length).toBe(before + 1);
  });

  test.each([
    ['auto_lock_seconds', '901', 'a whole number from 0 to 900 (s)'],
    ['auto_lock_seconds', 'soon', 'a whole number from 0 to 900 (s)'],
    ['sound', 'loud', 'on or off'],
    ['direction', 'up', 'one of left, right'],
  ])('%s to %s is refused before the lock is asked', async (name, text, possible) => {
    const counter = bench();
    await counter.put(`${SET}/${name}`, text);
    expect(counter.workbench.done).toEqual([]);
    expect(counter.json(`${STATE}/result`).at(-1)).toMatchObject({ code: 'setting_value' });
    expect(counter.json(`${STATE}/result`).at(-1)?.['error']).toContain(possible);
  });

  test('what the lock lacks is nothing that can be set', async () => {
    const counter = bench({ settings: SETTINGS.filter(each => each.name !== 'sound') });
    await counter.put(SET, { sound: true });
    expect(counter.workbench.done).toEqual([]);
    expect(counter.json(`${STATE}/result`).at(-1)?.['error']).toContain('auto_lock_seconds, volume, direction');
  });

  test('the lock still takes LOCK in the same message', async () => {
    const counter = bench();
    await counter.put(SET, { state: 'LOCK', sound: false });
    expect(counter.locks.commands).toHaveLength(1);
    expect(counter.written()).toEqual([['sound', false]]);
  });

  test('a retained setting is dropped', async () => {
    const counter = bench();
    await counter.put(`${SET}/sound`, 'OFF', { retain: true });
    expect(counter.workbench.done).toEqual([]);
  });
});

describe('the requests', () => {
  test('read asks the lock for all', async () => {
    const counter = bench();
    expect(await counter.ask('lock/settings/read', { lock: 'front' })).toMatchObject({
      status: 'ok',
      data: { lock: 'front', settings: { auto_lock_seconds: 5, sound: true, volume: 4, direction: 'left' } },
    });
  });

  test('set writes some and gives what the lock says', async () => {
    const counter = bench();
    const settings = { sound: false, volume: '2' };
    expect(await counter.ask('lock/settings/set', { lock: 'front', settings })).toMatchObject({
      data: { settings: { sound: false, volume: 2 } },
    });
  });

  test('set of a name that the lock lacks writes none and guesses', async () => {
    const counter = bench();
    const answer = await counter.ask('lock/settings/set', { lock: 'front', settings: { volume: 2, sond: true } });
    expect(answer).toMatchObject({ status: 'error', code: 'no_setting' });
    expect(answer['error']).toContain('Did you mean sound?');
    expect(counter.workbench.done).toEqual([]);
  });

  test('are not there without a workbench', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/settings/read', { lock: 'front' })).toMatchObject({ code: 'unknown_request' });
  });
});

describe('asking on get', () => {
  test('reads the lock at most every 10 minutes and tells what is known at once', async () => {
    const counter = bench();
    const count = (): number => counter.workbench.done.filter(one => one.what === 'read').length;
    await counter.put('latchbridge/front/get', { settings: '' });
    await counter.put('latchbridge/front/get', { auto_relock_time: '' });
    expect(count()).toBe(1);
    await counter.clock.advance(600_000);
    await counter.put('latchbridge/front/get', { sound: '' });
    expect(count()).toBe(2);
    expect(counter.locks.refreshed).toEqual([]);
  });
});

describe('the state', () => {
  test("has zigbee2mqtt's names for what is known", async () => {
    const counter = bench();
    expect(counter.json(STATE).at(-1)).not.toHaveProperty('auto_relock_time');
    await counter.ask('lock/settings/read', { lock: 'front' });
    expect(counter.json(STATE).at(-1)).toMatchObject({ auto_relock_time: 5, sound_volume: 'high_volume' });
    await counter.put(`${SET}/volume`, '2');
    expect(counter.json(STATE).at(-1)).toMatchObject({ sound_volume: 'low_volume' });
    await counter.put(`${SET}/sound`, 'OFF');
    expect(counter.json(STATE).at(-1)).toMatchObject({ sound_volume: 'silent_mode' });
  });

  test('says what the chosen session costs, and changes of that alone at most once a minute', async () => {
    const counter = bench();
    expect(counter.json(STATE).at(-1)?.['session']).toMatchObject({
      mode: 'on_demand',
      questions_per_day: 42,
      connected_minutes_per_day: 3.3,
      battery_days: 301,
    });
    const before = counter.json(STATE).length;
    counter.workbench.cost = [{ mode: 'on_demand', questionsPerDay: 43, connectedMinutesPerDay: 3, batteryDays: 300 }];
    counter.locks.emit({ kind: 'state', view: counter.locks.find('front') as LockView });
    await counter.clock.settle();
    expect(counter.json(STATE)).toHaveLength(before);
    await counter.clock.advance(60_000);
    expect(counter.json(STATE).at(-1)?.['session']).toMatchObject({ battery_days: 300 });
  });
});

describe('who operated the lock last', () => {
  const happen = async (counter: Counter, more: Partial<Happening>): Promise<void> => {
    const happening: Happening = { type: 'unlocked', source: 'keypad', ok: true, at: AT, ...more };
    counter.locks.emit({ kind: 'happened', view: counter.locks.find('front') as LockView, happening });
    await counter.clock.settle();
  };

  test('is a person where one is known', async () => {
    const counter = makeCounter();
    await happen(counter, { slot: 3, person: 'Ada' });
    expect(JSON.parse(counter.kept().get(STATE) ?? '')['attributes']).toMatchObject({
      last_actor: 'Ada',
      last_actor_id: 3,
      last_source: 'keypad',
      last_action: 'unlocked',
    });
  });

  test('is the way it was done where nobody is known', async () => {
    const counter = makeCounter();
    await happen(counter, { source: 'manual' });
    expect(counter.json(STATE).at(-1)?.['attributes']).toMatchObject({ last_actor: 'By hand' });
  });

  test('is not somebody who was refused, nor an older record that came late', async () => {
    const counter = makeCounter();
    await happen(counter, { person: 'Ada' });
    await happen(counter, { person: 'Eve', type: 'refused', ok: false });
    await happen(counter, { person: 'Bob', at: AT - 60_000 });
    expect(counter.json(STATE).at(-1)?.['attributes']).toMatchObject({ last_actor: 'Ada' });
  });

  test('is who came next, by a lock whose clock is a little slow', async () => {
    const counter = makeCounter();
    await happen(counter, { person: 'Ada' });
    await happen(counter, { person: 'Bob', at: AT - 4000 });
    expect(counter.json(STATE).at(-1)?.['attributes']).toMatchObject({ last_actor: 'Bob' });
  });
});

describe('entities', () => {
  const topics = makeTopics('latchbridge', 'homeassistant');
  const entities = (abilities: Partial<Abilities>, workbench = true) =>
    lockDiscovery(viewWith(abilities), topics, { version: '0.1.0', workbench }).components;

  test('a switch, a number and a select, each a setting of the device', () => {
    const found = entities({ settings: SETTINGS });
    expect(found['setting_sound']).toMatchObject({
      platform: 'switch',
      unique_id: `latchbridge_${LOCK}_setting_sound`,
      name: 'Sound',
      entity_category: 'config',
      command_topic: 'latchbridge/front/set/sound',
      state_topic: VALUES,
      payload_on: 'ON',
    });
    expect(found['setting_auto_lock_seconds']).toMatchObject({
      platform: 'number',
      min: 0,
      max: 900,
      unit_of_measurement: 's',
    });
    expect(found['setting_direction']).toMatchObject({ platform: 'select', options: ['left', 'right'] });
  });

  test('none for what a lock lacks', () => {
    const found = entities({ settings: SETTINGS.slice(0, 1), battery: false, log: false });
    expect(Object.keys(found).filter(key => key.startsWith('setting_'))).toEqual(['setting_auto_lock_seconds']);
    expect(found).not.toHaveProperty('battery_days');
    expect(found).not.toHaveProperty('last_actor');
  });

  test('none without a workbench', () => {
    const found = Object.keys(entities({ settings: SETTINGS }, false));
    expect(found.filter(key => key.startsWith('setting_') || key === 'battery_days')).toEqual([]);
  });

  test('of a lock that lost one are let go with the platform alone', () => {
    const document = lockDiscovery(viewWith({ settings: [] }), topics, { version: '0.1.0', workbench: true });
    const { document: said } = withoutGone(document, { lock: 'lock', setting_sound: 'switch' });
    expect(said.components['setting_sound']).toEqual({ platform: 'switch' });
    expect(said.components['lock']).toEqual(document.components['lock']);
  });

  test('are let go on the broker when the abilities change', async () => {
    const counter = bench();
    counter.locks.emit({ kind: 'changed', view: viewWith({ settings: SETTINGS.slice(0, 1) }) });
    await counter.clock.settle();
    const components = counter.json(CONFIG).at(-1)?.['components'] as Record<string, unknown>;
    expect(components['setting_sound']).toEqual({ platform: 'switch' });
    expect(components['setting_auto_lock_seconds']).toHaveProperty('state_topic');
  });
});
