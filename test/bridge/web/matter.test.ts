// The API of Matter: codes, windows, homes, and the controller of a demo.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { CODES } from '../../support/fake-matter.ts';
import { type Answer, ask } from './client.ts';
import { FakeDaemon } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-api-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function api(method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(socket.path, method, path, body === undefined ? {} : { body });
}

describe('commissioning', () => {
  test('the codes are there as long as they can be used', async () => {
    expect((await api('GET', '/api/matter')).body).toMatchObject({ state: 'running', nodes: [{ codes: CODES }] });
    daemon.matter.commission();
    expect(JSON.stringify((await api('GET', '/api/matter')).body)).not.toContain(CODES.qr);
  });

  test('the QR code is a picture, or there is none', async () => {
    const picture = await api('GET', '/api/matter/qr.svg');
    expect(picture).toMatchObject({ status: 200 });
    expect(picture.text).toMatch(/^<svg /);
    daemon.matter.commission();
    expect(await api('GET', '/api/matter/qr.svg')).toMatchObject({ status: 404, body: { reason: 'no_code' } });
  });

  test('a window is opened for a usual time and closed', async () => {
    expect((await api('POST', '/api/matter/window')).body).toMatchObject({ codes: CODES, windowUntil: 1_000_000 });
    await api('POST', '/api/matter/window', { seconds: 600, node: 'x' });
    expect((await api('DELETE', '/api/matter/window')).status).toBe(204);
    expect(daemon.matter.done.map(({ what, detail }) => [what, detail])).toEqual([
      ['open', [300, undefined]],
      ['open', [600, 'x']],
      ['close', undefined],
    ]);
  });

  test('homes are listed, removed one by one or all', async () => {
    expect((await api('DELETE', '/api/matter/fabrics/1')).status).toBe(404);
    daemon.matter.commission();
    expect((await api('GET', '/api/matter/fabrics')).body).toMatchObject({ fabrics: [{ index: 1, label: 'Home' }] });
    expect((await api('DELETE', '/api/matter/fabrics/1')).status).toBe(204);
    expect((await api('POST', '/api/matter/reset')).status).toBe(204);
    expect(daemon.matter.done).toMatchObject([
      { what: 'remove', detail: 1 },
      { what: 'reset', asker: { via: 'cli' } },
    ]);
  });
});

describe('the controller of a demo', () => {
  test('locks, and unlocks with a PIN', async () => {
    await api('POST', '/api/demo/matter/front/command', { verb: 'lock' });
    await api('POST', '/api/demo/matter/front/command', { verb: 'unlock', pin: '123456' });
    expect(daemon.remote.done).toEqual([
      ['front', 'lock', undefined],
      ['front', 'unlock', '123456'],
    ]);
  });

  test('sets a PIN for a new user or for one that exists, and clears it', async () => {
    expect((await api('POST', '/api/demo/matter/front/pin', { pin: '123456' })).body).toMatchObject({ user: 2 });
    await api('POST', '/api/demo/matter/front/pin', { pin: '123456', user: 5, person: 'Bo' });
    await api('DELETE', '/api/demo/matter/front/users/5');
    expect(daemon.remote.done.slice(1)).toEqual([
      ['front', 5, 'Bo', '123456'],
      ['front', 5],
    ]);
  });

  test('tells what it has heard since', async () => {
    expect((await api('GET', '/api/demo/matter/events')).body).toMatchObject({ events: [{ number: 7 }] });
    expect((await api('GET', '/api/demo/matter/events?after=7')).body).toEqual({ events: [] });
  });

  test('is not there while a demo starts', async () => {
    await socket.close();
    socket = await openControlSocket(join(folder, 'control.sock'), { ...daemon.parts(), remote: () => undefined });
    expect((await api('GET', '/api/demo/matter')).body).toMatchObject({ reason: 'no_controller' });
  });
});
