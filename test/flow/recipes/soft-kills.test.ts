// Turnover and rekey, killed before and after the act of journal lines and started anew. Sampled here, all of them at night.
import { expect, test } from 'vitest';
import type { FlowHouse } from '../../support/flow-house.ts';
import { ADA, AUTOMATION, BEN, CARD, cardOpens, inhabited, opens } from './guests.ts';

const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/** A prime, so that the samples fall into all parts of all steps. */
const EVERY = NIGHTLY ? 1 : 13;
/** More than either of them writes; what is past its end kills nothing. */
const MOST_LINES = 150;

type Type = 'turnover' | 'rekey';
const cuts = (['turnover', 'rekey'] as const).flatMap(type =>
  Array.from({ length: MOST_LINES }, (_, i) => i + 1)
    .filter(line => (line + (type === 'rekey' ? 5 : 0)) % EVERY === 0)
    .flatMap(line => (['before', 'after'] as const).map(when => [type, when, line] as const)),
);

test.each(cuts)('a %s killed %s line %i ends as if nothing had been', async (type, when, line) => {
  const home = await inhabited();
  const ours = (): unknown[] => home.engine.all().filter(flow => flow.type === type);
  await home.restart({ line, when });
  await begin(home, type);
  await home.clock.advance(30_000);
  const wasKilled = home.death.dead;
  if (wasKilled) await home.restart();
  // Before its first line there is no flow; whoever asked for it got no answer, and asks again.
  if (ours().length === 0) await begin(home, type);
  for (let i = 0; i < 60 && !home.flow.state.startsWith('succeeded'); i++) await home.clock.advance(10_000);
  expect(home.flow.state).toBe('succeeded_with_residuals');
  expect(ours()).toHaveLength(1);
  await judge(home, type);
});

async function begin(home: FlowHouse, type: Type): Promise<void> {
  await home.start({ type }, AUTOMATION).catch(() => undefined);
}

/** The lock has the last word: on what opens it, on its key, and on what the record claims. */
async function judge(home: FlowHouse, type: Type): Promise<void> {
  const { lock } = home.place;
  expect([opens(lock, ADA), opens(lock, BEN), cardOpens(lock, CARD)]).toEqual([false, false, false]);
  const codes = [...(lock.secrets?.codes ?? [])];
  const kept = home.store.access.of(home.house.view.id).filter(one => one.kind === 'code');
  const ours = kept.map(({ id }) => home.store.vault.secret(`pin:${id}`)?.reveal() ?? '');
  expect(ours.toSorted()).toEqual(codes.toSorted());
  expect(codes).toHaveLength(type === 'rekey' ? 2 : 0);
  await home.clock.run(home.house.command('lock'));
  const { record } = JSON.parse(home.recorder.of(home.flow.id)?.text ?? '{}') as {
    record: { erased: readonly { kind: string; after?: number }[] };
  };
  expect(record.erased.find(({ kind }) => kind === 'code')?.after).toBe(codes.length);
  expect(JSON.stringify(home.store.flows.lines(home.flow.id))).not.toMatch(new RegExp(`${ADA}|${BEN}|${CARD}`));
}
