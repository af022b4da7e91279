// preload.cjs with a noble program in a process of its own. Compiles src/sim first, since programs load the built one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksum, frame, SimSplitter } from '../../src/sim/ttlock/frames.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'latchbridge-preload-'));
const dist = join(folder, 'dist');

beforeAll(() => {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    rootDir: join(root, 'src'),
    outDir: dist,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [join(root, 'src/sim')] }),
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  // What is built loads its libraries from beside it.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const built = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new RangeError(`src/sim could not be compiled: ${built.stdout}${built.stderr}`);
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  status: number | null;
  stderr: string;
  found: { address: string; name: string; model: string; heard: string } | undefined;
}

function run(settings: Record<string, string>, ...frames: string[]): Ran {
  return runProgram('ask.cjs', settings, frames);
}

function runProgram(program: string, settings: Record<string, string>, frames: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', join(root, 'test/hci/preload.cjs'), join(root, 'test/hci/programs', program), ...frames],
    { encoding: 'utf8', timeout: 15_000, env: { PATH: process.env['PATH'], VIRTUAL_DIST: dist, ...settings } },
  );
  return { status, stderr, found: stdout === '' ? undefined : (JSON.parse(stdout) as Ran['found']) };
}

/** "Who are you", with a checksum that the two tables compute differently. */
function hello(): string {
  for (let group = 1; ; group++) {
    const header = { type: 5, version: 3, scene: 2, group, organisation: 1 };
    const bytes = frame(header, 0x45, { sealed: new Uint8Array(), checksum: 'clean' });
    if (checksum(bytes.subarray(0, -1), 'altered') === bytes.at(-1)) continue;
    return Buffer.from([...bytes, 0x0d, 0x0a]).toString('hex');
  }
}

describe('a noble program with preload.cjs', () => {
  it('finds a lock, reads it and ends', () => {
    const ran = run({});
    expect(ran).toEqual({
      status: 0,
      stderr: '',
      found: {
        address: 'f2:c1:ad:4c:ae:01',
        name: expect.stringContaining('D01_'),
        model: 'SN138-BL02_PV53',
        heard: '',
      },
    });
  });

  it('finds the variant, address and kind that were asked for', () => {
    const { found } = run({ VIRTUAL_LOCKS: 'padlock:shed', VIRTUAL_ADDRESS: '00:11:22:33:44:55', VIRTUAL_MTU: '185' });
    expect(found).toMatchObject({ address: '00:11:22:33:44:55' });
  });

  it('of the clean CRC table is answered with clean checksums', () => {
    const trace = join(folder, 'trace');
    const { found } = run({ VIRTUAL_CLIENT: 'clean', VIRTUAL_TRACE: trace }, hello());
    const answers = new SimSplitter().feed(Buffer.from(found?.heard ?? '', 'hex'));
    expect(answers.map(answer => answer.checksum)).toEqual([expect.stringMatching(/clean|both/)]);
    expect(readFileSync(trace, 'utf8')).toContain('"command":"45","direction":"down"');
  });

  it('of the clean CRC table is not answered by a lock as it is', () => {
    expect(run({}, hello()).found?.heard).toBe('');
  });

  it('is told which variants there are', () => {
    expect(run({ VIRTUAL_LOCKS: 'portcullis:gate' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('deadbolt'),
    });
  });

  it('is told what to do when there is no build', () => {
    expect(run({ VIRTUAL_DIST: join(folder, 'none') })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm run build'),
    });
  });

  describe('and VIRTUAL_FAMILY=nuki', () => {
    const nuki = { VIRTUAL_FAMILY: 'nuki' };

    it('finds a lock in pairing mode by its service data, and asks for its public key', () => {
      const ran = runProgram('ask-nuki.cjs', nuki, ['0100030027a7']);
      expect(ran).toMatchObject({
        status: 0,
        stderr: '',
        found: {
          address: '54:d2:72:4c:ae:01',
          name: expect.stringMatching(/^Nuki_[0-9A-F]{2}4CAE01$/),
          heard: expect.stringMatching(/^0300.{68}$/),
        },
      });
    });

    it('finds one of the fifth generation under its own service', () => {
      const { found } = runProgram('ask-nuki.cjs', { ...nuki, VIRTUAL_LOCKS: 'ultra:door' }, []);
      expect(found?.model).toBe('a92ee300550111e4916c0800200c9a66');
    });

    it('hears pieces of 20 bytes where the lock offers no larger MTU', () => {
      const small = { ...nuki, VIRTUAL_MTU: '23', VIRTUAL_TRACE: join(folder, 'nuki') };
      const { found } = runProgram('ask-nuki.cjs', small, ['0100030027a7']);
      expect(found?.heard).toMatch(/^0300.{36} .{32}$/);
      expect(readFileSync(join(folder, 'nuki'), 'utf8')).toContain('"command":"01","direction":"down"');
    });

    it('is told what a Nuki lock cannot be', () => {
      expect(run({ ...nuki, VIRTUAL_LOCKS: 'ultra:door:paired-elsewhere' }).stderr).toContain('cannot be');
      expect(run({ ...nuki, VIRTUAL_LOCKS: 'deadbolt:door' }).stderr).toContain('smart_lock_4');
      expect(run({ VIRTUAL_FAMILY: 'yale' }).stderr).toContain('ttlock, nuki');
    });
  });
});
