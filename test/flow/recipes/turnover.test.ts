// TURNOVER on a virtual TTLock: with nobody there, out of reach and back, with guests who stay and who come.
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { recipes } from '../../../src/flow/recipes/index.ts';
import { OWNER } from '../../support/fake-family.ts';
import { FlowHouse } from '../../support/flow-house.ts';
import { makePlace } from '../../support/house.ts';
import { ADA, AUTOMATION, BEN, CARD, HOUR, away, cardOpens, inhabited, opens } from './guests.ts';

let home: FlowHouse;
beforeEach(async () => {
  home = await inhabited();
});

const turnOver = (more = {}, asker = AUTOMATION): ReturnType<FlowHouse['start']> =>
  home.start({ type: 'turnover', ...more }, asker);
const residuals = (): string[] => home.flow.residuals.map(({ kind }) => kind);
const codes = (): readonly string[] => home.place.lock.secrets?.codes ?? [];

/** Parked after a try that went wrong, it goes on by itself as soon as the lock is heard. */
async function finished(): Promise<void> {
  for (let i = 0; i < 120 && !home.flow.state.startsWith('succeeded'); i++) await home.clock.advance(10_000);
  expect(home.flow.state).toBe('succeeded_with_residuals');
}

describe('with nobody there', () => {
  test('one message takes everything off in less than a minute, and nothing from before opens it', async () => {
    const { lock } = home.place;
    const before = lock.secrets;
    const began = home.clock.elapsed();
    await turnOver();
    expect(await home.until()).toMatchObject({
      state: 'succeeded_with_residuals',
      confirmer: expect.stringContaining('policy'),
    });
    expect(home.clock.elapsed() - began).toBeLessThan(60_000);
    expect([codes(), lock.secrets?.lockFlagPos]).toEqual([[], (before?.lockFlagPos ?? 0) + 1]);
    expect(lock.secrets?.adminCode).not.toBe(before?.adminCode);
    expect([opens(lock, ADA), opens(lock, BEN), cardOpens(lock, CARD)]).toEqual([false, false, false]);
  });

  test('what was counted and what is left stands in the record, each as well as it is known', async () => {
    await turnOver();
    await home.until();
    const text = home.recorder.of(home.flow.id)?.text ?? '';
    const { record } = JSON.parse(text) as { record: Record<string, unknown> };
    expect(record).toMatchObject({
      kind: 'record',
      erased: expect.arrayContaining([
        { kind: 'code', before: 2, after: 0, grade: 'E3' },
        { kind: 'card', before: 1, after: 0, grade: 'E3' },
      ]),
    });
    expect(text).not.toMatch(new RegExp(`${ADA}|${BEN}|${CARD}`));
  });

  test('the lock is in use again afterwards, passage mode is off, and its key still works', async () => {
    await turnOver();
    await home.until();
    expect(home.house.view.lifecycle).toBe('managed');
    expect(home.house.workbench.known('front_door')).toMatchObject({ passage_mode: false });
    await home.clock.run(home.house.command('lock'));
    expect(home.place.lock.bolt).toBe('locked');
  });

  test('the key from before was tried and refused', async () => {
    await turnOver();
    await home.until();
    const said = home.engine.lines(home.flow.id).filter(({ step }) => step === 'verify.old_key');
    expect(said).toContainEqual(expect.objectContaining({ grade: 'E3', text: expect.stringContaining('refused') }));
    const kept = home.store.vault.of(home.house.view.id);
    expect(kept.map(({ status }) => status).toSorted()).toEqual(['dead', 'live']);
  });

  test('nobody is asked anything, and what nobody tried is said', async () => {
    await turnOver();
    await home.until();
    expect(home.kinds()).not.toContain('asked');
    expect(residuals()).toEqual(expect.arrayContaining(['untested', 'metal_keys']));
  });

  test('it is only planned where the policy wants a person', async () => {
    home.policy = { ...home.policy, unattended: 'plan_only' };
    await turnOver();
    await home.clock.advance(60_000);
    expect(home.flow.state).toBe('planned');
    expect(codes()).toHaveLength(2);
  });

  test('a code that was put there at the lock goes, too, and is flagged before', async () => {
    const { clock, house } = home;
    const code = { digits: new Secret('990817'), kind: 'permanent', validity: {} } as const;
    await clock.run(house.registry.work(house.view.id, OWNER, async session => session.codes?.add(code)));
    await turnOver();
    await home.until();
    expect(opens(home.place.lock, '990817')).toBe(false);
    expect(home.engine.lines(home.flow.id).some(({ text }) => text.includes('1 not put there from here'))).toBe(true);
  });
});

