// Floods, garbage and secrets: what a stolen login or a broken program can send, and what must not come back.
import { afterEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { LockError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/log.ts';
import { makeCounter } from './counter.ts';
import { type House, LOCK, makeHouse, TOKEN } from './house.ts';

let house: House | undefined;
afterEach(async () => {
  await house?.end();
  house = undefined;
});

describe('10,000 orders at once', () => {
  test('move the lock a few times, are answered in moderation, and the bridge answers afterwards', async () => {
    house = await makeHouse();
    const { listener, locks } = house;
    const before = listener.heard.filter(one => one.topic !== 'latchbridge/front/set').length;
    const begin = performance.now();
    for (let i = 0; i < 10_000; i++) listener.client.publish('latchbridge/front/set', i % 2 ? 'LOCK' : 'UNLOCK');
    const answer = await house.request('health_check');
    const seconds = Math.ceil((performance.now() - begin) / 1000);
    expect(answer).toMatchObject({ status: 'ok' });
    expect(locks.commands.length).toBeLessThanOrEqual(5 + seconds);
    const said = listener.heard.filter(one => one.topic !== 'latchbridge/front/set').length - before;
    // For each order under a dozen messages (states, result, clearing); for refusals a handful each second.
    expect(said).toBeLessThan(150 + 10 * seconds);
  });

  test('for locks that nobody has leave nothing behind', async () => {
    const counter = makeCounter();
    const before = counter.sent.length;
    for (let i = 0; i < 10_000; i++) {
      counter.desk.received({
        topic: `latchbridge/x${i}/set`,
        payload: Buffer.from('LOCK'),
        retain: false,
        dup: false,
      });
    }
    await counter.clock.settle();
    expect(counter.sent.length - before).toBeLessThan(100);
    expect(counter.locks.commands).toEqual([]);
  });
});

describe('garbage', () => {
  const topic = fc.oneof(
    fc.constantFrom(
      'latchbridge/front/set',
      'latchbridge/front/set/pin_code',
      'latchbridge/front/get',
      'latchbridge/bridge/request/permit_join',
      'latchbridge/bridge/request/lock/code/set',
      'latchbridge/bridge/request/lock/pair',
      'latchbridge/bridge/request/lock/unpair',
      'latchbridge/demo/front/hand',
      'homeassistant/status',
      `homeassistant/device/latchbridge_${LOCK}/config`,
    ),
    fc.string({ maxLength: 40 }).map(text => `latchbridge/${text}`),
  );
  const keys = fc.constantFrom(
    'state',
    'lock',
    'pin_code',
    'user',
    'transaction',
    'token',
    'time',
    'options',
    '__proto__',
  );
  const object = fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.constantFrom('front', 3, 'LOCK')), { maxKeys: 4 });
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    object.map(value => Buffer.from(JSON.stringify(value))),
    object.map(value => Buffer.from(JSON.stringify(value).slice(0, -3))),
    fc.integer({ min: 1, max: 16_384 }).map(depth => Buffer.from('['.repeat(depth))),
  );

  test('of 2,000 kinds is survived, and every request is answered', async () => {
    const counter = makeCounter({ options: { hands: { act: async () => null } } });
    const cases = fc.sample(fc.record({ topic, payload, retain: fc.boolean(), dup: fc.boolean() }), {
      numRuns: 2000,
      seed: 7,
    });
    const requests = 'latchbridge/bridge/request/';
    const known = ['permit_join', 'lock/code/set', 'lock/pair', 'lock/unpair'];
    for (const one of cases) {
      const before = counter.sent.length;
      await counter.put(one.topic, one.payload, one);
      const command = one.topic.startsWith(requests) ? one.topic.slice(requests.length) : '';
      if (!known.includes(command) || one.retain) continue;
      const answers = counter.sent.slice(before).filter(said => said.topic.startsWith('latchbridge/bridge/response/'));
      expect(answers).toHaveLength(1);
      expect(JSON.parse((answers[0] as { payload: string }).payload)).toHaveProperty('status');
    }
    await counter.clock.advance(10_000);
    expect(await counter.ask('health_check')).toMatchObject({ status: 'ok' });
  }, 20_000);
});

describe('a secret', () => {
  const PIN = '8675309';

  test('never comes out on any topic, whichever way it went in', async () => {
    const counter = makeCounter();
    const { locks, access } = counter;
    const bodies: [string, object | string][] = [
      ['latchbridge/front/set', { state: 'UNLOCK', code: PIN, token: TOKEN }],
      ['latchbridge/front/set', { state: PIN }],
      ['latchbridge/front/set', PIN],
      ['latchbridge/front/set', `{"state":"UNLOCK","code":"${PIN}"`],
      ['latchbridge/front/set', { pin_code: { user: 3, pin_code: PIN } }],
      ['latchbridge/front/set', { pin_code: { user: PIN, pin_code: PIN } }],
      ['latchbridge/front/set/pin_code', PIN],
      ['latchbridge/front/get', { pin_code: PIN }],
      ['latchbridge/bridge/request/lock/code/set', { lock: 'front', slot: 4, pin_code: PIN, token: TOKEN }],
      ['latchbridge/bridge/request/lock/code/set', { lock: 'front', slot: 4, pin_code: [PIN] }],
      ['latchbridge/bridge/request/lock/code/set', { lock: 'front', slot: PIN, code: Number(PIN) }],
      ['latchbridge/bridge/request/lock/unpair', { lock: 'front', token: `${TOKEN}x` }],
      ['latchbridge/bridge/request/health_check', { token: PIN }],
    ];
    for (const failure of [undefined, new LockError('rejected', 'The lock said no.')]) {
      locks.failure = failure;
      access.failure = failure;
      for (const [topic, body] of bodies) await counter.put(topic, body);
      await counter.clock.advance(30_000);
    }
    const credential = { kind: 'code', value: new Secret(PIN) } as const;
    const view = locks.all()[0] as NonNullable<ReturnType<typeof locks.find>>;
    locks.emit({
      kind: 'happened',
      view,
      happening: { type: 'wrong_code', source: 'keypad', ok: false, at: 0, credential },
    });
    await counter.clock.settle();
    const everything = counter.sent.map(one => `${one.topic} ${one.payload}`).join('\n');
    expect(access.values).toContain(PIN);
    expect(everything).not.toContain(PIN);
    expect(everything).not.toContain(TOKEN);
  });
});
