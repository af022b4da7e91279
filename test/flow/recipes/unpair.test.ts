// UNPAIR on virtual locks: asked, answered, wiped once, and proved; and with locks that go wrong.
import { describe, expect, it } from 'vitest';
import { misbehave } from '../../../src/sim/ttlock/misbehaviour.ts';
import { failureOf } from '../../support/fake-family.ts';
import { AGAIN, asked, fresh, grade, paired, play, said, statuses } from './people.ts';

describe('unpair, guided', () => {
  it('of a healthy lock asks for the open door and one confirmation, and proves the rest', async () => {
    const house = await paired();
    const before = house.house.view;
    await house.start({ type: 'unpair' });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'succeeded', residuals: [] });
    expect(asked(house)).toEqual(['opening.door', 'opening.clearance']);
    expect(house.place.lock.paired).toBe(false);
    expect(house.house.view).toMatchObject({
      id: before.id,
      name: before.name,
      lifecycle: 'factory',
      unit: before.unit,
    });
    expect([grade(house, 'unpair.wipe'), grade(house, 'unpair.factory'), grade(house, 'unpair.old_key')]).toEqual([
      'E3',
      'E3',
      'E3',
    ]);
    expect(statuses(house)).toEqual(['dead']);
  });

  it('names what is lost in the confirmation, and who promised to watch the door', async () => {
    const house = await paired();
    await house.start({ type: 'unpair' });
    await house.until(['waiting_human']);
    await house.answer();
    const { prompts } = await house.until(['awaiting_clearance']);
    expect(prompts[0]?.text).toContain('every app key and our own key');
    expect(prompts[0]?.text).toContain('the door is watched, or secured another way');
    expect(prompts[0]?.challenge).toMatch(/^\d{4}$/);
    expect(prompts[0]?.spoken.split(' ').length).toBeLessThanOrEqual(20);
  });

  it('lets nobody lock it while its confirmation is waited for, and lets anybody unlock it', async () => {
    const house = await paired();
    await house.start({ type: 'unpair' });
    await house.until(['waiting_human']);
    await house.answer();
    await house.until(['awaiting_clearance']);
    const refused = await house.clock.run(failureOf(house.house.command('lock')));
    expect(refused).toMatchObject({ code: 'busy', reason: 'flow' });
    expect(house.place.lock.bolt).toBe('unlocked');
    await house.clock.run(house.house.command('unlock'));
  });

  it('of a locked lock wants somebody to touch it before it is unlocked, and sees that over the radio', async () => {
    const house = await paired();
    house.place.lock.hands.act('thumb', { to: 'lock' });
    await house.clock.advance(30_000);
    await house.start({ type: 'unpair' });
    house.clock.after(20_000, () => void house.place.lock.hands.act('press_key'));
    const ended = await play(house, { 'opening.presence': () => 'nothing' });
    expect(ended.state).toBe('succeeded');
    expect(grade(house, 'opening.presence')).toBe('E3');
    expect(house.place.lock.bolt).toBe('unlocked');
  });

  it('on to a new pairing in one go keeps name, unit and settings and counts the pairing', async () => {
    const house = await paired();
    const { workbench, view } = house.house;
    await house.clock.run(
      workbench.writeSetting(view.id, 'auto_lock_seconds', 30, { via: 'cli', who: 'cli', role: 'owner' }),
    );
    await house.start({ type: 'unpair', ...AGAIN });
    const ended = await play(house, {
      'repair.find': h => void h.place.lock.hands.act('press_key'),
      'repair.orientation': () => 'left',
    });
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(house.house.view).toMatchObject({ id: view.id, name: 'front_door', lifecycle: 'managed', generation: 2 });
    await house.clock.advance(30_000);
    expect(workbench.known(view.id)).toMatchObject({ auto_lock_seconds: 30, passage_mode: false });
    expect(ended.exposure).toBeUndefined();
  });

  it('pulls the batteries where the lock does not respond, skippable, and hears that they are out', async () => {
    const house = await paired();
    await house.start({ type: 'unpair', reason: 'not_responding' });
    const { hands } = house.place.lock;
    const ended = await play(house, {
      'batteries.out': () => {
        hands.act('batteries_out');
        return 'nothing';
      },
      'batteries.in': () => {
        hands.act('batteries_in');
        return 'nothing';
      },
    });
    expect(ended.state).toBe('succeeded');
    expect([grade(house, 'batteries.out'), grade(house, 'batteries.in')]).toEqual(['E2', 'E2']);
  });

  it('that only forgets says that the lock has forgotten nothing', async () => {
    const house = await paired();
    await house.start({ type: 'unpair', forget_only: true });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'succeeded_with_residuals', residuals: [{ kind: 'lock_kept_keys' }] });
    expect(ended.residuals[0]?.text).toContain('the lock has forgotten nothing');
    expect([house.place.lock.paired, house.house.view.lifecycle]).toEqual([true, 'retired']);
  });

  it('with removal takes name and topics away at the end', async () => {
    const house = await paired();
    await house.start({ type: 'unpair', remove: true });
    expect(await play(house)).toMatchObject({ state: 'succeeded' });
    expect([house.house.registry.all(), house.place.lock.paired]).toEqual([[], false]);
  });
});

