// Matter of the whole program: the demo's own controller over processes that end as they like.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MATTER, type Program, run, startDemo } from './program.ts';

const PIN = '482913';
/** Loading the library on a machine that does other things too. */
const PATIENCE = 60_000;

let data: string;
let demo: Program;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'lb-matter-'));
  demo = await startDemo(data, [MATTER, '--log-level', 'trace']);
}, PATIENCE);
afterAll(async () => {
  await demo?.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

function matter(words: string, input?: string): ReturnType<typeof run> {
  return run(['matter', ...words.split(' '), '--data', data], input === undefined ? {} : { input });
}

async function stateOf(name: string): Promise<string | undefined> {
  const { out } = await matter('ctl locks --json');
  const { locks } = JSON.parse(out) as { locks: { name: string; state: string }[] };
  return locks.find(lock => lock.name === name)?.state;
}

describe('the demo', () => {
  test('names its codes when it is ready, and is commissioned already', async () => {
    expect(demo.ready.matter).toMatchObject({ port: 5540, manual: expect.stringMatching(/^\d{11}$/) });
    expect(demo.ready.matter?.qr).toMatch(/^MT:/);
    expect((await matter('fabrics')).out).toContain('Latchbridge demo');
  });

  test('is locked from its controller', async () => {
    expect(await matter('ctl lock front_door')).toMatchObject({ code: 0 });
    await expect.poll(() => stateOf('front_door')).toBe('locked');
  });

  test('opens to a PIN that came over Matter, and says who typed it', async () => {
    expect(await matter('ctl pin front_door --pin-stdin', `${PIN}\n`)).toMatchObject({ code: 0 });
    expect((await run(['hand', 'front_door', 'type_code', PIN, '--data', data])).code).toBe(0);
    await expect.poll(() => stateOf('front_door')).toBe('unlocked');
    const heard = async () => (await matter('ctl events front_door --json')).out;
    await expect.poll(heard, { timeout: 10_000 }).toMatch(/"operationSource":3,"userIndex":1/);
  });

  test('writes neither a PIN nor a code into its log, at any level', () => {
    expect(demo.errors).toContain('"level":20');
    // The line that gives the code to its owner is the one exception.
    const log = demo.errors.split('\n').filter(line => !line.includes('can be added with this code'));
    const hex = Buffer.from(PIN).toString('hex');
    for (const secret of [PIN, hex, demo.ready.matter?.qr, demo.ready.matter?.manual]) {
      expect(log.filter(line => line.includes(secret as string))).toEqual([]);
    }
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'still has its controller after %s',
    { timeout: PATIENCE },
    async signal => {
      await demo.kill(signal);
      demo = await startDemo(data, [MATTER]);
      expect(demo.ready.matter).toMatchObject({ manual: null, qr: null });
      expect(await matter('ctl lock front_door')).toMatchObject({ code: 0 });
      await expect.poll(() => stateOf('front_door')).toBe('locked');
      expect((await matter('ctl users front_door')).out).toMatch(/^1 /m);
      expect(await matter('ctl unlock front_door')).toMatchObject({ code: 0 });
    },
  );

  test('goes on from a copy when what Matter keeps is lost', { timeout: PATIENCE }, async () => {
    expect((await run(['backup', '--data', data])).code).toBe(0);
    expect(['matter.backup.db', 'matter.daily.db'].map(name => existsSync(join(data, name)))).toEqual([true, true]);
    await demo.kill('SIGKILL');
    for (const tail of ['', '-wal', '-shm']) rmSync(join(data, `matter.db${tail}`), { force: true });
    demo = await startDemo(data, [MATTER]);
    expect(await matter('ctl lock front_door')).toMatchObject({ code: 0 });
  });
});

test('the selftest needs nothing and proves that Matter works', { timeout: PATIENCE }, async () => {
  const { code, out } = await run(['matter', 'selftest', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true });
});
