// The API of what only some locks have: actions, whom they take, timers, and the code of their owner.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { type Answer, ask } from './client.ts';
import { ABILITIES, FakeDaemon, lockView } from './fake-parts.ts';

const LOCK = '/api/locks/front_door';
const TIMER = { enabled: true, days: [1, 5], minute: 1350, action: 'lock' };
let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-api-'));
  daemon = new FakeDaemon();
  daemon.locks = [lockView({ abilities: ABILITIES })];
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function api(method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(socket.path, method, path, body === undefined ? {} : { body });
}

describe('a lock that can do more', () => {
  test('does an action by its name', async () => {
    expect((await api('POST', `${LOCK}/action`, { action: 'lock_n_go' })).body).toEqual({ done: 'lock_n_go' });
    expect(daemon.workbench.done).toMatchObject([{ what: 'perform', action: 'lock_n_go', asker: { role: 'owner' } }]);
  });

  test('lists whom it takes, and forgets one of them', async () => {
    expect((await api('GET', `${LOCK}/authorisations`)).body).toMatchObject({
      authorisations: [
        { id: '11', ours: true },
        { id: '12', name: 'Anna' },
      ],
    });
    const gone = await api('DELETE', `${LOCK}/authorisations/12`);
    expect(gone.body).toEqual({ removed: { lock: 'front_door', id: '12' } });
    expect(daemon.workbench.paired).toHaveLength(1);
  });

  test('gets a timer, has it changed and taken off', async () => {
    expect((await api('POST', `${LOCK}/timers`, TIMER)).body).toEqual({ ...TIMER, id: '1' });
    expect((await api('GET', `${LOCK}/timers`)).body).toEqual({ timers: [{ ...TIMER, id: '1' }] });
    const rests = await api('PUT', `${LOCK}/timers/1`, { ...TIMER, enabled: false });
    expect(rests.body).toMatchObject({ id: '1', enabled: false });
    expect((await api('DELETE', `${LOCK}/timers/1`)).status).toBe(200);
    expect(daemon.workbench.done.map(({ what }) => what)).toEqual([
      'add_timer',
      'timers',
      'change_timer',
      'remove_timer',
    ]);
  });

  test.each([
    { ...TIMER, days: [] },
    { ...TIMER, days: [0] },
    { ...TIMER, minute: 1440 },
  ])('takes no timer that cannot be: %j', async timer => {
    expect((await api('POST', `${LOCK}/timers`, timer)).status).toBe(400);
    expect(daemon.workbench.done).toEqual([]);
  });

  test('is told its code, which is said nowhere again', async () => {
    expect((await api('POST', `${LOCK}/admin_code/tell`, { code: '8421973' })).body).toEqual({ known: true });
    const wrong = await api('POST', `${LOCK}/admin_code/tell`, { code: '1111' });
    expect(wrong).toMatchObject({ status: 409, body: { reason: 'wrong_code' } });
    expect(wrong.text).not.toContain('1111');
  });

  test.each(['047110', `M${'0'.repeat(12)}K${'A'.repeat(32)}Z123456789`])(
    'is paired with the code or card that it asks for, which is in no answer: %s',
    async secret => {
      const paired = await api('POST', '/api/pair', { name: 'new_lock', secret });
      expect(paired.status).toBe(200);
      expect(paired.text).not.toContain(secret);
      expect(JSON.stringify(daemon.last('pair'))).not.toContain(secret);
    },
  );
});
