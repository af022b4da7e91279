// Going back to a backup over the API: an upload, what it would change, a typed word.
import { request } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { ask } from './client.ts';
import { FakeDaemon } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-restore-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});

function upload(bytes: Uint8Array, path = '/api/restore/check'): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes.length };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socket.path, method: 'POST', path, headers, agent: false }, answer => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(bytes);
  });
}

test('a file larger than any request arrives whole', async () => {
  const { status, text } = await upload(new Uint8Array(300_000));
  expect(status).toBe(200);
  expect(daemon.system.uploaded).toBe(300_000);
  expect(JSON.parse(text)).toMatchObject({ restore: 'r1', ok: true });
});

test('a file sent to another route is refused', async () => {
  const { status, text } = await upload(new Uint8Array(10), '/api/import');
  expect(status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({
    reason: 'not_json',
    detail: expect.stringContaining('must be JSON') as string,
  });
});

test('JSON in place of a file is refused', async () => {
  const { body } = await ask(socket.path, 'POST', '/api/restore/check', { body: {} });
  expect(body).toMatchObject({ status: 400 });
});

test('only the typed word goes back', async () => {
  const wrong = await ask(socket.path, 'POST', '/api/restore', { body: { restore: 'r1', confirm: 'restore' } });
  expect(wrong.body).toMatchObject({ status: 400, detail: expect.stringContaining('RESTORE') as string });
  expect(daemon.system.restored).toBeUndefined();
  await ask(socket.path, 'POST', '/api/restore', { body: { restore: 'r1', confirm: 'RESTORE' } });
  expect(daemon.system.restored).toBe('r1');
});

test('a backup is taken away as a file', async () => {
  const path = join(folder, 'backup.db');
  writeFileSync(path, 'the backup');
  daemon.system.file = { path, name: 'latchbridge-2026-05-11.db' };
  const { text, headers } = await ask(socket.path, 'GET', '/api/backup/file');
  expect(text).toBe('the backup');
  expect(headers['content-disposition']).toContain('latchbridge-2026-05-11.db');
});

test('a backup that cannot be read is told, and is no fault of the program', async () => {
  daemon.system.file = { path: join(folder, 'gone.db'), name: 'gone.db' };
  const { body } = await ask(socket.path, 'GET', '/api/backup/file');
  expect(body).toMatchObject({ status: 507, code: 'disk', reason: 'backup_unreadable' });
});
