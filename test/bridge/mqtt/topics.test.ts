// How topics are read and which may exist.
import { describe, expect, test } from 'vitest';
import { makeTopics } from '../../../src/bridge/mqtt/topics.ts';

const topics = makeTopics('home/locks', 'homeassistant');

describe('a base topic', () => {
  test.each(['', '+', '#', 'a/+', 'a/#', 'a#', '/a', 'a/', 'a//b', '$SYS', 'a b', 'a\u0000', 'x'.repeat(129)])(
    'cannot be %j',
    base => {
      expect(() => makeTopics(base, 'homeassistant')).toThrow(/base topic/);
      expect(() => makeTopics('latchbridge', base)).toThrow(/discovery prefix/);
    },
  );

  test('may have several levels', () => {
    expect(topics.lock('front', 'set')).toBe('home/locks/front/set');
  });

  test('must not be the discovery prefix', () => {
    expect(() => makeTopics('homeassistant', 'homeassistant')).toThrow(/differ/);
  });
});

describe('an incoming topic', () => {
  test.each([
    ['home/locks/front/set', { kind: 'set', lock: 'front' }],
    ['home/locks/front/set/state', { kind: 'set', lock: 'front', attribute: 'state' }],
    ['home/locks/front/get', { kind: 'get', lock: 'front' }],
    ['home/locks/bridge/request/lock/code/set', { kind: 'request', command: 'lock/code/set' }],
    ['home/locks/demo/front/hand', { kind: 'hand', lock: 'front' }],
    ['homeassistant/status', { kind: 'home_assistant' }],
    ['homeassistant/device/latchbridge_a1b2c3d4e5f6/config', { kind: 'discovery', id: 'a1b2c3d4e5f6' }],
  ])('%s is understood', (topic, incoming) => {
    expect(topics.read(topic)).toEqual(incoming);
  });

  test.each([
    'home/locks',
    'home/locks/front',
    'home/locks/Front/set',
    'home/locks/front/set/a/b',
    'home/locks/front/set/__proto__x9',
    'home/locks/bridge/set',
    'home/locks/flow/get',
    'home/locks/bridge/request/',
    'home/locks/bridge/request/UPPER',
    `home/locks/bridge/request/${'a'.repeat(65)}`,
    'home/locksmith/front/set',
    'homeassistant/device/zigbee2mqtt_1/config',
    'other/front/set',
  ])('%s is none of ours', topic => {
    expect(topics.read(topic)).toBeUndefined();
  });
});
