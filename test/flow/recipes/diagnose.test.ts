// DIAGNOSE: what it says of locks that are well, away, empty, reset or somebody else's; and that it changes none of them.
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { OWNER } from '../../support/fake-family.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { HOUR, away, inhabited } from './guests.ts';

let home: FlowHouse;
beforeEach(async () => {
  home = await inhabited();
});

/** What it recommends, as a program reads it. */
async function recommended(): Promise<{ text: string; flow: string | null; more: string[] }> {
  await home.start({ type: 'diagnose', reason: 'not_responding' });
  expect(await home.until()).toMatchObject({ state: 'succeeded' });
  const lines = home.store.flows.lines(home.flow.id);
  const line = lines.findLast(({ kind, data }) => kind === 'remembered' && data['name'] === 'recommendation');
  return line?.data['value'] as unknown as { text: string; flow: string | null; more: string[] };
}

test('a lock that is well is called well, with the evidence', async () => {
  expect(await recommended()).toMatchObject({ text: expect.stringContaining('Nothing wrong'), flow: null });
  const proofs = home.engine.lines(home.flow.id).filter(({ grade }) => grade === 'E3');
  expect(proofs.map(({ text }) => text).join()).toMatch(/takes our key.*batteries have.*2 codes/s);
});

test('nothing about the lock is changed: no command that writes is sent', async () => {
  const sent = new Set<number>();
  home.place.lock.onFrame = (command, direction) => void (direction === 'up' && sent.add(command));
  const before = home.place.lock.secrets;
  await recommended();
  // Log in, ask: status, codes, cards, fingers, clock, log, features, information. Cards and fingers are listed and changed by the same number.
  const reads = [0x41, 0x55, 0x30, 0x14, 0x07, 0x05, 0x06, 0x34, 0x25, 0x01, 0x90, 0x36, 0x37, 0x62, 0x66, 0x70];
  expect([...sent].filter(command => !reads.includes(command))).toEqual([]);
  expect(home.place.lock.secrets).toEqual(before);
  expect(home.house.view.lifecycle).toBe('managed');
});

test('silence everywhere is laid on the adapter, and more so when it says that it is not well', async () => {
  away(home.place, true);
  await home.clock.advance(300_000);
  expect((await recommended()).text).toMatch(/restart the Bluetooth adapter/);
  home.health = { ...home.health, parts: [{ name: 'radio', ok: false, text: 'The adapter is unplugged.' }] };
  expect((await recommended()).text).toMatch(/adapter is not well/);
});

test('a lock that was reset at the door is to be paired again', async () => {
  home.place.lock.hands.act('hold_reset', { value: 4 });
  home.place.lock.hands.act('press_key');
  expect(await recommended()).toMatchObject({ flow: 'repair', text: expect.stringContaining('reset') });
});

test('a lock that somebody else paired is to be reset', async () => {
  home.place.lock.knobs.foreignOwner = true;
  expect(await recommended()).toMatchObject({ flow: 'reset', text: expect.stringContaining('somebody else') });
});

test('empty batteries are named', async () => {
  home.place.lock.battery = 9;
  expect((await recommended()).text).toContain('9 %');
});

test('a clock that is wrong is named with by how much', async () => {
  home.place.lock.wall += 3 * HOUR;
  const { text, more } = await recommended();
  expect([text, ...more].join()).toContain('180 minutes');
});

test('codes that were put there without us are to be turned over', async () => {
  const { clock, house } = home;
  const code = { digits: new Secret('990817'), kind: 'permanent', validity: {} } as const;
  await clock.run(house.registry.work(house.view.id, OWNER, async session => session.codes?.add(code)));
  expect(await recommended()).toMatchObject({ flow: 'turnover', text: expect.stringContaining('1 on it') });
});

describe('the hints', () => {
  test('come in the order of the guide, each with what is seen of it', async () => {
    await recommended();
    const ladder = home.engine
      .lines(home.flow.id)
      .filter(({ step, kind }) => step === 'diagnose.ladder' && kind === 'evidence');
    expect(ladder.length).toBeGreaterThan(10);
    expect(ladder[0]?.text).toMatch(/-60 dBm.*adapter close/);
  });

  test('honour every id of the guide about trouble', async () => {
    const plan = await home.engine.preview({ type: 'diagnose', lock: 'front_door', reason: 'other' }, OWNER);
    const said = new Set([
      ...plan.notes.flatMap(({ honours }) => honours),
      ...plan.steps.flatMap(step => [...step.honours, ...(step.hints ?? []).flatMap(({ honours }) => honours)]),
    ]);
    const wanted = Array.from({ length: 24 }, (_, i) => `S0-${28 + i}`);
    expect(wanted.filter(id => !said.has(id))).toEqual([]);
  });
});
