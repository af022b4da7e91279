// RE-PAIR on virtual locks: found, paired, set up and tested; twins, strangers, and links that break.
import { describe, expect, it } from 'vitest';
import { misbehave } from '../../../src/sim/ttlock/misbehaviour.ts';
import { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';
import { AUTOMATION, OWNER } from '../../support/fake-family.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { seeded } from '../../support/house.ts';
import { asked, fresh, grade, paired, play, said } from './people.ts';

const touch = (house: FlowHouse): void => void house.place.lock.hands.act('press_key');
const begin = (house: FlowHouse, more: object = {}, asker = OWNER): ReturnType<FlowHouse['engine']['start']> =>
  house.engine.start({ type: 'repair', reason: 'new_lock', name: 'front_door', ...more }, asker);

/** Another lock of the same make beside it. */
function twinOf(house: FlowHouse): VirtualTTLock {
  const { clock, air } = house.place;
  const twin = new VirtualTTLock({ name: 'neighbour', address: 'f2:c1:ad:4c:ae:01', clock, random: seeded(77) });
  air.add(twin);
  return twin;
}

describe('re-pair, guided', () => {
  it('of a new lock takes it up at the touch, and asks for the side, a last yes and the open door', async () => {
    const house = fresh();
    await begin(house);
    house.clock.after(20_000, () => touch(house));
    const ended = await play(house, { 'repair.find': () => 'nothing', 'repair.orientation': () => 'right' });
    expect(ended).toMatchObject({ state: 'succeeded', residuals: [] });
    expect(asked(house)).toEqual(['repair.find', 'repair.orientation', 'repair.confirm', 'opening.door']);
    expect(house.house.view).toMatchObject({ name: 'front_door', lifecycle: 'managed', generation: 1 });
    expect([grade(house, 'repair.find'), grade(house, 'verify.motor')]).toEqual(['E3', 'E3']);
  });

  it('gives advice by and by while the lock does not show up', async () => {
    const house = fresh();
    await begin(house);
    await house.clock.advance(100_000);
    const words = said(house);
    expect(words).toContain('bring this computer’s Bluetooth adapter close to the lock');
    expect(words).toContain('Do once more what the step says');
  });

  it('of a lock that fell asleep since it was heard asks for another touch, and goes on', async () => {
    const house = fresh();
    touch(house);
    // Its last advert is a moment ago, and it sleeps again.
    await house.clock.advance(17_000);
    await begin(house);
    house.clock.after(90_000, () => touch(house));
    const ended = await play(house, { 'repair.find': () => 'nothing', 'repair.orientation': () => 'left' });
    expect(ended.state).toBe('succeeded');
    expect(said(house)).toContain('Once more: touch its keypad');
  });

  it('replaces the public code before anything else, and it opens nothing any more', async () => {
    const house = fresh();
    touch(house);
    const opened = (): unknown => house.place.lock.hands.act('type_code', { digits: '123456' }).opened;
    const before = opened();
    await begin(house, { mode: 'brief' });
    await play(house);
    const { secrets } = house.place.lock;
    expect([before, opened(), secrets?.adminCode === '123456']).toEqual([true, false, false]);
    expect(house.flow.exposure).toBeUndefined();
  });

  it('of two twins takes the one that is touched', async () => {
    const house = fresh();
    const twin = twinOf(house);
    await begin(house);
    touch(house);
    twin.hands.act('press_key');
    const ended = await play(house, {
      'repair.find': (_house, prompt) => {
        if (prompt.text.includes('on no other')) twin.hands.act('press_key');
        return 'nothing';
      },
      'repair.orientation': () => 'skip',
    });
    expect(ended.state).toBe('succeeded');
    expect([twin.paired, house.place.lock.paired]).toEqual([true, false]);
  });
});

describe.each(['key_box', 'padlock'] as const)('re-pair of a %s', variant => {
  it('never asks for an orientation, and says so', async () => {
    const house = await paired({ variant });
    await house.start({ type: 'unpair', mode: 'brief' });
    await play(house);
    const first = asked(house).length;
    touch(house);
    await house.clock.advance(500);
    await house.engine.start({ type: 'repair', reason: 'other', lock: 'front_door' }, OWNER);
    const ended = await play(house, { 'repair.find': touch });
    expect(ended.state).toMatch(/^succeeded/);
    expect(ended.plan.steps.map(step => step.id)).not.toContain('repair.orientation');
    expect(ended.plan.notes.find(note => note.honours.includes('S0-25'))?.text).toContain('no left or right');
    expect(asked(house).slice(first)).toEqual(['repair.confirm']);
  });

  it('for the first time never asks for it either, nor for an open door, though nobody knew what it would be', async () => {
    const house = fresh({ variant });
    await begin(house);
    touch(house);
    await play(house);
    expect(asked(house)).not.toContain('repair.orientation');
    expect(asked(house)).not.toContain('opening.door');
  });
});

describe('re-pair, brief', () => {
  it('asks nobody anything, for an automation too', async () => {
    const house = fresh();
    touch(house);
    await begin(house, { mode: 'brief', seconds: 20 }, AUTOMATION);
    expect(await play(house)).toMatchObject({ state: 'succeeded', residuals: [] });
    expect(asked(house)).toEqual([]);
    expect(house.house.view.lifecycle).toBe('managed');
  });

  it('of a lock that nobody wakes ends in its time', async () => {
    const house = fresh();
    await begin(house, { mode: 'brief', seconds: 20 });
    const began = house.clock.elapsed();
    expect(await play(house)).toMatchObject({ state: 'aborted_clean', stop: { code: 'not_heard' } });
    expect(house.clock.elapsed() - began).toBeLessThan(25_000);
  });

  it('does not guess between twins', async () => {
    const house = fresh();
    touch(house);
    twinOf(house).hands.act('press_key');
    await begin(house, { mode: 'brief', seconds: 20 });
    expect(await play(house)).toMatchObject({ state: 'aborted_clean', stop: { code: 'ambiguous_lock' } });
  });

  it('of somebody else’s lock says whose it is, and changes nothing', async () => {
    const house = fresh({ knobs: { foreignOwner: true } });
    touch(house);
    const { address } = house.place.lock;
    await begin(house, { mode: 'brief', seconds: 10, address });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'aborted_clean', stop: { code: 'foreign_owner' } });
    expect(ended.stop?.text).toContain('maker’s app');
    expect(house.house.registry.all()).toEqual([]);
  });
});

