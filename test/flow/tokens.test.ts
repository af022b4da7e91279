// Cards and fingerprints over the lock's real wire: hands at the lock, slots here, and what becomes of half-done things.
import { describe, expect, it } from 'vitest';
import { deadline } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/log.ts';
import type { CredentialView, TokenRequest } from '../../src/access/access.ts';
import type { EnrolStep } from '../../src/lock/driver.ts';
import type { Happening } from '../../src/lock/lock.ts';
import { OWNER, failureOf } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

const HOUR = 3600_000;

async function paired(): Promise<House> {
  const house = new House(makePlace(), { settings: { session: 'held' } });
  await house.pair();
  await house.clock.advance(10_000);
  return house;
}

function enrol(
  house: House,
  what: { kind: 'card' | 'finger'; slot: number; request?: TokenRequest; seconds?: number },
): { done: Promise<CredentialView>; steps: EnrolStep[] } {
  const steps: EnrolStep[] = [];
  const late = (): LockError => new LockError('timeout', 'Nobody came.', { reason: 'nobody_came' });
  const { signal } = deadline(house.clock, (what.seconds ?? 60) * 1000, late);
  const { kind, slot, request = {} } = what;
  const how = { step: (step: EnrolStep) => void steps.push(step), signal };
  const done = house.access.tokens.enrol({ lock: 'front_door', kind, slot, request }, how, OWNER);
  done.catch(() => undefined);
  return { done, steps };
}

async function cardIn(house: House, slot: number, number: string, request: TokenRequest = {}): Promise<CredentialView> {
  const { done } = enrol(house, { kind: 'card', slot, request });
  await house.clock.advance(2000);
  present(house, number);
  return house.clock.run(done);
}

function present(house: House, number: string): unknown {
  return house.place.lock.hands.act('present_card', { value: number });
}

const add = (house: House, slot: number, number: string, request: TokenRequest = {}): Promise<CredentialView> =>
  house.access.tokens.addCard('front_door', slot, { ...request, number: new Secret(number) }, OWNER);
const slots = (house: House): string[] =>
  house.access.credentials('front_door').map(one => `${one.kind} ${one.slot} ${one.state}`);
const lastHappening = (house: House): Happening | undefined =>
  house.events.flatMap(event => (event.kind === 'happened' ? [event.happening] : [])).at(-1);

