// What a lock leaves on the broker when it is renamed, removed or hidden: nothing.
import { afterEach, describe, expect, test } from 'vitest';
import type { Abilities } from '../../../src/lock/lock.ts';
import { FakeWorkbench, SETTINGS } from '../../support/fake-workbench.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { makeCounter } from './counter.ts';
import { type House, LOCK, makeHouse, TestBroker, TOKEN } from './house.ts';

let house: House | undefined;
afterEach(async () => {
  await house?.end();
  house = undefined;
});

/** Topics that carry this lock's name or id. */
async function topicsOf(at: House, name: string): Promise<string[]> {
  return [...(await at.retained()).keys()].filter(
    topic => topic.split('/').includes(name) || topic.includes(`latchbridge_${LOCK}`),
  );
}

describe('renaming', () => {
  test('clears every topic of the old name and fills those of the new one', async () => {
    house = await makeHouse();
    await house.request('lock/rename', { from: 'front', to: 'back' });
    const kept = await house.retained();
    expect([...kept.keys()].filter(topic => topic.startsWith('latchbridge/front'))).toEqual([]);
    expect(kept.has('latchbridge/back')).toBe(true);
    expect(kept.has('latchbridge/back/availability')).toBe(true);
    expect(kept.get(`homeassistant/device/latchbridge_${LOCK}/config`)).toContain('"latchbridge/back"');
  });

  test('never takes the device from Home Assistant', async () => {
    house = await makeHouse();
    await house.request('lock/rename', { from: 'front', to: 'back' });
    await house.retained();
    const config = house.listener.on(`homeassistant/device/latchbridge_${LOCK}/config`);
    expect(config.filter(one => one.text === '')).toEqual([]);
  });
});

describe('removing', () => {
  test('clears state, availability and discovery', async () => {
    house = await makeHouse();
    await house.request('lock/remove', { lock: 'front', force: true, token: TOKEN });
    expect(await topicsOf(house, 'front')).toEqual([]);
    expect((await house.retained()).get('latchbridge/bridge/locks')).toBe('[]');
  });

  test('without a connection clears after the next connect', async () => {
    const broker = await TestBroker.start();
    house = await makeHouse({ broker });
    const { bridge, locks } = house;
    broker.cut();
    await house.listener.until('the loss', () => !bridge.state().connected);
    locks.remove(LOCK, { via: 'cli', who: 'cli', role: 'owner' }, { force: true });
    await house.listener.until('the connection', () => bridge.state().connected && house?.listener.client.connected);
    await house.listener.until('an empty state', () =>
      house?.listener.on('latchbridge/front').some(one => one.text === ''),
    );
    expect(await topicsOf(house, 'front')).toEqual([]);
  });
});

describe('the settings of a lock', () => {
  const withSettings = () => {
    const view = makeView(LOCK, 'front');
    const abilities = { ...view.abilities, settings: SETTINGS } as Abilities;
    return makeCounter({
      locks: new FakeLocks({ ...view, abilities }),
      options: { workbench: new FakeWorkbench() },
    });
  };

  test('go with the old name, and are there under the new one', async () => {
    const counter = withSettings();
    await counter.ask('lock/settings/read', { lock: 'front' });
    await counter.ask('lock/rename', { from: 'front', to: 'back' });
    expect([...counter.kept().keys()].filter(topic => topic.endsWith('/settings'))).toEqual([
      'latchbridge/back/settings',
    ]);
  });

  test('go with the lock', async () => {
    const counter = withSettings();
    await counter.ask('lock/remove', { lock: 'front', force: true, token: TOKEN });
    expect([...counter.kept().keys()].filter(topic => topic.includes('front'))).toEqual([]);
  });

  test('go when the lock turns out to have none', async () => {
    const counter = withSettings();
    const view = makeView(LOCK, 'front');
    counter.locks.emit({ kind: 'changed', view });
    await counter.clock.settle();
    expect(counter.kept().has('latchbridge/front/settings')).toBe(false);
  });
});

describe('hiding a lock from MQTT', () => {
  test('clears it, and showing it again brings it back', async () => {
    house = await makeHouse();
    await house.request('lock/options', { lock: 'front', options: { exposed: ['matter'] } });
    expect(await topicsOf(house, 'front')).toEqual([]);
    house.locks.setOptions(LOCK, { exposed: ['mqtt'] }, { via: 'cli', who: 'cli', role: 'owner' });
    expect((await topicsOf(house, 'front')).length).toBe(3);
  });
});

describe('an earlier run that could not tidy up', () => {
  test('is tidied up after: locks that are gone and old names of locks that are not', async () => {
    const broker = await TestBroker.start();
    const gone = makeView('b1b2c3d4e5f6', 'garage');
    const first = await makeHouse({ broker, locks: new FakeLocks(makeView(LOCK, 'old'), gone) });
    await first.retained();
    await first.bridge.stop();
    await first.listener.leave();
    house = await makeHouse({ broker });
    await house.listener.until('the clearing', () =>
      house?.listener.on('latchbridge/garage').some(one => one.text === ''),
    );
    const kept = [...(await house.retained()).keys()];
    expect(kept.filter(topic => /garage|old|b1b2c3d4e5f6/.test(topic))).toEqual([]);
    expect(kept).toContain(`homeassistant/device/latchbridge_${LOCK}/config`);
  });

  test('of another daemon, another program or nonsense is left alone', async () => {
    const counter = makeCounter();
    const config = 'homeassistant/device/latchbridge_b1b2c3d4e5f6/config';
    const document = (name: string, topic: string): object => ({
      origin: { name },
      components: { lock: { state_topic: topic } },
    });
    for (const payload of [
      document('Latchbridge', 'otherbase/garage'),
      document('Latchbridge', 'latchbridge/bridge'),
      document('Latchbridge', 'latchbridge/a/b'),
      document('zigbee2mqtt', 'latchbridge/garage'),
      'nonsense',
      '{"origin":null}',
    ]) {
      await counter.put(config, payload, { retain: true });
    }
    expect(counter.sent.filter(one => one.payload === '')).toEqual([]);
  });

  test('is looked for only for 5 s', async () => {
    const counter = makeCounter();
    await counter.clock.advance(5000);
    expect(counter.subscribed).toEqual([
      '+ homeassistant/device/+/config',
      '+ latchbridge/+/availability',
      '+ latchbridge/flow/+/state',
      '- homeassistant/device/+/config',
      '- latchbridge/+/availability',
      '- latchbridge/flow/+/state',
    ]);
  });

  test('does not cost the topics of a lock that there is', async () => {
    const counter = makeCounter();
    await counter.put('latchbridge/front/availability', { state: 'online' }, { retain: true });
    await counter.put('latchbridge/garage/availability', { state: 'online' }, { retain: true });
    expect(counter.sent.filter(one => one.payload === '').map(one => one.topic)).toEqual([
      'latchbridge/garage',
      'latchbridge/garage/availability',
      'latchbridge/garage/settings',
      'latchbridge/garage/flow',
    ]);
  });
});