describe('who stays and who comes', () => {
  test('a code that is to be kept still opens it, and the record says so', async () => {
    await turnOver({ keep: [2] });
    await home.until();
    expect([opens(home.place.lock, ADA), opens(home.place.lock, BEN)]).toEqual([false, true]);
    expect(home.flow.residuals).toContainEqual({ kind: 'kept_credential', text: expect.stringContaining('Ben') });
  });

  test('a code that begins when the guest has left is the next guest’s and stays', async () => {
    const { clock, house } = home;
    const from = clock.now() + HOUR;
    const request = { digits: new Secret('730185'), from, until: from + 48 * HOUR };
    await clock.run(house.access.setCode('front_door', 7, request, OWNER));
    await turnOver();
    await home.until();
    expect(codes()).toEqual(['730185']);
  });

  test('a code that waits goes on the lock after the tests, and is read back', async () => {
    const { house, store, place } = home;
    const entry = store.access.add({
      lock: house.view.id,
      kind: 'code',
      slot: 5,
      state: 'wanted',
      codeKind: 'permanent',
    });
    store.vault.setSecret(`pin:${entry.id}`, new Secret('640297'));
    await turnOver();
    await home.until();
    expect([codes(), opens(place.lock, '640297')]).toEqual([['640297'], true]);
    expect(house.access.credentials('front_door')).toMatchObject([{ slot: 5, state: 'on_lock' }]);
  });
});

describe('a stay', () => {
  test('that is not over is waited for: everything still opens until then, and for the time to leave', async () => {
    const checkout = home.clock.now() + 3 * HOUR;
    await turnOver({ checkout });
    await home.until(['waiting_window']);
    expect(home.house.view.lifecycle).toBe('managed');
    await home.clock.advance(3 * HOUR);
    expect(opens(home.place.lock, ADA)).toBe(true);
    await home.clock.advance(home.policy.graceMinutes * 60_000);
    await home.until();
    expect(opens(home.place.lock, ADA)).toBe(false);
    expect(home.clock.now()).toBeGreaterThan(checkout + home.policy.graceMinutes * 60_000);
  });

  test('is waited for over a restart', async () => {
    await turnOver({ checkout: home.clock.now() + 3 * HOUR });
    await home.until(['waiting_window']);
    await home.restart();
    await home.clock.advance(2 * HOUR);
    expect(codes()).toHaveLength(2);
    await home.clock.advance(1.5 * HOUR);
    expect(await home.until()).toMatchObject({ state: 'succeeded_with_residuals' });
    expect(codes()).toEqual([]);
  });

  test('whose batteries will not last is said while there is time', async () => {
    home.place.lock.battery = 30;
    await home.clock.run(home.house.registry.refresh('front_door', OWNER));
    const checkout = home.clock.now() + 3 * HOUR;
    await turnOver({ checkout, next_checkin: checkout + 48 * HOUR });
    await home.until(['waiting_window']);
    await home.clock.advance(60_000);
    expect(home.flow.workOrder?.text).toContain('30 %');
    expect(home.notices().join()).toContain('not ready for its turnover');
  });

  test('that began while the lock was out of reach keeps its codes', async () => {
    away(home.place, true);
    await home.clock.advance(60_000);
    await turnOver({ next_checkin: home.clock.now() + 2 * HOUR });
    await home.clock.advance(3 * HOUR);
    away(home.place, false);
    expect(await home.until()).toMatchObject({ state: 'aborted_clean', stop: { code: 'tenancy_active' } });
    expect(codes()).toHaveLength(2);
  });
});

