// What was erased within the hour, as the journals tell it (R09).
import { expect, it } from 'vitest';
import { Past } from '../../../src/flow/engine/past.ts';
import type { FlowShelf, JournalLine, KeptFlow } from '../../../src/flow/journal.ts';
import type { Rung } from '../../../src/flow/plan.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';

function pivotsOf(rung: Rung): readonly unknown[] {
  const clock = new VirtualClock();
  const flow = { id: 'f-1', lock: 'a', plan: { rung, request: {} } } as unknown as KeptFlow;
  const intent = { kind: 'intent', number: 1, at: clock.now(), data: { pivot: true } } as unknown as JournalLine;
  const shelf = { all: () => [flow], lines: () => [intent] } as unknown as FlowShelf;
  return new Past(shelf, clock).pivots('f-2');
}

it('a factory reset counts', () => {
  expect(pivotsOf('factory_reset')).toHaveLength(1);
});

it.each(['own_key', 'all_guests'] as const)('%s does not: the lock keeps what others have of it', rung => {
  expect(pivotsOf(rung)).toEqual([]);
});
