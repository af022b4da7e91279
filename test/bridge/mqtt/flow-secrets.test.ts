// The real engine, a virtual lock and the desk: whole flows over MQTT, and no secret in anything that was published.
import { expect, test } from 'vitest';
import { Desk } from '../../../src/bridge/mqtt/desk.ts';
import type { Outgoing } from '../../../src/bridge/mqtt/outbox.ts';
import type { FlowState } from '../../../src/flow/words.ts';
import { ADA, BEN, CARD, inhabited } from '../../flow/recipes/guests.ts';
import { AGAIN } from '../../flow/recipes/people.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { configFor, optionsFor, TOKEN } from './house.ts';

/** The lock's public code after a reset: anybody may know it. */
const PUBLIC = '123456';

interface OverMqtt {
  home: FlowHouse;
  sent: Outgoing[];
  /** Everything that a secret was, also before it was changed. */
  secrets: Set<string>;
  put: (topic: string, body: object) => Promise<void>;
}

async function overMqtt(): Promise<OverMqtt> {
  const home = await inhabited();
  const { house, clock, engine, recorder } = home;
  const { registry, pairer, unpairer, access, workbench } = house;
  const url = 'mqtt://127.0.0.1:1';
  const parts = { locks: registry, pairing: pairer, unpairing: unpairer, access };
  const record = (flow: string): string | undefined => recorder.get(flow)?.text;
  const more = { tokens: access.tokens, workbench, flows: engine, record, clock };
  const desk = new Desk({ ...optionsFor(url, parts), ...more, config: configFor(url) });
  const sent: Outgoing[] = [];
  const secrets = new Set([ADA, BEN, CARD]);
  const look = (): void => {
    const { aesKey, adminPs, unlockKey, adminCode } = home.place.lock.secrets ?? {};
    for (const each of [aesKey, adminPs, unlockKey, adminCode]) {
      if (each !== undefined && String(each) !== PUBLIC) secrets.add(String(each));
    }
  };
  look();
  engine.hear(look);
  const send = (message: Outgoing, done: (ok: boolean) => void): void => {
    sent.push(message);
    queueMicrotask(() => done(true));
  };
  const subscriber = { subscribe: () => undefined, unsubscribe: () => undefined };
  desk.connected({ send, receiveMaximum: undefined, subscriber }, { connected: true, protocol: '5' });
  return {
    home,
    sent,
    secrets,
    async put(topic, body) {
      const payload = Buffer.from(JSON.stringify({ ...body, token: TOKEN }));
      desk.received({ topic: `latchbridge/${topic}`, payload, retain: false, dup: false });
      await clock.settle();
    },
  };
}

/** Somebody starts it and says yes over MQTT to whatever is asked, pressing a key now and then. */
async function carryOut({ home, sent, put }: OverMqtt, request: object): Promise<FlowState> {
  await put('bridge/request/flow/start', { lock: 'front_door', ...request });
  for (let i = 0; i < 60; i++) {
    const { state, id } = await home.until(['waiting_human', 'awaiting_clearance']);
    if (state !== 'waiting_human' && state !== 'awaiting_clearance') return state;
    home.place.lock.hands.act('press_key');
    const said = sent.findLast(one => one.topic === `latchbridge/flow/${id}/prompt`)?.payload ?? '{}';
    const { prompt, challenge, text_key: step } = JSON.parse(said) as Record<string, string>;
    const answer = step === 'repair.orientation' ? 'skip' : 'yes';
    await put(`flow/${id}/answer`, { prompt, answer, ...(challenge === undefined ? {} : { challenge }) });
    await home.clock.advance(1000);
  }
  throw new RangeError('it asks without end');
}

test('a turnover, and an unpairing with a pairing again, publish no code, card or key of any generation', async () => {
  const whole = await overMqtt();
  const { home, sent, secrets, put } = whole;
  expect(await carryOut(whole, { type: 'turnover', reason: 'tenant_left' })).toMatch(/^succeeded/);
  await home.clock.advance(11 * 60_000);
  expect(await carryOut(whole, { type: 'unpair', reason: 'clean_slate', ...AGAIN })).toMatch(/^succeeded/);
  for (const { id } of home.engine.all()) {
    for (const request of ['show', 'lines', 'record']) await put(`bridge/request/flow/${request}`, { flow: id });
  }
  expect(home.house.view).toMatchObject({ name: 'front_door', lifecycle: 'managed', generation: 2 });
  // Two generations of key and account, and an admin code each.
  expect(secrets.size).toBeGreaterThanOrEqual(3 + 2 * 3);
  const published = sent.map(one => `${one.topic} ${one.payload}`).join('\n');
  expect(published).toContain('flow_ended');
  expect([...secrets].filter(secret => published.includes(secret))).toEqual([]);
});
