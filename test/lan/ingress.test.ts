// T12.1 for real: in a network that leads nowhere, every address of Home Assistant's add-ons knocks at the ingress port.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret, silent } from '../../src/base/log.ts';
import { systemClock } from '../../src/base/clock.ts';
import { PageServer } from '../../src/bridge/web/server.ts';
import { FakeDaemon } from '../bridge/web/fake-parts.ts';
import { memoryLogins } from '../bridge/web/logins.ts';

const ENTRY = '/api/hassio_ingress/a-random-word';
const HOST = '172.30.32.1';
const PORT = 62_000;

let server: PageServer;
beforeAll(async () => {
  const daemon = new FakeDaemon();
  const { logins } = memoryLogins(daemon.clock);
  const seal = new Secret('seal');
  const more = { hosts: [], page: '/nowhere', seal, owners: [], clock: systemClock, log: silent };
  server = await PageServer.make({ api: { ...daemon.parts(), logins }, ...more });
  await server.keepTrying({ host: HOST, port: PORT }, ENTRY);
});
afterAll(() => server.close());

/** The status, or `cut` where the connection ended without a word. */
function knock(from: string, headers: readonly string[] = []): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host: HOST, port: PORT, localAddress: from });
    let text = '';
    socket.on('data', chunk => (text += String(chunk)));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(/^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 'cut'));
    const lines = ['GET /api/session HTTP/1.1', 'Host: homeassistant.local:8123', 'Connection: close', ...headers];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

const OURS = [`X-Ingress-Path: ${ENTRY}`, 'X-Remote-User-Id: 0123456789abcdef0123456789abcdef'];
const FORGED = [...OURS, 'X-Forwarded-For: 172.30.32.2', 'X-Real-IP: 172.30.32.2', 'Forwarded: for=172.30.32.2'];

test('of 256 addresses only that of the Supervisor is answered', async () => {
  const answered: string[] = [];
  for (let last = 0; last < 256; last++) {
    const from = `172.30.32.${last}`;
    if ((await knock(from, FORGED)) !== 'cut') answered.push(from);
  }
  expect(answered).toEqual(['172.30.32.2']);
}, 30_000);

test('the Supervisor itself must name our path', async () => {
  expect([await knock('172.30.32.2', OURS), await knock('172.30.32.2'), await knock('172.30.33.2', OURS)]).toEqual([
    '200',
    '403',
    'cut',
  ]);
});
