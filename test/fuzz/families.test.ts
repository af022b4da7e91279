// Garbage into everything that reads bytes from the air: values or the one declared error, the same frames whole and byte by
// byte, and no more memory than one frame.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import type { FuzzFamily } from './family.ts';
import { drawing, inputs } from './inputs.ts';

const here = import.meta.dirname;
const names = readdirSync(join(here, '../../src/drivers'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);
// A stack for each of a million refusals takes most of the time.
Error.stackTraceLimit = 0;

const SEED = 20_260_511;
/** More than two frames of the longest kind, so that frames meet each other. */
const MOST_BYTES = 96;
const LIMIT_MS = 1_800_000;

test('there are families', () => expect(names).toContain('ttlock'));

describe.each(names)('%s', name => {
  const load = async (): Promise<FuzzFamily> =>
    ((await import(/* @vite-ignore */ join(here, `${name}.ts`))) as { family: FuzzFamily }).family;

  test(
    'its framer gives the same frames whole and byte by byte, and holds at most one',
    async () => {
      const { framer } = await load();
      const [whole, slowly] = [framer.make(), framer.make()];
      let frames = 0;
      for (const bytes of inputs(drawing(SEED), { ...framer, most: MOST_BYTES })) {
        const taken = whole.feed(bytes);
        const one: unknown[] = [];
        for (let at = 0; at < bytes.length; at++) {
          for (const frame of slowly.feed(bytes.subarray(at, at + 1))) one.push(frame);
        }
        frames += taken.length;
        if (taken.length === one.length && whole.held === slowly.held && whole.held <= framer.longest) {
          if (taken.length === 0 || JSON.stringify(taken) === JSON.stringify(one)) continue;
        }
        expect({ bytes: Buffer.from(bytes).toString('hex'), held: whole.held, frames: one }).toEqual({
          bytes: Buffer.from(bytes).toString('hex'),
          held: slowly.held,
          frames: taken,
        });
      }
      // The framers are never cleared: what was cut off is finished by what comes next, or skipped.
      expect(frames).toBeGreaterThan(1000);
    },
    LIMIT_MS,
  );

  test(
    'nothing that reads its bytes throws anything else than a LockError',
    async () => {
      for (const [entry, about] of Object.entries((await load()).entries)) {
        let values = 0;
        for (const bytes of inputs(drawing(SEED + entry.length), { ...about, most: MOST_BYTES })) {
          try {
            about.read(bytes);
            values += 1;
          } catch (thrown) {
            if (thrown instanceof LockError) continue;
            throw new RangeError(`${name} ${entry}: ${Buffer.from(bytes).toString('hex')}`, { cause: thrown });
          }
        }
        // Inputs of which none is good would test nothing.
        expect(values, `${entry} took some`).toBeGreaterThan(100);
      }
    },
    LIMIT_MS,
  );
});
