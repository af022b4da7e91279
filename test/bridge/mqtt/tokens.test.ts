// Cards, fingerprints, the lock's log and its keys over MQTT.
import { describe, expect, test } from 'vitest';
import type { Abilities, LockView } from '../../../src/lock/lock.ts';
import { FakeTokens, FakeWorkbench } from '../../support/fake-workbench.ts';
import { type Counter, makeCounter } from './counter.ts';
import { AT, FakeAccess, FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const NUMBER = '3137429908';

function readers(
  abilities: Partial<Abilities> = { cards: { capacity: 3 }, fingers: { capacity: 3 } },
): Counter & { tokens: FakeTokens; workbench: FakeWorkbench } {
  const plain = makeView(LOCK, 'front');
  const view: LockView = { ...plain, abilities: { ...(plain.abilities as Abilities), ...abilities } };
  const access = new FakeAccess();
  const tokens = new FakeTokens({
    keep: kept => void access.kept.set(`${kept.lock} ${kept.kind} ${kept.slot}`, kept),
    forget: (lock, kind, slot) => void access.kept.delete(`${lock} ${kind} ${slot}`),
  });
  const workbench = new FakeWorkbench();
  const counter = makeCounter({ locks: new FakeLocks(view), options: { access, tokens, workbench } });
  return Object.assign(counter, { access, tokens, workbench });
}

describe.each(['card', 'finger'] as const)('a %s', kind => {
  test('is enrolled into the first free slot; what the person must do is told meanwhile', async () => {
    const counter = readers();
    const answer = await counter.ask(`lock/${kind}/enrol`, { lock: 'front', person: 'Ada' });
    expect(answer).toMatchObject({ status: 'ok', data: { lock: 'front', slot: 1, kind, person: 'Ada' } });
    const steps = counter.json('latchbridge/bridge/event').filter(event => event['type'] === 'enrol');
    expect(steps.map(event => (event['data'] as { say: string }).say)).toEqual(['present', 'again', 'done']);
    expect(steps[0]?.['data']).toMatchObject({ lock: 'front', kind, slot: 1, transaction: answer['transaction'] });
    expect(counter.json(`latchbridge/bridge/response/lock/${kind}/enrol`)).toHaveLength(1);
  });

  test('that nobody brings ends the wait after the time that was given', async () => {
    const counter = readers();
    counter.tokens.person = () => new Promise(() => undefined);
    const response = `latchbridge/bridge/response/lock/${kind}/enrol`;
    await counter.put(`latchbridge/bridge/request/lock/${kind}/enrol`, { lock: 'front', seconds: 30 });
    await counter.clock.advance(29_000);
    expect(counter.json(response)).toEqual([]);
    await counter.clock.advance(1000);
    expect(counter.json(response)).toMatchObject([{ status: 'error', code: 'nobody_came' }]);
  });

  test('that is waited for when the bridge stops is waited for no longer', async () => {
    const counter = readers();
    counter.tokens.person = () => new Promise(() => undefined);
    await counter.put(`latchbridge/bridge/request/lock/${kind}/enrol`, { lock: 'front' });
    counter.desk.close();
    await counter.clock.settle();
    expect(counter.json(`latchbridge/bridge/response/lock/${kind}/enrol`)).toMatchObject([{ code: 'stopped' }]);
  });

  test('gets dates and weekly hours, is listed and deleted', async () => {
    const counter = readers();
    await counter.ask(`lock/${kind}/enrol`, { lock: 'front', slot: 2 });
    const dates = { from: '2026-05-11T08:00:00Z', until: '2026-05-12T08:00:00Z', weekly: 'mon-tue 08:00-17:30' };
    expect(await counter.ask(`lock/${kind}/validity`, { lock: 'front', slot: 2, ...dates })).toMatchObject({
      data: {
        slot: 2,
        from: '2026-05-11T08:00:00.000Z',
        until: '2026-05-12T08:00:00.000Z',
        weekly: 'mon-tue 08:00-17:30',
      },
    });
    expect(counter.tokens.done.at(-1)).toMatchObject({
      request: {
        weekly: [
          { day: 1, startMinute: 480, endMinute: 1050 },
          { day: 2, startMinute: 480, endMinute: 1050 },
        ],
      },
    });
    const listed = async (): Promise<unknown[]> =>
      (await counter.ask(`lock/${kind}/list`, { lock: 'front' }))['data'][`${kind}s`] as unknown[];
    expect(await listed()).toMatchObject([{ slot: 2, state: 'on_lock' }]);
    expect(await counter.ask(`lock/${kind}/delete`, { lock: 'front', slot: 2 })).toMatchObject({ data: { slot: 2 } });
    expect(await listed()).toEqual([]);
  });

  test('is not offered by a lock without a reader for it', async () => {
    const counter = readers({});
    const slotted = { lock: 'front', slot: 1 };
    for (const [command, body] of Object.entries({
      enrol: slotted,
      validity: slotted,
      delete: slotted,
      list: { lock: 'front' },
    })) {
      const answer = await counter.ask(`lock/${kind}/${command}`, body);
      expect(answer).toMatchObject({ status: 'error', code: `no_${kind}s` });
    }
    expect(counter.tokens.done).toEqual([]);
  });

  test('finds no room on a full lock', async () => {
    const counter = readers();
    counter.tokens.room = 1;
    await counter.ask(`lock/${kind}/enrol`, { lock: 'front' });
    expect(await counter.ask(`lock/${kind}/enrol`, { lock: 'front' })).toMatchObject({ code: 'no_space' });
  });
});

describe('a card of a known number', () => {
  test('is added, and its number is told nowhere', async () => {
    const counter = readers();
    const answer = await counter.ask('lock/card/add', { lock: 'front', number: NUMBER, person: 'Ada' });
    expect(answer).toMatchObject({ status: 'ok', data: { slot: 1, kind: 'card' } });
    expect(counter.tokens.numbers).toEqual([NUMBER]);
    expect(JSON.stringify(counter.sent)).not.toContain(NUMBER);
  });

  test('with a number that is none is refused without repeating it', async () => {
    const counter = readers();
    expect(await counter.ask('lock/card/add', { lock: 'front', number: `${NUMBER}x` })).toMatchObject({
      code: 'invalid',
    });
    expect(JSON.stringify(counter.sent)).not.toContain(NUMBER);
  });

  test('is among no codes', async () => {
    const counter = readers();
    await counter.ask('lock/card/add', { lock: 'front', number: NUMBER });
    expect(await counter.ask('lock/code/list', { lock: 'front' })).toMatchObject({ data: { codes: [] } });
  });

  test('with weekly hours that nobody can read says how they are written', async () => {
    const counter = readers();
    const answer = await counter.ask('lock/card/add', { lock: 'front', number: NUMBER, weekly: 'mondays' });
    expect(answer['error']).toContain('mon-fri 08:00-17:00');
  });
});

describe("the lock's own log", () => {
  test('is read newest first, with slots and persons and never with what was typed', async () => {
    const counter = readers();
    counter.workbench.records = [
      { type: 'unlocked', source: 'card', ok: true, at: AT, record: 9, slot: 2, person: 'Ada' },
      { type: 'locked', source: 'key', ok: true, at: AT - 1000, record: 8 },
    ];
    expect((await counter.ask('lock/log/read', { lock: 'front', most: 1 }))['data']).toEqual({
      id: LOCK,
      lock: 'front',
      records: [
        {
          event_type: 'unlocked',
          source: 'card',
          ok: true,
          at: '2026-05-11T14:23:07.000Z',
          record: 9,
          slot: 2,
          person: 'Ada',
        },
      ],
    });
    expect(counter.workbench.done).toMatchObject([{ what: 'log', most: 1 }]);
  });
});

describe('letting the phone in', () => {
  test('lasts for so many minutes, and 0 ends it', async () => {
    const counter = readers();
    expect(await counter.ask('lock/phone', { lock: 'front', minutes: 10 })).toMatchObject({
      data: { lock: 'front', until: '2026-05-11T14:33:00.000Z' },
    });
    expect((await counter.ask('lock/phone', { lock: 'front', minutes: 0 }))['data']).not.toHaveProperty('until');
  });

  test('for more than an hour is refused', async () => {
    const counter = readers();
    expect(await counter.ask('lock/phone', { lock: 'front', minutes: 61 })).toMatchObject({ code: 'invalid' });
  });
});

describe('revoking the keys of apps', () => {
  test('takes a token', async () => {
    const counter = readers();
    expect(await counter.ask('lock/keys/revoke', { lock: 'front' })).toMatchObject({ code: 'not_authorised' });
    expect(counter.workbench.done).toEqual([]);
    expect(await counter.ask('lock/keys/revoke', { lock: 'front', token: TOKEN })).toMatchObject({ status: 'ok' });
    expect(counter.workbench.done).toMatchObject([{ what: 'revoke', asker: { role: 'owner' } }]);
  });
});

describe('the admin code', () => {
  test.each(['lock/admin_code', 'lock/admin_code/show', 'lock/admin_code/set'])('has no request %s', async command => {
    const counter = readers();
    expect(await counter.ask(command, { lock: 'front', token: TOKEN })).toMatchObject({ code: 'unknown_request' });
  });
});
