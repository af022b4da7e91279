// latchbridge record verify, with nothing but a file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Secret } from '../../src/base/log.ts';
import { cli } from '../../src/cli/cli.ts';
import { type KeyPlace, publicKey, seal } from '../../src/flow/record/seal.ts';
import type { RecordBody } from '../../src/flow/record/words.ts';
import { FakeIo, FakeStart } from './kit.ts';

const keys: KeyPlace = (() => {
  const kept = new Map<string, Secret<string>>();
  return { secret: name => kept.get(name), setSecret: (name, value) => void kept.set(name, value) };
})();
const at = '2026-11-22T09:00:00.000Z';
const body: RecordBody = {
  format: 'latchbridge-record/1',
  id: 'r-0a1b2c3d',
  kind: 'record',
  title: 'Record of the turnover of "front_door" (Unit 3)',
  missing: [],
  subject: {
    lock: '0123456789ab',
    name: 'front_door',
    unit: 'Unit 3',
    family: 'ttlock',
    generation_before: 1,
    generation_after: 1,
  },
  flow: {
    id: 'f-0a1b2c3d',
    type: 'turnover',
    rung: 'all_guests',
    reason: 'tenant_left',
    goal: 'Nobody who could open it before can open it after.',
    plan_hash: 'ab'.repeat(32),
    journal_lines: 7,
    journal_hash: 'cd'.repeat(32),
    state: 'succeeded_with_residuals',
    started_at: at,
    ended_at: at,
    exposure_seconds: 0,
    clock: 'plausible',
  },
  people: { starter: 'mqtt (mqtt, automation)', hands: [] },
  erased: [{ kind: 'code', before: 3, after: 0, grade: 'E3' }],
  statements: [{ word: 'proved', grade: 'E3', what: 'The old app key is refused.', at }],
  residual_access: [{ kind: 'untested', text: 'No code was typed at the keypad.' }],
  overrides: [],
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lb-record-'));
  file = join(folder, 'record.json');
  writeFileSync(file, JSON.stringify(seal(body, keys)));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const told = async (...words: string[]): Promise<{ code: number; io: FakeIo }> => {
  const io = new FakeIo();
  const code = await cli(['record', ...words], io, new FakeStart());
  return { code, io };
};

describe('record verify', () => {
  it('says who signed it, what was erased, how surely, and what could still open the door', async () => {
    const { code, io } = await told('verify', file);
    expect(code).toBe(0);
    for (const words of ['signature is good', publicKey(keys), '3 before, 0 after', 'proved:', 'No code was typed']) {
      expect(io.all).toContain(words);
    }
  });

  it('compares the signer with the key that was expected', async () => {
    expect((await told('verify', file, '--key', publicKey(keys))).code).toBe(0);
    const { code, io } = await told('verify', file, '--key', 'A'.repeat(43));
    expect(code).toBe(1);
    expect(io.all).toContain('another installation');
  });

  it('refuses a record that was changed', async () => {
    const changed = JSON.stringify(seal(body, keys)).replace('"before":3', '"before":2');
    writeFileSync(file, changed);
    const { code, io } = await told('verify', file);
    expect(code).toBe(1);
    expect(io.all).toContain('changed after it was signed');
  });

  it('says that a file which is not there is not there', async () => {
    const { code, io } = await told('verify', join(folder, 'nothing.json'));
    expect([code, io.all.includes('ENOENT')]).toEqual([1, true]);
  });
});
