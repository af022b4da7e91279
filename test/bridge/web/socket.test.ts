// The control socket: who can open it, and what happens to one that a killed daemon left.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { ask } from './client.ts';
import { FakeDaemon } from './fake-parts.ts';

let folder: string;
let path: string;
let daemon: FakeDaemon;
let open: ControlSocket[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-socket-'));
  path = join(folder, 'control.sock');
  daemon = new FakeDaemon();
});
afterEach(async () => {
  await Promise.all(open.map(socket => socket.close()));
  open = [];
  rmSync(folder, { recursive: true, force: true });
});
async function start(at = path): Promise<ControlSocket> {
  const socket = await openControlSocket(at, daemon.parts());
  open.push(socket);
  return socket;
}
/** A daemon that is killed with its socket open: the file stays. */
async function leaveStale(): Promise<void> {
  const script = `require('node:http').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('up'))`;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('only its owner can open the socket, from the first moment', async () => {
  const before = process.umask();
  await start();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(process.umask()).toBe(before);
});

test('a data folder that is missing is made, closed to others', async () => {
  await start(join(folder, 'new', 'control.sock'));
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
});

test('whoever can open the socket is the owner, on the command line', async () => {
  await start();
  await ask(path, 'POST', '/api/locks/front_door/command', { body: { verb: 'lock' } });
  expect(daemon.last('command')?.asker).toEqual({ via: 'cli', who: 'cli', role: 'owner' });
});

test('the file of a killed daemon is taken over', async () => {
  await leaveStale();
  expect(existsSync(path)).toBe(true);
  await start();
  expect((await ask(path, 'GET', '/health/live')).status).toBe(200);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a second daemon with the same folder is refused, and the first goes on', async () => {
  await start();
  await expect(openControlSocket(path, new FakeDaemon().parts())).rejects.toMatchObject({
    code: 'busy',
    reason: 'already_running',
    message: expect.stringContaining(folder) as string,
  });
  expect((await ask(path, 'GET', '/health/live')).status).toBe(200);
});

test('a refused daemon leaves no ears behind', async () => {
  await start();
  const second = new FakeDaemon();
  await expect(openControlSocket(path, second.parts())).rejects.toMatchObject({ code: 'busy' });
  expect(second.ears).toBe(0);
});

test('a plain file of that name is not removed', async () => {
  writeFileSync(path, 'mine');
  await expect(start()).rejects.toMatchObject({ code: 'disk', reason: 'control_socket' });
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

test('a path that the kernel would cut off is an error, and no other file is made', async () => {
  const long = join(folder, 'x'.repeat(108 - folder.length - '/control.sock'.length - 1), 'control.sock');
  expect(Buffer.byteLength(long)).toBe(108);
  await expect(start(long)).rejects.toMatchObject({ code: 'invalid', reason: 'path_too_long' });
  const longest = long.replace('x/', '/');
  await start(longest);
  expect(existsSync(longest)).toBe(true);
});

test('a data folder that cannot be made is told as such', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(start(join(folder, 'file', 'control.sock'))).rejects.toMatchObject({ code: 'disk' });
});

test('closing removes the file, ends open streams and stops listening', async () => {
  const socket = await start();
  const stream = ask(path, 'GET', '/api/events').catch(() => 'cut');
  while (daemon.clock.armed === 0) await new Promise(resolve => setImmediate(resolve));
  await socket.close();
  expect(await stream).toBe('cut');
  expect(existsSync(path)).toBe(false);
  expect(daemon.ears).toBe(0);
  await daemon.clock.settle();
  expect(daemon.clock.armed).toBe(0);
  open = [];
});

test('after closing, a new daemon serves the same folder', async () => {
  await (await start()).close();
  open = [];
  await start();
  expect((await ask(path, 'GET', '/health/live')).status).toBe(200);
});
