// What a screen needs for the hold drill and the confirmation, beside the sentences: and that it is true at each moment.
import { describe, expect, it } from 'vitest';
import type { FlowHouse } from '../../support/flow-house.ts';
import { type Deed, holds, paired, play } from './people.ts';

const touch: Deed = house => void house.place.lock.hands.act('press_key');
const usual: Readonly<Record<string, Deed>> = {
  'repair.find': touch,
  'repair.orientation': () => 'skip',
  'reset.default_code': () => 'skip',
  'reset.old_code': () => 'skip',
};

/** Resets by the button, and what was seen by `look` when the step asked. */
async function seenAt(step: string, look: (house: FlowHouse) => unknown): Promise<unknown[]> {
  const house = await paired();
  await house.start({ type: 'reset', reason: 'lost_admin' });
  const seen: unknown[] = [];
  const hold = holds(3);
  const looking = (deed: Deed): Deed => {
    return (h, prompt) => {
      seen.push(look(h));
      return deed(h, prompt);
    };
  };
  const deeds = { ...usual, 'reset.hold': hold };
  await play(house, { ...deeds, [step]: looking(deeds[step as keyof typeof deeds] ?? (() => undefined)) });
  return seen;
}

describe('the question to hold the button', () => {
  it('says for how long and when to let go, in numbers', async () => {
    const [first] = await seenAt('reset.hold', house => house.flow.prompts[0]?.hold);
    expect(first).toEqual({ least: 2, most: 4, letGo: 3 });
  });

  it('does not claim that the lock is empty before anybody has pressed', async () => {
    const [first] = await seenAt('reset.hold', house => house.flow.atStake);
    expect(first).toMatch(/^Nothing is erased yet\. Holding the button erases the lock: then it opens with /);
  });

  it('after the hold says that it is being found out, and to stay', async () => {
    const [, second] = await seenAt('reset.hold', house => house.flow.atStake);
    expect(second).toMatch(/^Whether it is erased is being found out\. Stay at the door/);
  });
});

describe('what is at stake', () => {
  it('is not a lock that is empty before the radio has seen it empty', async () => {
    const house = await paired();
    await house.start({ type: 'reset', reason: 'lost_admin' });
    const told: string[] = [];
    house.engine.hear(({ view }) => {
      if (view.step?.id === 'reset.hold' && !view.exposure) told.push(view.atStake);
    });
    await play(house, { ...usual, 'reset.hold': holds(3) });
    expect(told.filter(text => text.startsWith('The lock is empty'))).toEqual([]);
    expect(new Set(told).size).toBeGreaterThan(1);
  });
});

describe('the question that confirms', () => {
  it('lists what a yes also says', async () => {
    const [first] = await seenAt('opening.clearance', house => house.flow.prompts[0]?.says);
    expect(first).toEqual(['Somebody stays at the lock until it is paired again.']);
  });
});