describe('re-pair with a lock that goes wrong', () => {
  it('and drops the link at command 7 ends factory-new, or paired, and never in between', async () => {
    const house = fresh();
    misbehave(house.place.lock.knobs, 'drops_at_7');
    await begin(house, { mode: 'brief', seconds: 20 });
    for (let i = 0; i < 10 && !house.flow.endedAt; i++) {
      touch(house);
      await house.clock.advance(6000);
    }
    const [view] = house.house.registry.all();
    const ours = view?.lifecycle === 'managed';
    expect([ours, house.place.lock.paired]).toEqual([ours, ours]);
    expect(house.flow.state).toBe(ours ? 'succeeded' : 'aborted_clean');
  });

  it('and loses the answer to the commit is asked which key it knows, and is ours', async () => {
    const house = fresh();
    misbehave(house.place.lock.knobs, 'loses_commit');
    touch(house);
    await begin(house, { mode: 'brief', seconds: 20 });
    const ended = await play(house);
    expect(ended.state).toBe('succeeded');
    expect([house.house.view.lifecycle, house.house.view.generation]).toEqual(['managed', 1]);
  });

  it('and lost its clock gets it set', async () => {
    const house = fresh({ knobs: { losesClock: true } });
    const { lock } = house.place;
    lock.hands.act('batteries_out');
    lock.hands.act('batteries_in');
    const wrong = Math.abs(lock.wall - house.clock.now()) > 3600_000;
    touch(house);
    await begin(house, { mode: 'brief' });
    await play(house);
    expect([wrong, Math.abs(lock.wall - house.clock.now()) < 5000]).toEqual([true, true]);
  });

  it('and is stopped in the middle by a person stays ours, and is in use once its tests have passed', async () => {
    const house = fresh();
    touch(house);
    await begin(house);
    await play(house, { 'repair.find': touch, 'repair.orientation': () => 'skip', 'repair.confirm': () => 'cancel' });
    expect([house.flow.state, house.flow.stop?.code]).toEqual(['needs_attention', 'cancelled']);
    expect([house.place.lock.paired, house.house.view.lifecycle]).toEqual([true, 'suspended']);
    await house.engine.resume(house.flow.id, OWNER);
    await play(house);
    expect([house.flow.state, house.house.view.lifecycle]).toEqual(['succeeded', 'managed']);
  });
});
