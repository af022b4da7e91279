// `policy.open_by_mqtt: never`: whoever only speaks MQTT does not get a door opened by a code or a setting either.
import { describe, expect, test } from 'vitest';
import type { SettingAbility } from '../../../src/lock/lock.ts';
import { FakeTokens, FakeWorkbench } from '../../support/fake-workbench.ts';
import { type Counter, makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const toggle = (name: string): SettingAbility => ({ name, label: name, kind: 'switch' });
const SETTINGS: readonly SettingAbility[] = [
  { name: 'auto_lock_seconds', label: 'Lock again after', kind: 'number', min: 0, max: 900, unit: 's' },
  { name: 'direction', label: 'Opens to the', kind: 'select', options: ['left', 'right'] },
  ...['sound', 'passage_mode', 'remote_unlock', 'privacy_lock', 'reset_button', 'freeze', 'teleport'].map(toggle),
];

interface Guarded extends Counter {
  bench: FakeWorkbench;
  tokens: FakeTokens;
}

function makeGuarded(openByMqtt: 'always' | 'never' = 'never'): Guarded {
  const base = makeView(LOCK, 'front');
  const abilities = { ...(base.abilities as NonNullable<typeof base.abilities>), settings: SETTINGS };
  const view = { ...base, abilities: { ...abilities, cards: { capacity: 3 }, fingers: { capacity: 3 } } };
  const workbench = new FakeWorkbench();
  const tokens = new FakeTokens({ keep: () => undefined, forget: () => undefined });
  const options = { workbench, tokens };
  const counter = makeCounter({ locks: new FakeLocks(view), config: { policy: { openByMqtt } }, options });
  return { ...counter, bench: workbench, tokens };
}

const code = { lock: 'front', slot: 3, pin_code: '271828' };
const until = '2027-06-01T12:00:00+02:00';
const letIn: [request: string, body: object][] = [
  ['lock/code/set', code],
  ['lock/code/set', { ...code, enabled: false }],
  ['lock/card/add', { lock: 'front', number: '4711' }],
  ['lock/card/enrol', { lock: 'front' }],
  ['lock/finger/enrol', { lock: 'front' }],
  ['lock/card/validity', { lock: 'front', slot: 1, until }],
  ['lock/finger/validity', { lock: 'front', slot: 1, until }],
  ...Object.entries({
    passage_mode: true,
    remote_unlock: true,
    privacy_lock: false,
    reset_button: true,
    freeze: false,
    direction: 'right',
    teleport: true,
    auto_lock_seconds: 0,
  }).map(([name, value]): [string, object] => ['lock/settings/set', { lock: 'front', settings: { [name]: value } }]),
];
const harmless: [request: string, body: object][] = [
  ['lock/code/delete', { lock: 'front', slot: 1 }],
  ['lock/card/delete', { lock: 'front', slot: 1 }],
  ...Object.entries({
    passage_mode: false,
    remote_unlock: false,
    privacy_lock: true,
    reset_button: false,
    freeze: true,
    sound: false,
  }).map(([name, value]): [string, object] => ['lock/settings/set', { lock: 'front', settings: { [name]: value } }]),
];
const nothing = (counter: Guarded): void =>
  expect([counter.access.values, counter.bench.done, counter.tokens.done]).toEqual([[], [], []]);

describe('where doors are not opened over MQTT', () => {
  test.each(letIn)('an automation is refused %s %j', async (request, body) => {
    const counter = makeGuarded();
    expect(await counter.ask(request, body)).toMatchObject({ status: 'error', code: 'policy' });
    nothing(counter);
  });

  test.each(letIn)('an owner may ask for %s %j', async (request, body) => {
    expect((await makeGuarded().ask(request, { ...body, token: TOKEN }))['code']).not.toBe('policy');
  });

  test.each(harmless)('an automation may take away: %s %j', async (request, body) => {
    expect(await makeGuarded().ask(request, body)).toMatchObject({ status: 'ok' });
  });

  test.each([
    ['set', { pin_code: { user: 3, pin_code: '271828' } }],
    ['set', { user_status: { user: 3, status: 'enabled' } }],
    ['set/pin_code', { user: 3, pin_code: '271828' }],
    ['set', { passage_mode: 'ON' }],
    ['set/passage_mode', 'ON'],
    ['set', { auto_relock_time: 0 }],
  ])('nor does it get there by %s %j', async (leaf, payload) => {
    const counter = makeGuarded();
    await counter.put(`latchbridge/front/${leaf}`, payload);
    expect(counter.json('latchbridge/front/result')).toMatchObject([{ status: 'error', code: 'policy' }]);
    nothing(counter);
  });

  test('a code may be disabled and cleared', async () => {
    const counter = makeGuarded();
    await counter.access.setCode(LOCK, 3, { digits: { reveal: () => '271828' } as never }, {} as never);
    await counter.put('latchbridge/front/set', { user_status: { user: 3, status: 'disabled' } });
    expect(counter.access.credentials(LOCK)).toMatchObject([{ state: 'disabled' }]);
    await counter.put('latchbridge/front/set', { pin_code: { user: 3, pin_code: null } });
    expect(counter.access.credentials(LOCK)).toEqual([]);
  });

  test('the time to lock again may be made shorter than it is, not longer', async () => {
    const counter = makeGuarded();
    await counter.ask('lock/settings/read', { lock: 'front' });
    const set = (seconds: number): Promise<unknown> =>
      counter.ask('lock/settings/set', { lock: 'front', settings: { auto_lock_seconds: seconds } });
    expect(await set(3)).toMatchObject({ status: 'ok' });
    expect(await set(4)).toMatchObject({ status: 'error', code: 'policy' });
  });
});

describe('where doors may be opened over MQTT', () => {
  test.each(letIn)('an automation may ask for %s %j', async (request, body) => {
    expect((await makeGuarded('always').ask(request, body))['code']).not.toBe('policy');
  });
});
