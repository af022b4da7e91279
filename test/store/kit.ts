// What the tests of the store share: folders of their own, a seeded random, records, and child processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Credential } from '../../src/lock/driver.ts';
import type { CredentialStatus, KeptCredential, LockRecord } from '../../src/lock/ports.ts';
import { makeAudit } from '../../src/store/audit.ts';
import type { Database } from '../../src/store/database.ts';
import { keyInMemory } from '../../src/store/key-file.ts';
import { openInMemory } from '../../src/store/opening.ts';
import { type Store, type StoreParts, openStore } from '../../src/store/store.ts';
import { KeyVault } from '../../src/store/vault.ts';

const folders: string[] = [];
const stores: Store[] = [];

afterEach(async () => {
  await closeAll();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export async function closeAll(): Promise<void> {
  await Promise.all(stores.splice(0).map(store => store.close()));
}

/** A folder that does not exist yet, inside one that goes after the test. */
export function freshFolder(): string {
  const around = mkdtempSync(join(tmpdir(), 'latchbridge-store-'));
  folders.push(around);
  return join(around, 'data');
}

/** Bytes that look random and are the same in every run. */
export function seeded(seed = 'seed'): (bytes: number) => Uint8Array {
  let count = 0;
  return bytes => {
    const digest = createHash('shake256', { outputLength: Math.max(1, bytes) });
    return new Uint8Array(digest.update(`${seed} ${count++}`).digest().subarray(0, bytes));
  };
}

/** In memory without a folder. Closed after the test. */
export function open(parts: Partial<StoreParts> = {}): Store {
  const store = openStore({ clock: new VirtualClock(), random: seeded(), log: silent, ...parts });
  stores.push(store);
  return store;
}

/** A vault whose rows can be changed behind its back, and which can be opened again. */
export function inMemory(): { vault: KeyVault; database: Database; again: () => KeyVault } {
  const { database } = openInMemory();
  const clock = new VirtualClock();
  const parts = {
    database,
    place: keyInMemory(),
    clock,
    random: seeded(),
    audit: makeAudit(database, { clock, log: silent }),
    log: silent,
  };
  return { vault: new KeyVault(parts), database, again: () => new KeyVault(parts) };
}

/** Key and status of each, newest first. */
export function statuses(keys: readonly KeptCredential[]): [unknown, CredentialStatus][] {
  return keys.map(key => [keyIn(key), key.status]);
}

export function record(name: string, more: Partial<LockRecord> = {}): Omit<LockRecord, 'endpoint'> {
  return {
    id: createHash('sha256').update(name).digest('hex').slice(0, 12),
    name,
    unit: { id: createHash('sha256').update(`unit ${name}`).digest('hex').slice(0, 12), name: `unit of ${name}` },
    family: 'ttlock',
    address: 'aa:bb:cc:dd:ee:ff',
    addressType: 'public',
    hardware: 'aabbccddeeff',
    lifecycle: 'managed',
    generation: 1,
    settings: {},
    facts: {},
    addedAt: 1_700_000_000_000,
    ...more,
  };
}

export function credential(key: string, family = 'ttlock'): Credential {
  return { family, data: new Secret({ key }) };
}

export function keyIn(credentialOrNothing: { credential: Credential } | undefined): unknown {
  return credentialOrNothing?.credential.data.reveal()['key'];
}

/** What a call throws, which must be a LockError. */
export function errorOf(call: () => unknown): LockError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof LockError) return thrown;
    throw thrown;
  }
  throw new RangeError('nothing was thrown');
}

export async function rejectionOf(work: Promise<unknown>): Promise<LockError> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof LockError) return thrown;
  throw new RangeError('it did not fail with a LockError', { cause: thrown });
}

/** All bytes of all files in a folder. */
export function bytesIn(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map(name => readFileSync(join(folder, name))));
}

export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

const built: string[] = [];

/** A script of this folder as plain JavaScript, where it finds the packages. Node 20 runs no TypeScript by itself. */
export async function buildChild(name: string): Promise<string> {
  const around = join(import.meta.dirname, '../../node_modules/.tmp');
  mkdirSync(around, { recursive: true });
  const outDir = mkdtempSync(join(around, 'store-'));
  built.push(outDir);
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: join(import.meta.dirname, `${name}.ts`), outDir, emptyOutDir: false, minify: false },
  });
  const [file] = readdirSync(outDir);
  return join(outDir, file as string);
}

afterAll(() => {
  for (const folder of built.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Child {
  process: ChildProcess;
  /** The next whole line that it printed, or undefined at its end. */
  line(): Promise<string | undefined>;
  ended: Promise<void>;
}

export function start(command: string, args: readonly string[]): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let rest = '';
  let over = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) (waiting.shift() ?? (line => void lines.push(line as string)))(part);
  });
  const ended = new Promise<void>(resolve => {
    child.once('close', () => {
      over = true;
      for (const wake of waiting.splice(0)) wake(undefined);
      resolve();
    });
  });
  return {
    process: child,
    ended,
    line: () =>
      lines.length > 0 || over ? Promise.resolve(lines.shift()) : new Promise(resolve => waiting.push(resolve)),
  };
}