describe('out of reach', () => {
  test('a work order is raised before the deadline less the reserve, and it finishes by itself when the lock returns', async () => {
    away(home.place, true);
    await home.clock.advance(200_000);
    const deadline = home.clock.now() + 4 * HOUR;
    await turnOver({ deadline });
    await home.until(['waiting_radio']);
    expect(home.flow.workOrder).toBeUndefined();
    await home.clock.advance(3 * HOUR);
    const { workOrder } = home.flow;
    expect(workOrder).toMatchObject({ latest: deadline - HOUR, bring: expect.arrayContaining(['fresh batteries']) });
    expect(workOrder?.raisedAt).toBeLessThan(deadline - HOUR);
    away(home.place, false);
    expect(await home.until([], 10 * 60_000)).toMatchObject({ state: 'succeeded_with_residuals' });
    expect(home.flow.workOrder).toBeUndefined();
    expect(codes()).toEqual([]);
  });

  test('in the middle of it: the rest is done when it is back, and nothing is claimed before', async () => {
    const { place } = home;
    let lists = 0;
    place.lock.onFrame = (command, direction) => {
      // After the codes are gone and read back, before the cards.
      if (direction === 'up' && command === 0x07) lists += 1;
      if (lists === 5) away(place, true);
    };
    await turnOver();
    await home.clock.advance(30 * 60_000);
    expect(home.flow.state).not.toMatch(/succeeded/);
    place.lock.onFrame = undefined;
    away(place, false);
    await finished();
    expect(cardOpens(place.lock, CARD)).toBe(false);
  });
});

describe('a lock that', () => {
  test.each([0x03, 0x05, 0x06, 0x41, 0x53, 0x66])(
    'drops its link at command %i before it acts is turned over all the same',
    async command => {
      home.place.lock.knobs.dropLink = { command, moment: 'before_acting', times: 1 };
      await turnOver();
      await finished();
      expect([opens(home.place.lock, ADA), cardOpens(home.place.lock, CARD)]).toEqual([false, false]);
    },
  );

  test.each([0x03, 0x05, 0x06, 0x41, 0x53, 0x66])(
    'drops its link at command %i after it acted is turned over all the same',
    async command => {
      home.place.lock.knobs.dropLink = { command, moment: 'before_answering', times: 1 };
      await turnOver();
      await finished();
      expect([opens(home.place.lock, ADA), cardOpens(home.place.lock, CARD)]).toEqual([false, false]);
      await home.clock.run(home.house.command('lock'));
    },
  );

  test('keeps its codes is never called done: it stays out of use, everybody is told, and no reset is begun', async () => {
    home.place.lock.knobs.refuse = [0x03];
    await turnOver();
    expect(await home.until()).toMatchObject({ state: 'needs_attention', stop: { code: 'still_opens' } });
    expect(home.house.view.lifecycle).toBe('suspended');
    expect(home.notices().join()).toMatch(/Reset it/);
    expect(home.engine.all().some(({ type }) => type === 'reset')).toBe(false);
    expect(home.place.lock.paired).toBe(true);
  });
});

describe('a lock', () => {
  test.each(['lever', 'cylinder', 'padlock', 'key_box'] as const)(
    'of the kind %s is turned over, too',
    async variant => {
      const place = makePlace({ variant });
      home = new FlowHouse(place, { recipes });
      await home.house.pair();
      const { abilities } = home.house.view;
      const request = { digits: new Secret(ADA) };
      if (abilities?.codes) await home.clock.run(home.house.access.setCode('front_door', 1, request, OWNER));
      await home.clock.advance(60_000);
      await turnOver();
      await finished();
      expect([codes(), place.lock.secrets?.lockFlagPos]).toEqual([[], 1]);
      expect(home.flow.plan.steps.some(({ id }) => id === 'erase.codes')).toBe(abilities?.codes !== undefined);
    },
  );

  test('with a held session is turned over and held again', async () => {
    home = await inhabited({ options: { house: { settings: { session: 'held' } } } });
    await turnOver();
    await finished();
    await home.clock.advance(30_000);
    expect(home.house.view).toMatchObject({ lifecycle: 'managed', stats: { open: true } });
  });

  test('of which one packet in twenty is lost is turned over', async () => {
    home.place.air.knobs.loss = 0.05;
    await turnOver();
    await finished();
    home.place.air.knobs.loss = 0;
    expect([opens(home.place.lock, ADA), cardOpens(home.place.lock, CARD)]).toEqual([false, false]);
  });

  test('that is asleep is waited for until somebody touches it', async () => {
    home.place.lock.knobs.asleep = true;
    await home.clock.advance(300_000);
    await turnOver();
    await home.clock.advance(60_000);
    expect(home.flow.state).toBe('waiting_radio');
    home.place.lock.knobs.asleep = false;
    await finished();
  });

  test('that refuses our key is not turned over: nothing is claimed', async () => {
    home.place.lock.knobs.foreignOwner = true;
    await turnOver();
    expect(await home.until()).toMatchObject({
      state: expect.stringMatching(/^aborted/),
      stop: { code: 'key_refused' },
    });
    expect(home.recorder.of(home.flow.id)).toBeUndefined();
  });
});

