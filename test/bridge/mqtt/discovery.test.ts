// Home Assistant's rules for a device document, as its schema has them.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bridgeDiscovery, lockDiscovery } from '../../../src/bridge/mqtt/discovery.ts';
import { EVENT_TYPES } from '../../../src/bridge/mqtt/state.ts';
import { makeTopics } from '../../../src/bridge/mqtt/topics.ts';
import type { Abilities } from '../../../src/lock/lock.ts';
import { makeView } from './fakes.ts';
import { LOCK } from './house.ts';

const topics = makeTopics('latchbridge', 'homeassistant');

const availability = z.array(z.strictObject({ topic: z.string(), value_template: z.string().optional() }));
const entity = z.looseObject({
  platform: z.enum(['lock', 'event', 'sensor', 'binary_sensor', 'switch', 'number', 'select', 'button']),
  unique_id: z.string(),
  name: z.string().nullable(),
  entity_category: z.enum(['config', 'diagnostic']).optional(),
  availability: availability.optional(),
});
/** One unknown key at the root, in `device` or in `origin` and Home Assistant drops everything. */
const deviceDocument = z.strictObject({
  device: z.strictObject({
    identifiers: z.array(z.string().regex(/^[A-Za-z0-9_-]+$/)).min(1),
    connections: z.array(z.tuple([z.string(), z.string()])).optional(),
    name: z.string(),
    manufacturer: z.string().optional(),
    model: z.string().optional(),
    sw_version: z.string().optional(),
    hw_version: z.string().optional(),
    serial_number: z.string().optional(),
    via_device: z.string().optional(),
  }),
  origin: z.strictObject({ name: z.string(), sw_version: z.string().optional(), support_url: z.string().optional() }),
  components: z.record(z.string().regex(/^[A-Za-z0-9_-]+$/), entity),
  availability: availability.optional(),
  availability_mode: z.enum(['all', 'any', 'latest']).optional(),
  qos: z.number().optional(),
});
type Entity = z.infer<typeof entity>;

function entities(view = makeView(LOCK, 'front')): Record<string, Entity> {
  return deviceDocument.parse(JSON.parse(JSON.stringify(lockDiscovery(view, topics, { version: '0.1.0' })))).components;
}

function abilities(more: Partial<Abilities>): Partial<{ abilities: Abilities }> {
  return { abilities: { ...(makeView(LOCK, 'front').abilities as Abilities), ...more } };
}

describe('the document of a lock', () => {
  test('has only what is allowed at the root, with everything known', () => {
    const facts = { model: 'S502', manufacturer: 'TTLock', hardware: '2.1', firmware: '6.2', serial: '123' };
    const view = makeView(LOCK, 'front', { facts, ...abilities({ door: true }) });
    expect(() =>
      deviceDocument.parse(JSON.parse(JSON.stringify(lockDiscovery(view, topics, { version: '0.1.0' })))),
    ).not.toThrow();
  });

  test('has only what is allowed at the root, with nothing known', () => {
    const { abilities: _none, ...view } = makeView(LOCK, 'front', { facts: {}, address: 'x' });
    expect(() =>
      deviceDocument.parse(JSON.parse(JSON.stringify(lockDiscovery(view, topics, { version: '0.1.0' })))),
    ).not.toThrow();
  });

  test('has a lock that takes the name of the device and speaks the words of ha_state', () => {
    expect(entities()['lock']).toMatchObject({
      platform: 'lock',
      unique_id: `latchbridge_${LOCK}_lock`,
      name: null,
      default_entity_id: 'lock.front',
      state_topic: 'latchbridge/front',
      value_template: '{{ value_json.ha_state }}',
      command_topic: 'latchbridge/front/set',
      retain: false,
      state_locked: 'LOCKED',
      state_locking: 'LOCKING',
      state_unlocked: 'UNLOCKED',
      state_unlocking: 'UNLOCKING',
      state_open: 'OPEN',
      state_opening: 'OPENING',
      state_jammed: 'JAMMED',
    });
  });

  test('offers OPEN only where the latch can be pulled', () => {
    expect(entities()['lock']).not.toHaveProperty('payload_open');
    const view = makeView(LOCK, 'front', abilities({ verbs: ['lock', 'unlock', 'unlatch'] }));
    expect(entities(view)['lock']).toMatchObject({ payload_open: 'OPEN' });
  });

  test('shows battery and door only where the lock has them', () => {
    const always = ['problem', 'connectivity', 'last_actor'];
    expect(Object.keys(entities())).toEqual(['lock', 'event', 'rssi', 'battery', ...always]);
    const view = makeView(LOCK, 'front', abilities({ battery: false, door: true }));
    expect(Object.keys(entities(view))).toEqual(['lock', 'event', 'rssi', 'door', ...always]);
  });

  test('has a name and entity ids without double underscores or dashes', () => {
    expect(entities(makeView(LOCK, 'flat-3__door'))['lock']).toMatchObject({ default_entity_id: 'lock.flat_3_door' });
  });

  test('names no sensor a setting, which Home Assistant refuses', () => {
    const wrong = Object.values(entities()).filter(
      one => one.platform.endsWith('sensor') && one.entity_category === 'config',
    );
    expect(wrong).toEqual([]);
  });

  test('lists every type of event', () => {
    expect(entities()['event']?.['event_types']).toEqual(EVENT_TYPES);
  });

  test('keeps its unique ids when the lock is renamed', () => {
    const ids = (name: string): string[] => Object.values(entities(makeView(LOCK, name))).map(one => one.unique_id);
    expect(ids('back')).toEqual(ids('front'));
    expect(new Set(ids('front')).size).toBe(ids('front').length);
  });
});

describe('the document of the bridge', () => {
  test('is what the locks are via', () => {
    const bridge = deviceDocument.parse(bridgeDiscovery(topics, '0.1.0'));
    const lock = deviceDocument.parse(
      JSON.parse(JSON.stringify(lockDiscovery(makeView(LOCK, 'front'), topics, { version: '0.1.0' }))),
    );
    expect(bridge.device.identifiers).toContain(lock.device.via_device);
  });

  test('has a connection that stays available when the bridge is not', () => {
    const bridge = deviceDocument.parse(bridgeDiscovery(topics, '0.1.0'));
    expect(bridge.availability).toBeUndefined();
    expect(bridge.components['connectivity']?.availability).toBeUndefined();
    expect(bridge.components['permit_join']?.availability).toBeDefined();
  });

  test('of another base is another device', () => {
    expect(makeTopics('home/locks', 'homeassistant').bridgeId).toBe('latchbridge_bridge_home_locks');
  });
});
