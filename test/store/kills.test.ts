import { beforeAll, describe, expect, test } from 'vitest';
import { buildChild, freshFolder, keyIn, open, record, start } from './kit.ts';

const KILLS = process.env['LATCHBRIDGE_NIGHTLY'] === undefined ? 20 : 100;

describe('a process that is killed in the middle of writing', () => {
  let script: string;
  beforeAll(async () => {
    script = await buildChild('writer.child');
  });

  test(`${KILLS} times in a row loses nothing that was acknowledged and leaves nothing half done`, async () => {
    const folder = freshFolder();
    const first = open({ folder });
    const lock = first.locks.add(record('front_door', { generation: 0 })).id;
    await first.close();

    for (let kill = 0; kill < KILLS; kill++) {
      const said = await writeAndDie(script, [folder, lock], 1 + ((kill * 37) % 50));
      const store = open({ folder });
      const [newest] = store.vault.of(lock);
      const live = store.vault.of(lock).filter(key => key.status === 'live');
      // Kept means on the disk; promoted means live; one round that was under way may be there or not.
      expect(newest?.generation ?? 0).toBeGreaterThanOrEqual(said.kept);
      expect(newest?.generation ?? 0).toBeLessThanOrEqual(said.kept + 1);
      expect(live[0]?.generation ?? 0).toBeGreaterThanOrEqual(said.promoted);
      expect(live.length).toBe(live[0] ? 1 : 0);
      expect(keyIn(live[0])).toBe(live[0] && `key ${live[0].generation}`);
      const [view] = store.locks.all();
      expect(view?.facts.serial ?? 'serial 0').toBe(`serial ${view?.generation}`);
      expect(view?.generation).toBeGreaterThanOrEqual(said.audited);
      expect(store.audit.check()).toMatchObject({ ok: true });
      const [flow] = store.flows.all({ open: true });
      expect(flow ? store.flows.check(flow.id) : { ok: true }).toEqual({ ok: true });
      expect(flow ? store.flows.lines(flow.id).length : 0).toBeGreaterThanOrEqual(said.journalled);
      const lines = store.audit.read({ most: 3 }).map(line => line.detail);
      expect([...lines, 'generation 0']).toContain(`generation ${said.audited}`);
      await store.close();
    }
  }, 300_000);

  test('gives the folder free for the next one at once', async () => {
    const folder = freshFolder();
    await writeAndDie(script, [folder, 'aabbccddeeff'], 20);
    expect(open({ folder }).vault.of('aabbccddeeff').length).toBeGreaterThan(0);
  });
});

/** What it had acknowledged when it was killed. */
async function writeAndDie(
  script: string,
  args: readonly string[],
  afterLines: number,
): Promise<{ kept: number; promoted: number; audited: number; journalled: number }> {
  const child = start(process.execPath, [script, ...args]);
  const begun = Number((await child.line())?.split(' ')[1]);
  const said: Record<string, number> = { kept: begun, promoted: begun - 1, audited: 0, journalled: 0 };
  // The child does not wait for us, so each kill meets it at another place of another round.
  for (let i = 0; i < afterLines; i++) note(said, await child.line());
  child.process.kill('SIGKILL');
  await child.ended;
  for (let line = await child.line(); line !== undefined; line = await child.line()) note(said, line);
  return said as Awaited<ReturnType<typeof writeAndDie>>;
}

function note(said: Record<string, number>, line: string | undefined): void {
  const [what = '', generation] = line?.split(' ') ?? [];
  said[what] = Number(generation);
}
