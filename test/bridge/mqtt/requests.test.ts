// Requests to the bridge: the envelope, the transaction and what each does.
import { describe, expect, test } from 'vitest';
import type { Restarts } from '../../../src/lock/upkeep.ts';
import { FakeSystem } from '../../support/fake-system.ts';
import { FakeTokens, FakeWorkbench } from '../../support/fake-workbench.ts';
import { type Counter, makeCounter } from './counter.ts';
import { makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const RESPONSE = 'latchbridge/bridge/response';

describe('the envelope', () => {
  test('echoes any JSON value as transaction', async () => {
    const counter = makeCounter();
    for (const transaction of [0, 'x', null, false, [1], { a: 'b' }]) {
      await counter.put('latchbridge/bridge/request/health_check', { transaction });
    }
    expect(counter.json(`${RESPONSE}/health_check`).map(one => one['transaction'])).toEqual([
      0,
      'x',
      null,
      false,
      [1],
      { a: 'b' },
    ]);
  });

  test('has no transaction when there was none', async () => {
    const counter = makeCounter();
    await counter.put('latchbridge/bridge/request/health_check', '');
    expect(counter.json(`${RESPONSE}/health_check`)).toEqual([
      { status: 'ok', data: { healthy: true, ready: true, version: '0.1.0', startedAt: 0, parts: [] } },
    ]);
  });

  test('of broken JSON is an error with the transaction, if it can be read', async () => {
    const counter = makeCounter();
    await counter.put('latchbridge/bridge/request/lock/refresh', '{"transaction":"abc","lock":');
    await counter.put('latchbridge/bridge/request/lock/refresh', 'lock=front');
    const answers = counter.json(`${RESPONSE}/lock/refresh`);
    expect(answers[0]).toMatchObject({ status: 'error', data: {}, code: 'bad_json', transaction: 'abc' });
    expect(answers[1]).toMatchObject({ status: 'error', code: 'bad_json' });
  });

  test('of a request that nobody knows is an error that guesses', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/refesh')).toMatchObject({
      status: 'error',
      code: 'unknown_request',
      error: 'There is no request "lock/refesh". Did you mean lock/refresh?',
    });
  });

  test('names the field that is wrong and never its value', async () => {
    const counter = makeCounter();
    const answer = await counter.ask('lock/code/set', { lock: 'front', slot: 1, pin_code: 'abc9021' });
    expect(answer).toMatchObject({ status: 'error', code: 'invalid' });
    expect(answer['error']).toContain('pin_code');
    expect(JSON.stringify(counter.sent)).not.toContain('9021');
  });

  test('of a retained request: there is none', async () => {
    const counter = makeCounter();
    await counter.put('latchbridge/bridge/request/permit_join', { time: 60 }, { retain: true });
    expect(counter.pairing.openUntil).toBeUndefined();
  });
});

describe('restart', () => {
  const options = (system: FakeSystem) => ({ options: { restarts: system.parts().restarts as Restarts } });

  test('goes the way of the page, and says what happens', async () => {
    const system = new FakeSystem();
    expect(await makeCounter(options(system)).ask('restart')).toMatchObject({
      status: 'ok',
      data: { text: 'It ends now.' },
    });
    expect(system.restarted).toEqual({});
  });

  test('takes no word that somebody will start it by hand: nobody sees the machine from here', async () => {
    const system = new FakeSystem();
    expect(await makeCounter(options(system)).ask('restart', { by_hand: true })).toMatchObject({ status: 'error' });
    expect(system.restarted).toBeUndefined();
  });
});

