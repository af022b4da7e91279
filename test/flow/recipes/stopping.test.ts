// A person who stops in the middle: of a reset at its button, or of a pairing that cannot come to anything.
import { expect, it } from 'vitest';
import { OWNER, failureOf } from '../../support/fake-family.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { asked, paired, play } from './people.ts';

/** Up to the question to press the button. */
async function atTheButton(house: FlowHouse): Promise<string> {
  const { id } = await house.start({ type: 'reset', reason: 'lost_admin' });
  await play(house, { 'reset.hold': () => 'stop' }).catch(() => undefined);
  return id;
}

it('a reset that is cancelled from outside before anybody pressed changes nothing', async () => {
  const house = await paired();
  const id = await atTheButton(house);
  expect(house.flow.step?.id).toBe('reset.hold');
  await house.engine.cancel(id, OWNER);
  const ended = await house.until();
  expect([ended.state, ended.stop?.code, ended.pivotAt]).toEqual(['aborted_clean', 'cancelled', undefined]);
  expect([house.house.view.lifecycle, house.place.lock.paired]).toEqual(['managed', true]);
});

it('a reset that is cancelled after the button was pressed is not said to be undone', async () => {
  const house = await paired();
  const id = await atTheButton(house);
  house.place.air.power(false);
  await house.answer('done');
  await house.clock.advance(60_000);
  expect(house.flow.prompts[0]?.kind).toBe('human_choice');
  await house.engine.cancel(id, OWNER);
  const ended = await house.until();
  expect([ended.state, ended.stop?.code]).toEqual(['needs_attention', 'cancelled']);
  house.place.air.power(true);
  house.place.lock.hands.act('press_key');
  await house.engine.resume(id, OWNER);
  await house.until(['waiting_human', 'awaiting_clearance']);
  expect([house.place.lock.paired, house.flow.pivotAt]).toEqual([true, undefined]);
});

it('a reset that is left at its second try is asked of the lock, which still takes our key', async () => {
  const house = await paired();
  await atTheButton(house);
  await house.answer('done');
  await house.until(['waiting_human']);
  await house.clock.advance(90_000);
  expect(asked(house).filter(step => step === 'reset.hold').length).toBeGreaterThan(1);
  expect(house.flow.prompts[0]?.kind).toBe('human_do');
  await house.answer('cancel');
  const ended = await house.until();
  expect([ended.state, ended.stop?.code]).toEqual(['aborted_clean', 'cancelled']);
  expect(house.house.view.lifecycle).toBe('managed');
});

it('a lock that is ours and listens is refused at once', async () => {
  const house = await paired();
  house.house.registry
    .keeper('front_door')
    ?.refresh('person')
    .catch(() => undefined);
  await house.clock.advance(3000);
  expect(house.house.registry.keeper('front_door')?.session).toBeDefined();
  const began = house.clock.elapsed();
  const error = await failureOf(house.clock.run(house.house.pairer.pair({ lock: 'front_door' }, OWNER)));
  expect(error.reason).toBe('already_paired');
  expect(house.clock.elapsed() - began).toBeLessThan(5000);
  expect(error.message).toContain('It is paired with us already');
  expect(house.engine.all({ open: true })).toEqual([]);
});

it('an unpairing that is killed while it removes the lock comes to its end, with its record', async () => {
  const lines = async (): Promise<{ removed: number; all: number }> => {
    const house = await paired();
    await house.restart({ line: 10_000, when: 'after' });
    await house.start({ type: 'unpair', remove: true });
    await play(house);
    const kept = house.store.flows.lines(house.flow.id);
    const begun = kept.find(({ step, kind }) => step === 'unpair.remove' && kind === 'step');
    return { removed: begun?.number ?? 0, all: kept.length };
  };
  const { removed, all } = await lines();
  expect(removed).toBeGreaterThan(0);
  for (let line = removed; line <= all; line++) {
    const house = await paired();
    await house.restart({ line, when: 'before' });
    await house.start({ type: 'unpair', remove: true });
    const { id } = house.flow;
    await play(house).catch(() => undefined);
    await house.restart();
    for (let i = 0; i < 50 && house.engine.get(id)?.endedAt === undefined; i++) await house.clock.advance(1000);
    expect([line, house.engine.get(id)?.state]).toEqual([line, 'succeeded']);
    expect([line, house.recorder.get(id)?.text.includes('"name": "front_door"')]).toEqual([line, true]);
  }
});