describe.each(['key_box', 'padlock'] as const)('unpair of a %s', variant => {
  it('asks whether it stands open, for no door and for no side', async () => {
    const house = await paired({ variant });
    await house.start({ type: 'unpair' });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(asked(house)).toEqual(['opening.unlock', 'opening.clearance']);
    expect(ended.plan.steps.some(step => step.id.includes('orientation'))).toBe(false);
    expect(ended.plan.notes.find(note => note.honours.includes('S0-25'))?.text).toContain('no left or right');
  });

  it('in brief has the one question say that it is open', async () => {
    const house = await paired({ variant });
    await house.start({ type: 'unpair', mode: 'brief' });
    const { prompts } = await house.until(['awaiting_clearance']);
    expect(prompts[0]?.text).toContain('stands open');
    expect(await play(house)).toMatchObject({ state: 'succeeded' });
  });
});

describe('unpair, brief', () => {
  it('asks one question, whose yes says that the door is open', async () => {
    const house = await paired();
    await house.start({ type: 'unpair', mode: 'brief' });
    const { prompts } = await house.until(['awaiting_clearance']);
    expect(prompts[0]?.text).toContain('The door is open and stays open.');
    expect(await play(house)).toMatchObject({ state: 'succeeded' });
    expect(asked(house)).toEqual(['opening.clearance']);
    expect(said(house)).toContain('The door is open and stays open.');
  });

  it('of a locked lock changes nothing and says what to do', async () => {
    const house = await paired();
    house.place.lock.hands.act('thumb', { to: 'lock' });
    await house.start({ type: 'unpair', mode: 'brief' });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'aborted_clean', stop: { code: 'not_unlocked' } });
    expect([house.place.lock.paired, house.house.view.lifecycle]).toEqual([true, 'managed']);
  });

  it('is refused on batteries that are too low, before anything is asked', async () => {
    const house = await paired();
    house.place.lock.battery = 12;
    await house.start({ type: 'unpair', mode: 'brief' });
    expect(await play(house)).toMatchObject({ state: 'aborted_clean', stop: { code: 'battery_low' } });
    expect(asked(house)).toEqual([]);
  });
});

describe('unpair of a lock that goes wrong', () => {
  it('and only restarts ends as it began, with the words, and the key still counts', async () => {
    const house = await paired();
    misbehave(house.place.lock.knobs, 'restarts');
    await house.start({ type: 'unpair' });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'aborted_clean', stop: { code: 'rebooted_not_reset' } });
    expect(ended.stop?.text).toContain('only restarted');
    expect([house.house.view.lifecycle, statuses(house)[0]]).toEqual(['managed', 'live']);
    await house.clock.run(house.house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
  });

  it('and loses its answer is asked, never told twice', async () => {
    const house = await paired();
    let wipes = 0;
    house.place.lock.onFrame = (command, direction) => void (command === 0x52 && direction === 'down' && wipes++);
    misbehave(house.place.lock.knobs, 'loses_wipe');
    await house.start({ type: 'unpair' });
    expect(await play(house)).toMatchObject({ state: 'succeeded' });
    expect([wipes, house.place.lock.paired, house.house.view.lifecycle]).toEqual([1, false, 'factory']);
  });

  it('and keeps old codes alive is never called done when it is paired again', async () => {
    const house = await paired({ knobs: { oldCodesSurvive: true } });
    const { access, view } = house.house;
    const digits = { reveal: () => '482913' } as never;
    await house.clock.run(access.setCode(view.id, 1, { digits }, { via: 'cli', who: 'cli', role: 'owner' }));
    await house.start({ type: 'unpair', ...AGAIN, mode: 'brief' });
    house.engine.hear(event => void (event.view.step?.id === 'repair.find' && house.place.lock.hands.act('press_key')));
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'needs_attention', stop: { code: 'still_opens' } });
    expect(house.house.view.lifecycle).not.toBe('managed');
    expect(house.notices().join(' ')).toContain('front_door');
  });

  it('and belongs to somebody else by now is not wiped, and says so', async () => {
    const house = await paired();
    misbehave(house.place.lock.knobs, 'foreign_owner');
    await house.start({ type: 'unpair', mode: 'brief' });
    const ended = await play(house);
    expect(ended.state).toMatch(/^aborted/);
    expect(ended.stop?.code).toBe('key_refused');
  });

  it('and sleeps is waited for, then left as it was', async () => {
    const house = await paired();
    misbehave(house.place.lock.knobs, 'asleep');
    await house.clock.advance(60_000);
    await house.start({ type: 'unpair', mode: 'brief' });
    const ended = await play(house);
    expect(ended).toMatchObject({ stop: { code: 'not_heard' } });
    expect(house.place.lock.paired).toBe(true);
  });

  it('that is factory-new is not unpaired again', async () => {
    const house = fresh();
    await expect(house.start({ type: 'unpair' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
