// Which daemon a command talks to: the one that was named, the one at the usual place, else the newest demo.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openControlSocket } from '../../src/bridge/web/socket.ts';
import { newestDemos, tellDemo } from '../../src/cli/newest-demo.ts';
import { FakeDaemon, lockView } from '../bridge/web/fake-parts.ts';
import { useKit } from './kit.ts';

const kit = useKit({ running: false });
let stops: (() => Promise<void>)[] = [];
let usual: string;

beforeEach(() => {
  // Nothing of this machine gets in: its home, its variables, its temporary files.
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'latchbridge-tmp-')));
  vi.stubEnv('XDG_DATA_HOME', kit.folder);
  for (const name of ['LATCHBRIDGE_DATA', 'LATCHBRIDGE_CONFIG', 'SUPERVISOR_TOKEN']) vi.stubEnv(name, undefined);
  usual = join(kit.folder, 'latchbridge');
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
  rmSync(tmpdir(), { recursive: true, force: true });
  vi.unstubAllEnvs();
});
async function serve(data: string, name: string): Promise<FakeDaemon> {
  const daemon = new FakeDaemon();
  daemon.locks = [lockView({ name })];
  const socket = await openControlSocket(join(data, 'control.sock'), daemon.parts());
  stops.push(() => socket.close());
  return daemon;
}
async function whoAnswers(...more: string[]): Promise<string> {
  await kit.typeRaw('list', '--json', ...more);
  return (kit.printed() as { name: string }[])[0]?.name ?? 'nobody';
}

test('without a daemon it says how to start one', async () => {
  expect(await kit.typeRaw('list')).toBe(1);
  expect(kit.io.errs[0]).toMatch(
    new RegExp(`^Latchbridge is not running with the data folder ${usual}\\. Start it with: .* run$`),
  );
  expect(await kit.typeRaw('list', '--data', '/nowhere')).toBe(1);
  expect(kit.io.errs[1]).toMatch(/run --data \/nowhere$/);
});

test('of the folder of a demo it says how to start that demo again', async () => {
  mkdirSync(join(kit.folder, 'ended', 'sim'), { recursive: true });
  expect(await kit.typeRaw('list', '--data', join(kit.folder, 'ended'))).toBe(1);
  expect(kit.io.errs[0]).toMatch(/ demo --data \S+ended$/);
});

test('the daemon at the usual place comes before the demo', async () => {
  await serve(usual, 'real');
  await serve(join(kit.folder, 'demo'), 'demo');
  tellDemo(join(kit.folder, 'demo'));
  expect(await whoAnswers()).toBe('real');
  expect(kit.io.errs).toEqual([]);
});

test('without it the newest demo is found, and that is said', async () => {
  await serve(join(kit.folder, 'old'), 'old');
  await serve(join(kit.folder, 'new'), 'new');
  tellDemo(join(kit.folder, 'old'));
  tellDemo(join(kit.folder, 'new'));
  expect(await whoAnswers()).toBe('new');
  expect(kit.io.errs).toEqual(['(in the demo)']);
});

test('an older demo is found again when the newest has been killed', async () => {
  await serve(join(kit.folder, 'old'), 'old');
  tellDemo(join(kit.folder, 'old'));
  tellDemo(join(kit.folder, 'killed'));
  expect(await whoAnswers()).toBe('old');
});

test('a killed daemon at the usual place does not hide the demo', async () => {
  await serve(usual, 'real');
  await stops.pop()?.();
  writeFileSync(join(usual, 'control.sock'), '');
  await serve(join(kit.folder, 'demo'), 'demo');
  tellDemo(join(kit.folder, 'demo'));
  expect(await whoAnswers()).toBe('demo');
});