describe('a card', () => {
  it('is enrolled by holding it to the reader, opens the door, and the door says whose it was', async () => {
    const house = await paired();
    const { done, steps } = enrol(house, { kind: 'card', slot: 2, request: { person: 'Ada' } });
    await house.clock.advance(2000);
    present(house, '3735928559');
    expect(await house.clock.run(done)).toMatchObject({
      kind: 'card',
      slot: 2,
      state: 'on_lock',
      person: { name: 'Ada' },
    });
    expect(steps.map(one => one.say)).toEqual(['present', 'done']);
    await house.clock.run(house.command('lock'));
    expect(present(house, '3735928559')).toMatchObject({ opened: true });
    await house.clock.advance(5000);
    expect(lastHappening(house)).toMatchObject({ type: 'unlocked', source: 'card', slot: 2, person: 'Ada' });
  });

  it('whose number is known needs nobody at the door', async () => {
    const house = await paired();
    const view = await house.clock.run(add(house, 1, '0012345678'));
    expect(view).toMatchObject({ slot: 1, state: 'on_lock', known: true });
    expect(present(house, '12345678')).toMatchObject({ opened: true });
  });

  it('is limited to a time from the start, and again later', async () => {
    const house = await paired();
    const now = house.clock.now();
    await cardIn(house, 1, '777', { from: now + HOUR, until: now + 2 * HOUR });
    expect(present(house, '777')).toMatchObject({ opened: false });
    const { tokens } = house.access;
    const until = now + 5 * HOUR;
    const view = await house.clock.run(tokens.setValidity('front_door', 'card', 1, { until }, OWNER));
    expect(view).toMatchObject({ state: 'on_lock', until });
    expect(view.from).toBeUndefined();
    expect(present(house, '777')).toMatchObject({ opened: true });
  });

  it('is limited to hours of the week, and freed of them again', async () => {
    const house = await paired();
    // 2026-05-11 is a Monday; it is a quarter past two.
    const weekly = [{ day: 1, startMinute: 15 * 60, endMinute: 16 * 60 }];
    const view = await house.clock.run(add(house, 1, '4242', { weekly }));
    expect(view).toMatchObject({ weekly });
    expect(present(house, '4242')).toMatchObject({ opened: false });
    await house.clock.advance(HOUR);
    expect(present(house, '4242')).toMatchObject({ opened: true });
    await house.clock.run(house.access.tokens.setValidity('front_door', 'card', 1, {}, OWNER));
    await house.clock.advance(HOUR);
    expect(present(house, '4242')).toMatchObject({ opened: true });
    expect(house.access.credentials('front_door')[0]?.weekly).toBeUndefined();
  }, 60_000);

  it('is removed and does not open any more', async () => {
    const house = await paired();
    await house.clock.run(add(house, 1, '4242'));
    await house.clock.run(house.access.tokens.remove('front_door', 'card', 1, OWNER));
    expect(present(house, '4242')).toMatchObject({ opened: false });
    expect(slots(house)).toEqual([]);
  });

  it.each(['', '0', 'x12', '18446744073709551616', '-1'])('has no number "%s"', async number => {
    const house = await paired();
    expect(await failureOf(add(house, 1, number))).toMatchObject({ code: 'invalid', reason: 'card_number' });
  });

  it('is in one slot only, and a slot has one card only', async () => {
    const house = await paired();
    await house.clock.run(add(house, 1, '4242'));
    expect(await house.clock.run(failureOf(add(house, 2, '4242')))).toMatchObject({ reason: 'duplicate_card' });
    expect(await house.clock.run(failureOf(add(house, 1, '4343')))).toMatchObject({ reason: 'slot_taken' });
    expect(slots(house)).toEqual(['card 1 on_lock']);
  });

  it('never shows its number: not in views, events or the audit', async () => {
    const house = await paired();
    await cardIn(house, 1, '3735928559');
    present(house, '3735928559');
    await house.clock.advance(5000);
    const told = JSON.stringify([
      house.access.credentials('front_door'),
      house.events,
      house.store.audit.read({ most: 99 }),
    ]);
    expect(told).not.toContain('3735928559');
  });
});

describe('a fingerprint', () => {
  it('is pressed until the lock knows it, opens the door, is limited and removed', async () => {
    const house = await paired();
    const { clock, place, access } = house;
    const { done, steps } = enrol(house, { kind: 'finger', slot: 1, request: { person: 'Ada' } });
    await clock.advance(2000);
    const press = (): unknown => place.lock.hands.act('present_finger', { value: 'right thumb' });
    for (let i = 0; i < 4; i++) {
      press();
      await clock.advance(1000);
    }
    expect(await clock.run(done)).toMatchObject({ kind: 'finger', slot: 1, state: 'on_lock' });
    expect(steps.map(one => one.say)).toEqual(['present', 'again', 'again', 'again', 'done']);
    expect(press()).toMatchObject({ opened: true });
    const from = clock.now() + HOUR;
    await clock.run(access.tokens.setValidity('front_door', 'finger', 1, { from }, OWNER));
    expect(press()).toMatchObject({ opened: false });
    await clock.run(access.tokens.remove('front_door', 'finger', 1, OWNER));
    expect(slots(house)).toEqual([]);
  });
});

