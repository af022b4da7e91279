// What only some locks have, over MQTT: actions as buttons and on `set`, whom they take, timers.
import { describe, expect, test } from 'vitest';
import { lockDiscovery } from '../../../src/bridge/mqtt/discovery.ts';
import { makeTopics } from '../../../src/bridge/mqtt/topics.ts';
import type { Abilities, LockView } from '../../../src/lock/lock.ts';
import { FakeWorkbench } from '../../support/fake-workbench.ts';
import { type Counter, makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK } from './house.ts';

const SET = 'latchbridge/front/set';
const ACTIONS = [
  { name: 'lock_n_go', label: 'Lock ’n’ go', moves: true },
  { name: 'reboot', label: 'Restart', moves: false },
];

function able(): LockView {
  const view = makeView(LOCK, 'front');
  return { ...view, abilities: { ...(view.abilities as Abilities), actions: ACTIONS } };
}

function bench(): Counter & { workbench: FakeWorkbench } {
  const workbench = new FakeWorkbench();
  return Object.assign(makeCounter({ locks: new FakeLocks(able()), options: { workbench } }), { workbench });
}

describe('an action', () => {
  test.each([
    [`${SET}/action`, 'lock_n_go'],
    [`${SET}/action`, '"lock_n_go"'],
    [SET, '{"action":"lock_n_go"}'],
  ])('is done when %s says %s', async (topic, text) => {
    const counter = bench();
    await counter.put(topic, text);
    expect(counter.workbench.done).toMatchObject([
      { what: 'perform', lock: LOCK, action: 'lock_n_go', asker: { role: 'automation' } },
    ]);
  });

  test('is done at a request, and the answer names it', async () => {
    const counter = bench();
    expect(await counter.ask('lock/action', { lock: 'front', action: 'reboot' })).toMatchObject({
      status: 'ok',
      data: { lock: 'front', action: 'reboot' },
    });
  });

  test('is a button of Home Assistant', () => {
    const topics = makeTopics('latchbridge', 'homeassistant');
    const { components } = lockDiscovery(able(), topics, { version: '1', workbench: true });
    expect(components['action_lock_n_go']).toMatchObject({
      platform: 'button',
      unique_id: `latchbridge_${LOCK}_action_lock_n_go`,
      command_topic: `${SET}/action`,
      payload_press: 'lock_n_go',
      retain: false,
    });
    expect(components['action_lock_n_go']).not.toHaveProperty('entity_category');
    expect(components['action_reboot']).toMatchObject({ entity_category: 'config' });
  });
});

describe('whom a lock takes', () => {
  test('is listed and taken off', async () => {
    const counter = bench();
    expect(await counter.ask('lock/authorisations/read', { lock: 'front' })).toMatchObject({
      data: {
        authorisations: [
          { id: '11', ours: true },
          { id: '12', name: 'Anna' },
        ],
      },
    });
    await counter.ask('lock/authorisations/remove', { lock: 'front', authorisation: '12' });
    expect(counter.workbench.paired.map(({ id }) => id)).toEqual(['11']);
  });
});

describe('timers', () => {
  test('are set, changed and taken off', async () => {
    const counter = bench();
    const timer = { days: [1], minute: 1320, action: 'lock' };
    expect(await counter.ask('lock/timers/set', { lock: 'front', ...timer })).toMatchObject({
      data: { timer: { id: '1', enabled: true, ...timer } },
    });
    await counter.ask('lock/timers/set', { lock: 'front', timer: '1', enabled: false, ...timer });
    await counter.ask('lock/timers/remove', { lock: 'front', timer: '1' });
    expect(counter.workbench.done).toMatchObject([
      { what: 'add_timer' },
      { what: 'change_timer', timer: { id: '1', enabled: false } },
      { what: 'remove_timer', id: '1' },
    ]);
  });
});
