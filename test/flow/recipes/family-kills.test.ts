// Flows over the air of every family, killed before and after lines of their journals. Sampled by day, all at night.
import { describe, expect, it } from 'vitest';
import { recipes } from '../../../src/flow/recipes/index.ts';
import type { FlowView } from '../../../src/flow/words.ts';
import type { VirtualLock } from '../../../src/sim/family.ts';
import { families } from '../../support/families.ts';
import { type Killed, STRIDE, killEverywhere } from '../../support/flow-crash.ts';
import type { FlowHouse } from '../../support/flow-house.ts';
import { makeFamilyPlace, offer, secretOf, wake } from '../../support/house.ts';

type Any = FlowHouse<VirtualLock>;

/** Where it is asked for again; every other question is answered with yes. */
const SECRET = 'repair.pair';
const EVERY_MS = 5000;

/** Says yes to everything, wakes the lock now and then, and has it offer itself where that is asked for. */
async function drive(house: Any): Promise<FlowView> {
  let cancel = house.clock.after(EVERY_MS, round);
  function round(): void {
    wake(house.place);
    cancel = house.clock.after(EVERY_MS, round);
  }
  try {
    for (let i = 0; i < 60; i++) {
      const { state, prompts } = await house.until(['waiting_human', 'awaiting_clearance', 'planned']);
      const [prompt] = prompts;
      if (!['waiting_human', 'awaiting_clearance'].includes(state) || !prompt) return house.flow;
      if (prompt.step.startsWith('repair.')) offer(house.place);
      const { secret } = secretOf(house.place.lock);
      const asksSecret = prompt.step === SECRET && prompt.kind === 'human_input';
      await house.answer(asksSecret && secret ? secret.reveal() : 'yes').catch(() => undefined);
      await house.clock.advance(1000);
    }
  } finally {
    cancel();
  }
  throw new RangeError(`it asks without end: ${house.flow.step?.id}`);
}

async function told(house: Any): Promise<void> {
  await house.house.pair();
  await house.house.tellCode();
}

const requests: readonly (Pick<Killed, 'name' | 'request'> & { least: number })[] = [
  { name: 'unpair', request: { type: 'unpair' }, least: 30 },
  { name: 'rekey', request: { type: 'rekey', reason: 'lost_key', phones: 'keep' }, least: 40 },
  { name: 'turnover', request: { type: 'turnover', reason: 'tenant_left', phones: 'remove' }, least: 40 },
];

describe.each(await families())('$name', ({ sim, killEvery }) => {
  it.each(requests)(
    '$name survives a death at any line',
    async ({ name, request, least }) => {
      const place = (): ReturnType<typeof makeFamilyPlace> => makeFamilyPlace(sim);
      const flow: Killed<VirtualLock> = { name, recipes, place, before: told, request, drive };
      const { lines, wrong } = await killEverywhere(flow, STRIDE === 1 ? 1 : 4 * killEvery.lines);
      expect(wrong).toEqual([]);
      expect(lines).toBeGreaterThan(least);
    },
    600_000,
  );
});