describe('permit_join', () => {
  test('opens the window for at most 120 s and shows it in bridge/info', async () => {
    const counter = makeCounter();
    expect(await counter.ask('permit_join', { time: 254 })).toMatchObject({
      status: 'ok',
      data: { time: 120, until: '2026-05-11T14:25:07.000Z' },
    });
    expect(counter.json('latchbridge/bridge/info').at(-1)).toMatchObject({ permit_join: true });
    expect(counter.json('latchbridge/bridge/event')).toEqual([
      { type: 'permit_join', data: { open: true, until: '2026-05-11T14:25:07.000Z' } },
    ]);
  });

  test('of 0 closes it', async () => {
    const counter = makeCounter();
    await counter.ask('permit_join', { time: 60 });
    await counter.ask('permit_join', { time: 0 });
    expect(counter.json('latchbridge/bridge/info').at(-1)).toMatchObject({ permit_join: false });
  });
});

describe('locks', () => {
  test('are refreshed by name or id', async () => {
    const counter = makeCounter();
    await counter.ask('lock/refresh', { lock: 'front' });
    expect(await counter.ask('lock/refresh', { lock: LOCK })).toMatchObject({
      status: 'ok',
      data: { id: LOCK, lock: 'front', state: { ha_state: 'LOCKED' } },
    });
    expect(counter.locks.refreshed).toEqual(['front', 'front']);
  });

  test('are renamed, also to words that are no topic', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/rename', { from: 'front', to: 'Haustür / West' })).toMatchObject({
      data: { from: 'front', to: 'haustur_west' },
    });
  });

  test('get options, and say how they were before', async () => {
    const counter = makeCounter();
    expect(
      await counter.ask('lock/options', { lock: 'front', options: { session: 'held', unit: 'Flat 3' } }),
    ).toMatchObject({
      data: { from: { session: 'on_demand', unit: 'front' }, to: { session: 'held', unit: 'Flat 3' } },
    });
  });

  test('are not removed while we hold their key', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/remove', { lock: 'front' })).toMatchObject({ status: 'error', code: 'forbidden' });
  });

  test('are removed by force only by an owner', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/remove', { lock: 'front', force: true })).toMatchObject({ code: 'not_authorised' });
    expect(counter.locks.all()).toHaveLength(1);
    expect(await counter.ask('lock/remove', { lock: 'front', force: true, token: TOKEN })).toMatchObject({
      status: 'ok',
    });
    expect(counter.locks.all()).toHaveLength(0);
  });
});

describe('pairing', () => {
  test('answers with the lock', async () => {
    const counter = makeCounter();
    counter.pairing.result = makeView('c1b2c3d4e5f6', 'back');
    expect(await counter.ask('lock/pair', { name: 'back', seconds: 30 })).toMatchObject({
      status: 'ok',
      data: { id: 'c1b2c3d4e5f6', lock: 'back' },
    });
    expect(counter.pairing.asked).toEqual([{ name: 'back', seconds: 30 }]);
  });

  test('that finds nothing says so with its code', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/pair')).toMatchObject({ status: 'error', code: 'not_heard' });
  });

  test('is told on bridge/event', async () => {
    const counter = makeCounter();
    counter.pairing.emit({ kind: 'failed', address: 'AA', reason: 'not_heard', text: 'Nothing was heard.' });
    counter.pairing.emit({ kind: 'paired', view: makeView('c1b2c3d4e5f6', 'back') });
    await counter.clock.settle();
    expect(counter.json('latchbridge/bridge/event').map(one => one['type'])).toEqual(['pairing_failed', 'lock_paired']);
  });

  test('shows names from the air without their control characters', async () => {
    const counter = makeCounter();
    const name = 'S502\u0007\u202e';
    counter.pairing.nearby = [
      {
        address: 'AA',
        family: 'ttlock',
        model: 'S502',
        kind: 'deadbolt',
        name,
        rssi: -60,
        heardAt: 0,
        state: 'pairable',
      },
    ];
    const answer = await counter.ask('nearby');
    expect(answer['data'].candidates).toMatchObject([
      { address: 'AA', name: 'S502\ufffd\ufffd', state: 'pairable', heard_at: '1970-01-01T00:00:00.000Z' },
    ]);
  });
});

