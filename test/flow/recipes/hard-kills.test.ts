// Unpair, re-pair and reset, killed before and after lines of their journals and started anew. Sampled here, all at night.
import { expect, it } from 'vitest';
import { recipes } from '../../../src/flow/recipes/index.ts';
import type { FlowView } from '../../../src/flow/words.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { type Killed, STRIDE, killEverywhere } from '../../support/flow-crash.ts';
import { AGAIN, type Deed, holds, play } from './people.ts';

const touch: Deed = house => void house.place.lock.hands.act('press_key');
const deeds: Readonly<Record<string, Deed>> = {
  'repair.find': touch,
  'repair.pair': touch,
  'repair.orientation': () => 'skip',
  'reset.hold': holds(3),
  'reset.default_code': () => 'skip',
  'reset.old_code': () => 'skip',
};

/** A person who touches the lock whenever nothing happens for a while. */
async function drive(house: FlowHouse): Promise<FlowView> {
  const stop = everySeconds(house, () => void house.place.lock.hands.act('press_key'));
  try {
    return await play(house, deeds);
  } finally {
    stop();
  }
}

function everySeconds(house: FlowHouse, call: () => void): () => void {
  let cancel = house.clock.after(5000, round);
  function round(): void {
    call();
    cancel = house.clock.after(5000, round);
  }
  return () => cancel();
}

const wipes = new WeakMap<object, number>();
const counting = (house: FlowHouse): number => wipes.get(house.place.lock) ?? 0;
async function paired(house: FlowHouse): Promise<void> {
  await house.house.pair();
  const { lock } = house.place;
  lock.onFrame = (command, direction) => {
    if (command === 0x52 && direction === 'down') wipes.set(lock, (wipes.get(lock) ?? 0) + 1);
  };
}

const flows: readonly Killed[] = [
  { name: 'unpair', recipes, before: paired, request: { type: 'unpair' }, drive, sent: counting },
  {
    name: 'unpair and pair again',
    recipes,
    before: paired,
    request: { type: 'unpair', ...AGAIN, mode: 'brief' },
    drive,
    sent: counting,
  },
  { name: 'reset', recipes, before: paired, request: { type: 'reset', reason: 'lost_admin' }, drive },
];

it.each(flows)(
  '$name survives a death at any line',
  async flow => {
    const { lines, wrong } = await killEverywhere(flow, STRIDE === 1 ? 1 : 11);
    expect(wrong).toEqual([]);
    expect(lines).toBeGreaterThan(40);
  },
  600_000,
);