test.each([
  ['--data', ['--data', '/nowhere'], {}],
  ['LATCHBRIDGE_DATA', [], { LATCHBRIDGE_DATA: '/nowhere' }],
])('a folder named by %s is never replaced by a demo', async (_what, argv, env) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  await serve(join(kit.folder, 'demo'), 'demo');
  tellDemo(join(kit.folder, 'demo'));
  expect(await kit.typeRaw('list', ...argv)).toBe(1);
  expect(kit.io.errs[0]).toContain('/nowhere');
});

test('a settings file that is named says where', async () => {
  const data = join(kit.folder, 'd');
  const file = join(kit.folder, 'my.yaml');
  writeFileSync(file, `data: ${data}`);
  await serve(data, 'by_file');
  expect(await whoAnswers('--config', file)).toBe('by_file');
});

describe('the note of a demo', () => {
  test('is taken back when the demo ends, and leaves those of others', () => {
    const takeBackOld = tellDemo('/old');
    const takeBackNew = tellDemo('/new');
    expect(newestDemos()).toEqual(['/new', '/old']);
    takeBackNew();
    expect(newestDemos()).toEqual(['/old']);
    takeBackOld();
    expect(newestDemos()).toEqual([]);
    expect(readdirSync(tmpdir())).toEqual([]);
  });

  test('of many killed demos does not grow for ever', () => {
    for (let n = 0; n < 50; n++) tellDemo(`/killed/${n}`);
    expect(newestDemos()).toHaveLength(8);
    expect(newestDemos()[0]).toBe('/killed/49');
  });

  test('counts only while nobody else can have written it', () => {
    tellDemo('/mine');
    const file = join(tmpdir(), readdirSync(tmpdir())[0] as string);
    chmodSync(file, 0o644);
    expect(newestDemos()).toEqual([]);
  });

  test('is not followed to somewhere else', () => {
    tellDemo('/mine');
    const file = join(tmpdir(), readdirSync(tmpdir())[0] as string);
    rmSync(file);
    writeFileSync(`${file}.other`, '{"demos":["/theirs"]}', { mode: 0o600 });
    symlinkSync(`${file}.other`, file);
    expect(newestDemos()).toEqual([]);
    tellDemo('/mine');
    expect(newestDemos()).toEqual(['/mine']);
  });

  test.each(['', 'not json', '{"demos":5}', '{"demos":["relative", 5]}', 'null'])(
    'with %j in it counts for nothing',
    text => {
      tellDemo('/mine');
      const file = join(tmpdir(), readdirSync(tmpdir())[0] as string);
      writeFileSync(file, text);
      expect(newestDemos()).toEqual([]);
    },
  );
});

describe('a daemon that ends', () => {
  test('while it is asked: the command may have acted', async () => {
    const server = createServer((request, _response) => request.socket.destroy());
    await new Promise<void>(resolve => server.listen(join(kit.folder, 'control.sock'), resolve));
    stops.push(() => new Promise(resolve => server.close(() => resolve())));
    expect(await kit.typeRaw('unlock', 'front_door', '--json', '--data', kit.folder)).toBe(1);
    expect(kit.printed()).toMatchObject({ error: { code: 'unreachable', reason: 'no_answer', acted: 'maybe' } });
  });

  test('while it is watched: that is said', async () => {
    const { clock } = await serve(usual, 'real');
    const done = kit.typeRaw('watch');
    while (clock.armed === 0) await new Promise(resolve => setImmediate(resolve));
    await stops.pop()?.();
    expect(await done).toBe(1);
    expect(kit.io.errs).toEqual(['The daemon has stopped.']);
  });

  test('before it answers: the wait has an end', async () => {
    const server = createServer();
    const asked = once(server, 'request');
    await new Promise<void>(resolve => server.listen(join(kit.folder, 'control.sock'), resolve));
    stops.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const done = kit.typeRaw('lock', 'front_door', '--data', kit.folder);
    await asked;
    await kit.io.clock.advance(20_000);
    expect(await done).toBe(1);
    expect(kit.io.errs).toEqual(['The daemon did not answer within 20 s. Look at its log.']);
  });
});