describe('unpairing', () => {
  const confirm = (counter: Counter, more: object): Promise<Record<string, any>> =>
    counter.ask('lock/unpair', { lock: 'front', confirm_token: 'confirm-1', ...more });

  test('first gives a plan and does nothing', async () => {
    const counter = makeCounter();
    expect(await counter.ask('lock/unpair', { lock: 'front' })).toMatchObject({
      status: 'ok',
      data: { lock: LOCK, confirm_token: 'confirm-1', erases: ['10 codes'], expires_in_s: 120 },
    });
    expect(counter.unpairing.confirmed).toEqual([]);
  });

  test('is done in a demo when an owner confirms', async () => {
    const counter = makeCounter();
    expect(await confirm(counter, { token: TOKEN })).toMatchObject({ status: 'ok', data: { proven: true } });
    expect(counter.unpairing.confirmed).toEqual([LOCK]);
  });

  test('is not done for an automation', async () => {
    const counter = makeCounter();
    expect(await confirm(counter, {})).toMatchObject({ status: 'error', code: 'not_authorised' });
    expect(counter.unpairing.confirmed).toEqual([]);
  });

  test('is never done over MQTT outside a demo', async () => {
    const counter = makeCounter({ config: { demo: false } });
    expect(await confirm(counter, { token: TOKEN })).toMatchObject({ status: 'error', code: 'not_authorised' });
    expect(counter.unpairing.confirmed).toEqual([]);
  });
});

describe('codes', () => {
  test('are set with a person and an end, and listed without their value', async () => {
    const counter = makeCounter();
    const code = { lock: 'front', slot: 3, pin_code: '271828', person: 'Ada', until: '2026-06-01T12:00:00+02:00' };
    expect(await counter.ask('lock/code/set', code)).toMatchObject({
      status: 'ok',
      data: { slot: 3, state: 'on_lock' },
    });
    expect(await counter.ask('lock/code/list', { lock: 'front' })).toMatchObject({
      data: { capacity: 10, codes: [{ slot: 3, person: 'Ada', until: '2026-06-01T10:00:00.000Z' }] },
    });
    expect(counter.access.values).toEqual(['271828']);
    expect(JSON.stringify(counter.sent)).not.toContain('271828');
  });

  test('a time without the offset of its zone is refused with an example', async () => {
    const code = { lock: 'front', slot: 3, pin_code: '493817', from: '2026-05-11 15:00' };
    expect(await makeCounter().ask('lock/code/set', code)).toMatchObject({
      status: 'error',
      error: expect.stringContaining('2026-05-11T15:00:00+02:00') as string,
    });
  });

  test('are deleted', async () => {
    const counter = makeCounter();
    await counter.ask('lock/code/set', { lock: 'front', user: 3, code: 1234 });
    expect(await counter.ask('lock/code/delete', { lock: 'front', user: 3 })).toMatchObject({ status: 'ok' });
    expect(counter.access.kept.size).toBe(0);
  });

  test('are read from the lock when that is asked for', async () => {
    const counter = makeCounter();
    await counter.ask('lock/code/list', { lock: 'front', refresh: true });
    expect(counter.access.reconciled).toEqual([LOCK]);
  });
});

describe('hands', () => {
  const hands = { act: async (name: string, act: object) => ({ name, ...act }) };

  test('do what they are told, in an object or in a word', async () => {
    const counter = makeCounter({ options: { hands } });
    await counter.put('latchbridge/demo/front/hand', { act: 'hold_reset', seconds: 5, transaction: 9 });
    await counter.put('latchbridge/demo/front/hand', 'thumb');
    expect(counter.json('latchbridge/demo/front/said')).toEqual([
      { status: 'ok', data: { name: 'front', act: 'hold_reset', seconds: 5 }, transaction: 9 },
      { status: 'ok', data: { name: 'front', act: 'thumb' } },
    ]);
  });

  test('do nothing for a retained message', async () => {
    const counter = makeCounter({ options: { hands } });
    await counter.put('latchbridge/demo/front/hand', 'thumb', { retain: true });
    expect(counter.json('latchbridge/demo/front/said')).toEqual([]);
  });

  test('are subscribed to only in a demo', () => {
    expect(makeCounter({ options: { hands } }).desk.subscriptions).toContain('latchbridge/demo/+/hand');
    expect(makeCounter({ options: { hands }, config: { demo: false } }).desk.subscriptions.join()).not.toContain(
      'demo',
    );
  });
});

