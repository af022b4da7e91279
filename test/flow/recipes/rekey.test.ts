// REKEY on a virtual TTLock: new secrets are taken, old ones refused, and what cannot be changed is said.
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { recipes } from '../../../src/flow/recipes/index.ts';
import { OWNER } from '../../support/fake-family.ts';
import { FlowHouse } from '../../support/flow-house.ts';
import { makePlace } from '../../support/house.ts';
import { ADA, AUTOMATION, BEN, CARD, cardOpens, inhabited, opens } from './guests.ts';

let home: FlowHouse;
beforeEach(async () => {
  home = await inhabited();
});

const rekey = (more = {}): ReturnType<FlowHouse['start']> =>
  home.start({ type: 'rekey', reason: 'lost_key', ...more }, AUTOMATION);
/** As an owner reads it from the vault. */
const codeIn = (slot: number): string => {
  const entry = home.store.access.of(home.house.view.id).find(one => one.kind === 'code' && one.slot === slot);
  return home.store.vault.secret(`pin:${entry?.id}`)?.reveal() ?? '';
};

test('every code gets new digits in its slot: the new ones open it, the old ones and the card do not', async () => {
  const { lock } = home.place;
  await rekey();
  expect(await home.until()).toMatchObject({ state: 'succeeded_with_residuals' });
  expect([codeIn(1), codeIn(2)]).not.toEqual([ADA, BEN]);
  expect([codeIn(1), codeIn(2)].map(code => opens(lock, code))).toEqual([true, true]);
  expect([opens(lock, ADA), opens(lock, BEN), cardOpens(lock, CARD)]).toEqual([false, false, false]);
});

test('persons and slots stay, so that each gets his own', async () => {
  await rekey();
  await home.until();
  expect(home.house.access.credentials('front_door')).toMatchObject([
    { slot: 1, person: { name: 'Ada' }, state: 'on_lock' },
    { slot: 2, person: { name: 'Ben' }, state: 'on_lock' },
  ]);
  expect(home.flow.progress.concat(home.engine.lines(home.flow.id).map(({ text }) => text)).join()).toContain(
    'Ada, Ben',
  );
});

test('no digit of a code is in the journal', async () => {
  await rekey();
  await home.until();
  const journal = JSON.stringify(home.store.flows.lines(home.flow.id));
  for (const digits of [ADA, BEN, codeIn(1), codeIn(2)]) expect(journal).not.toContain(digits);
});

test('keys of phones are revoked, the key from before is refused, and ours works', async () => {
  await rekey();
  await home.until();
  expect(home.place.lock.secrets?.lockFlagPos).toBe(1);
  const proof = home.engine.lines(home.flow.id).find(({ step, grade }) => step === 'verify.old_key' && grade === 'E3');
  expect(proof?.text).toContain('refused');
  await home.clock.run(home.house.command('lock'));
});

test('a code that nobody here knows goes', async () => {
  const { clock, house } = home;
  const code = { digits: new Secret('990817'), kind: 'permanent', validity: {} } as const;
  await clock.run(house.registry.work(house.view.id, OWNER, async session => session.codes?.add(code)));
  await rekey();
  await home.until();
  expect(opens(home.place.lock, '990817')).toBe(false);
});

test('a code that is to be kept stays as it is', async () => {
  await rekey({ keep: [2] });
  await home.until();
  expect([opens(home.place.lock, ADA), opens(home.place.lock, BEN)]).toEqual([false, true]);
});

test.each([0x03, 0x41, 0x53])('a link that drops at command %i leaves no code nobody knows', async command => {
  home.place.lock.knobs.dropLink = { command, moment: 'before_answering', times: 1 };
  await rekey();
  for (let i = 0; i < 120 && !home.flow.state.startsWith('succeeded'); i++) await home.clock.advance(10_000);
  expect(home.flow.state).toBe('succeeded_with_residuals');
  expect([codeIn(1), codeIn(2)].toSorted()).toEqual([...(home.place.lock.secrets?.codes ?? [])].toSorted());
});

describe('the plan', () => {
  test('says that metal stays as it is, and what its cylinder needs', async () => {
    const { notes } = await home.engine.preview({ type: 'rekey', lock: 'front_door', reason: 'lost_key' }, OWNER);
    const metal = notes.filter(({ honours }) => honours.includes('S2-12')).map(({ text }) => text);
    expect(metal.join(' ')).toMatch(/never changes a metal cylinder.*locksmith/);
  });

  test('says that the radio key is not among what changes', async () => {
    const { notes } = await home.engine.preview({ type: 'rekey', lock: 'front_door', reason: 'lost_key' }, OWNER);
    expect(notes.some(({ text }) => text.includes('radio key'))).toBe(true);
  });

  test('of a lock without a key is refused with what helps', async () => {
    const { house } = home;
    const record = house.registry.keeper('front_door')!.record;
    house.registry.save({ ...record, lifecycle: 'orphaned' });
    const refusal = home.engine.preview({ type: 'rekey', lock: 'front_door', reason: 'lost_key' }, OWNER);
    await expect(refusal).rejects.toMatchObject({ reason: 'not_paired', message: expect.stringContaining('reset') });
  });
});

test('a cylinder without a keypad has its cards taken off and its keys rotated', async () => {
  const place = makePlace({ variant: 'cylinder' });
  home = new FlowHouse(place, { recipes });
  await home.house.pair();
  await home.clock.run(home.house.access.tokens.addCard('front_door', 1, { number: new Secret(CARD) }, OWNER));
  await home.clock.advance(60_000);
  await rekey();
  expect(await home.until()).toMatchObject({ state: 'succeeded_with_residuals' });
  expect([cardOpens(place.lock, CARD), place.lock.secrets?.lockFlagPos]).toEqual([false, 1]);
});