describe('while the lock waits for somebody', () => {
  it('others are told so at once instead of waiting in vain', async () => {
    const house = await paired();
    const { done } = enrol(house, { kind: 'card', slot: 1 });
    await house.clock.advance(2000);
    const began = house.clock.elapsed();
    expect(await house.clock.run(failureOf(house.workbench.readSettings('front_door', OWNER)))).toMatchObject({
      code: 'busy',
      message: '"front_door" is being worked on by somebody at its door; wait until that is finished.',
    });
    expect(await house.clock.run(failureOf(house.command('lock')))).toMatchObject({
      code: 'busy',
      message: '"front_door" is waiting for a card; wait until that is finished.',
    });
    expect(house.clock.elapsed() - began).toBeLessThan(100);
    present(house, '4242');
    await house.clock.run(done);
    await house.clock.run(house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
  });

  it('nobody comes: the wait ends with the asker’s own words, and the lock is free again', async () => {
    const house = await paired();
    const { done } = enrol(house, { kind: 'card', slot: 1, seconds: 10 });
    expect(await house.clock.run(failureOf(done))).toMatchObject({ code: 'timeout', reason: 'nobody_came' });
    await house.clock.run(house.command('lock'));
    expect([house.place.lock.bolt, slots(house)]).toEqual(['locked', []]);
  });

  it('the lock gives up first: it says so', async () => {
    const house = await paired();
    const { done } = enrol(house, { kind: 'card', slot: 1, seconds: 60 });
    expect(await house.clock.run(failureOf(done))).toMatchObject({ code: 'rejected' });
    expect(slots(house)).toEqual([]);
  });
});

describe('reconciling', () => {
  const reconcile = (house: House): Promise<unknown> => house.clock.run(house.access.reconcile('front_door', OWNER));

  it('takes up a card whose enrolment ended when our program did', async () => {
    const house = await paired();
    enrol(house, { kind: 'card', slot: 5 });
    await house.clock.advance(2000);
    house.place.air.knobs.fault = chunk => (chunk.kind === 'notify' ? 'drop' : 'deliver');
    present(house, '4242');
    await house.clock.advance(1000);
    house.place.air.knobs.fault = undefined;
    await house.crash();
    const again = new House(house.place, { store: house.store });
    await reconcile(again);
    expect(slots(again)).toEqual(['card 1 on_lock']);
  });

  it('finishes what was begun: a card that should be there, one that should be gone, times that were lost', async () => {
    const house = await paired();
    const { clock, access, place } = house;
    await clock.run(add(house, 1, '1111'));
    await clock.run(add(house, 2, '2222'));
    place.lock.knobs.deaf = true;
    await clock.run(failureOf(access.tokens.remove('front_door', 'card', 1, OWNER)));
    place.lock.knobs.deaf = false;
    const { access: shelf } = house.store;
    const second = shelf.of(house.view.id).find(entry => entry.slot === 2)!;
    shelf.save({ ...second, state: 'wanted', from: clock.now() + HOUR });
    const third = shelf.add({ lock: house.view.id, kind: 'card', slot: 3, state: 'wanted' });
    house.store.vault.setSecret(`pin:${third.id}`, new Secret('3333'));
    expect(slots(house)).toEqual(['card 1 removing', 'card 2 wanted', 'card 3 wanted']);
    await reconcile(house);
    expect(slots(house)).toEqual(['card 2 on_lock', 'card 3 on_lock']);
    const opens = ['1111', '2222', '3333'].map(number => (present(house, number) as { opened: boolean }).opened);
    expect(opens).toEqual([false, false, true]);
  });

  it('keeps the weekly hours, which no lock tells', async () => {
    const house = await paired();
    const weekly = [{ day: 2, startMinute: 0, endMinute: 60 }];
    await house.clock.run(add(house, 1, '4242', { weekly }));
    await reconcile(house);
    expect(house.access.credentials('front_door')).toMatchObject([{ slot: 1, state: 'on_lock', weekly }]);
  });
});

it.each([
  [{ until: 5 }, 'validity'],
  [{ weekly: [{ day: 8, startMinute: 0, endMinute: 60 }] }, 'weekly'],
  [{ weekly: [{ day: 1, startMinute: 60, endMinute: 60 }] }, 'weekly'],
  [{ person: '' }, 'person'],
] as [TokenRequest, string][])('%j is refused before the lock is asked', async (request, reason) => {
  const house = await paired();
  expect(await failureOf(enrol(house, { kind: 'card', slot: 1, request }).done)).toMatchObject({ reason });
});

it('weekly hours are refused where the lock has none', async () => {
  const house = new House(makePlace({ variant: 'padlock' }));
  await house.pair();
  const request = { weekly: [{ day: 1, startMinute: 0, endMinute: 60 }] };
  expect(await failureOf(enrol(house, { kind: 'finger', slot: 1, request }).done)).toMatchObject({
    code: 'unsupported',
    reason: 'weekly',
  });
});
