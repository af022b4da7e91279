// RESET on virtual locks: the button held with a count, a restart told from a reset, codes that must fail.
import { describe, expect, it } from 'vitest';
import { misbehave } from '../../../src/sim/ttlock/misbehaviour.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { type Deed, asked, grade, holds, paired, play, said, statuses } from './people.ts';

const touch: Deed = house => void house.place.lock.hands.act('press_key');
const types =
  (digits: string): Deed =>
  house => {
    house.place.lock.hands.act('type_code', { digits });
    return 'nothing';
  };
const usual: Readonly<Record<string, Deed>> = {
  'reset.hold': holds(3),
  'repair.find': touch,
  'repair.orientation': () => 'skip',
  'reset.default_code': types('123456'),
  'reset.old_code': () => 'skip',
};
const reset = (house: FlowHouse, more: object = {}): Promise<unknown> =>
  house.start({ type: 'reset', reason: 'lost_admin', ...more });

describe('reset by the button', () => {
  it('counts the seconds, calls the moment to let go, and sees the reset over the radio', async () => {
    const house = await paired();
    const before = house.house.view;
    await reset(house);
    const ended = await play(house, usual);
    expect(ended.state).toMatch(/^succeeded/);
    expect(said(house)).toMatch(/1 …[\s\S]*3: let go NOW\./);
    expect(grade(house, 'reset.hold')).toBe('E3');
    expect(house.house.view).toMatchObject({ id: before.id, name: before.name, lifecycle: 'managed', generation: 2 });
    expect(statuses(house)[0]).toBe('live');
  });

  it('asks for the items, the button and the hold, in this order', async () => {
    const house = await paired();
    await reset(house);
    await play(house, usual);
    const order = ['opening.items', 'opening.door', 'reset.button', 'opening.clearance', 'reset.hold'];
    expect([...new Set(asked(house))].slice(0, order.length)).toEqual(order);
  });

  it('has the default code typed and sees in the log that it is refused', async () => {
    const house = await paired();
    await reset(house);
    await play(house, usual);
    expect(grade(house, 'reset.default_code')).toBe('E3');
    expect(said(house)).toContain('was typed, and the lock refused it');
  });

  it('measures how long the door opened to the public code, until that was changed', async () => {
    const house = await paired();
    await reset(house);
    let exposed = 0;
    house.engine.hear(({ view }) => void (exposed = Math.max(exposed, view.exposure?.seconds ?? 0)));
    await play(house, usual);
    expect(house.kinds().filter(kind => kind === 'exposed' || kind === 'covered')).toEqual(['exposed', 'covered']);
    expect(house.flow.exposure).toBeUndefined();
  });

  it('with a working key is done over the radio when the person wants that', async () => {
    const house = await paired();
    await reset(house, { reason: 'clean_slate' });
    const ended = await play(house, { ...usual, 'reset.way': () => 'radio' });
    expect(ended.state).toMatch(/^succeeded/);
    expect(asked(house)).not.toContain('reset.hold');
    expect([grade(house, 'unpair.wipe'), house.house.view.generation]).toEqual(['E3', 2]);
  });

  it('with a working key is done by the button when the person wants that', async () => {
    const house = await paired();
    await reset(house, { reason: 'clean_slate' });
    const ended = await play(house, { ...usual, 'reset.way': () => 'button' });
    expect(ended.state).toMatch(/^succeeded/);
    expect(grade(house, 'reset.hold')).toBe('E3');
    expect(grade(house, 'unpair.wipe')).toBeUndefined();
  });
});

describe.each(['key_box', 'padlock'] as const)('reset of a %s', variant => {
  it('asks for no door and no orientation', async () => {
    const house = await paired({ variant });
    await reset(house);
    // Where a box has its button, and how long it is held, no good source says: the person's manual does.
    const ended = await play(house, {
      ...usual,
      'reset.button': (_house, { text }) => (text.includes('your manual say') ? '2-5' : 'done'),
    });
    expect(ended.state).toMatch(/^succeeded/);
    expect(asked(house)).not.toContain('opening.door');
    expect(asked(house)).not.toContain('repair.orientation');
  });
});

describe('reset of a lock that goes wrong', () => {
  it('and was held too shortly says so live, and the next, longer hold does it', async () => {
    const house = await paired();
    await reset(house);
    let go = 0;
    const short: Deed = (h, prompt) => (prompt.kind === 'human_do' ? holds(go++ === 0 ? 1 : 4)(h, prompt) : 'nothing');
    const ended = await play(house, { ...usual, 'reset.hold': short });
    expect(said(house)).toContain('That was only a restart');
    expect(ended.state).toMatch(/^succeeded/);
    expect(house.house.view.generation).toBe(2);
  });

  it('and only ever restarts ends as it began: nothing is erased, and nobody is told "done"', async () => {
    const house = await paired();
    misbehave(house.place.lock.knobs, 'restarts');
    await reset(house);
    const ended = await play(house, usual);
    expect(ended).toMatchObject({ state: 'aborted_clean', stop: { code: 'rebooted_not_reset' } });
    expect([house.place.lock.paired, house.house.view.lifecycle, statuses(house)[0]]).toEqual([
      true,
      'managed',
      'live',
    ]);
  });

  it('and asks for an initialisation code is told apart, and no code is guessed', async () => {
    const house = await paired();
    misbehave(house.place.lock.knobs, 'asks_code');
    await reset(house);
    const ended = await play(house, {
      ...usual,
      'reset.hold': (h, prompt) => {
        if (prompt.text.includes('initialisation code from your manual')) {
          h.place.lock.hands.act('type_code', { digits: '000' });
          return 'nothing';
        }
        if (prompt.kind === 'human_choice') return 'asks_code';
        return holds(3)(h, prompt);
      },
    });
    expect(ended.state).toMatch(/^succeeded/);
    expect(said(house)).toContain('from YOUR manual');
  });

  it('and keeps old codes alive is never called done', async () => {
    const house = await paired({ knobs: { oldCodesSurvive: true } });
    const { access, view } = house.house;
    const digits = { reveal: () => '482913' } as never;
    await house.clock.run(access.setCode(view.id, 1, { digits }, { via: 'cli', who: 'cli', role: 'owner' }));
    await reset(house);
    const ended = await play(house, { ...usual, 'reset.old_code': types('482913') });
    expect(ended).toMatchObject({ state: 'needs_attention', stop: { code: 'still_opens' } });
    expect(house.house.view.lifecycle).not.toBe('managed');
  });

  it('and whose batteries are low is not erased', async () => {
    const house = await paired();
    house.place.lock.battery = 15;
    await reset(house);
    expect(await play(house, usual)).toMatchObject({ state: 'aborted_clean', stop: { code: 'battery_low' } });
    expect(house.place.lock.paired).toBe(true);
  });
});