describe('with somebody there', () => {
  test('one question is asked, with all that is lost by name, before anything goes', async () => {
    await turnOver({ mode: 'brief' }, OWNER);
    await home.until(['awaiting_clearance']);
    expect(home.flow.prompts[0]?.text).toMatch(/2 codes \(Ada, Ben\)/);
    expect(codes()).toHaveLength(2);
    await home.answer('confirm');
    expect(await home.until()).toMatchObject({
      state: 'succeeded_with_residuals',
      confirmer: expect.stringContaining(OWNER.who),
    });
    expect(codes()).toEqual([]);
  });

  test('a no leaves everything as it was', async () => {
    await turnOver({}, OWNER);
    await home.until(['awaiting_clearance']);
    await home.answer('cancel');
    expect(await home.until()).toMatchObject({ state: 'aborted_clean' });
    expect([codes().length, home.house.view.lifecycle]).toEqual([2, 'managed']);
  });

  test('the motor is tried where the door is said to be open, and the bolt ends as it was', async () => {
    const { lock } = home.place;
    await turnOver({}, OWNER);
    await home.until(['awaiting_clearance']);
    await home.answer('confirm');
    await home.until(['waiting_human']);
    const { moves, bolt } = lock;
    await home.answer('yes');
    await home.until();
    expect([lock.moves - moves, lock.bolt]).toEqual([2, bolt]);
  });
});

describe('a turnover that stands still', () => {
  beforeEach(async () => {
    home.place.lock.knobs.refuse = [0x03];
    await turnOver();
    await home.until();
    home.place.lock.knobs.refuse = [];
  });

  test('makes way for a reset that a person begins, and the lock stays out of use until then', async () => {
    const [stuck] = home.engine.all();
    await home.start({ type: 'reset', reason: 'clean_slate', mode: 'brief' }, OWNER);
    expect(home.engine.get(stuck!.id)).toMatchObject({
      state: 'aborted',
      stop: { text: expect.stringContaining('given up') },
    });
    expect(home.house.view.lifecycle).toBe('suspended');
    home.place.lock.hands.act('thumb', { value: 'unlock' });
    await home.agree();
    expect(home.flow).toMatchObject({ type: 'reset', state: expect.stringMatching(/^succeeded/) });
    expect([home.house.view.lifecycle, opens(home.place.lock, ADA)]).toEqual(['managed', false]);
  });

  test('is not pushed aside by an automation, nor by another turnover', async () => {
    const [stuck] = home.engine.all();
    expect(await home.start({ type: 'reset', reason: 'clean_slate' }, AUTOMATION)).toMatchObject({ state: 'planned' });
    await expect(turnOver()).rejects.toMatchObject({ code: 'busy' });
    expect(home.engine.get(stuck!.id)).toMatchObject({ state: 'needs_attention' });
  });

  test('keeps nobody from looking what is wrong', async () => {
    await home.start({ type: 'diagnose', reason: 'wrong_data' }, OWNER);
    await home.clock.advance(60_000);
    const [looked] = home.engine.all().filter(({ type }) => type === 'diagnose');
    expect(looked).toMatchObject({ state: 'succeeded' });
  });
});