describe('a key that a request does not know', () => {
  const requests: [command: string, body: object, key: string][] = [
    ['permit_join', { tiem: 60 }, 'time'],
    ['health_check', { lock: 'front' }, ''],
    ['nearby', { seconds: 3 }, ''],
    ['lock/refresh', { lokc: 'front' }, 'lock'],
    ['lock/rename', { form: 'front', to: 'back' }, 'from'],
    ['lock/options', { lock: 'front', options: { sesion: 'held' } }, 'session'],
    ['lock/remove', { lock: 'front', froce: true }, 'force'],
    ['lock/pair', { lokc: 'front' }, 'lock'],
    ['lock/unpair', { lock: 'front', forget_onyl: true }, 'forget_only'],
    ['lock/code/set', { lock: 'front', slot: 1, pincode: '271828' }, 'pin_code'],
    ['lock/code/delete', { lock: 'front', slto: 1 }, 'slot'],
    ['lock/code/list', { lock: 'front', refersh: true }, 'refresh'],
    ['lock/card/enrol', { lock: 'front', secnods: 20 }, 'seconds'],
    ['lock/card/add', { lock: 'front', numbre: '1' }, 'number'],
    ['lock/card/validity', { lock: 'front', slot: 1, untill: '2026-06-01T12:00:00+02:00' }, 'until'],
    ['lock/card/delete', { lock: 'front', slto: 1 }, 'slot'],
    ['lock/card/list', { lokc: 'front' }, 'lock'],
    ['lock/finger/enrol', { lock: 'front', weekley: 'Mon 9:00-17:00' }, 'weekly'],
    ['lock/finger/validity', { lock: 'front', slot: 1, form: '2026-06-01T12:00:00+02:00' }, 'from'],
    ['lock/finger/delete', { lock: 'front', slto: 1 }, 'slot'],
    ['lock/finger/list', { lokc: 'front' }, 'lock'],
    ['lock/settings/read', { lokc: 'front' }, 'lock'],
    ['lock/settings/set', { lock: 'front', setting: { sound: true } }, 'settings'],
    ['lock/log/read', { lock: 'front', msot: 3 }, 'most'],
    ['lock/phone', { lock: 'front', minuets: 5 }, 'minutes'],
    ['lock/keys/revoke', { lokc: 'front' }, 'lock'],
  ];
  const everything = (): { options: { workbench: FakeWorkbench; tokens: FakeTokens } } => ({
    options: {
      workbench: new FakeWorkbench(),
      tokens: new FakeTokens({ keep: () => undefined, forget: () => undefined }),
    },
  });

  test.each(requests)('refuses %s %j and says what was meant', async (command, body, meant) => {
    const more = everything();
    const counter = makeCounter(more);
    const answer = await counter.ask(command, { ...body, token: TOKEN });
    expect(answer).toMatchObject({ status: 'error', code: 'unknown_key' });
    expect(answer['error']).toContain(meant === '' ? 'It takes none.' : `Did you mean "${meant}"?`);
    expect([counter.pairing.asked, counter.locks.refreshed, counter.access.values]).toEqual([[], [], []]);
    expect([more.options.workbench.done, more.options.tokens.done]).toEqual([[], []]);
    expect(JSON.stringify(counter.sent)).not.toContain('271828');
  });
});
