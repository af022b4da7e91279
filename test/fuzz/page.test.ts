// Requests as they come off the wire, senseless and half sensible: nothing happens, nothing breaks, others are answered.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve } from '../bridge/web/served.ts';
import { drawing } from './inputs.ts';

const REQUESTS = process.env['LATCHBRIDGE_NIGHTLY'] ? 100_000 : 1_500;
/** At once, as far as the server lets them. */
const TOGETHER = 16;
const SEED = 20_261_129;

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'HEAD', 'PRI', 'get', ''];
const PATHS = [
  '/',
  '/api/locks',
  '/api/locks/front_door/command',
  '/api/session',
  '/api/login',
  '/api/setup',
  '/api/link',
  '/api/flows/x/answer',
  '/api/events',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/assets/%00',
  '/%',
  '//evil.example/',
  '*',
  'http://evil.example/api/locks',
];
const HEADERS = [
  'Host: 127.0.0.1',
  'Host: evil.example',
  'Host: ',
  'Origin: null',
  'Cookie: latchbridge_0=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'Cookie: =;;;=',
  'Authorization: Bearer latchbridge_AAAA',
  'Authorization: Basic Og==',
  'X-Ingress-Path: /api/hassio_ingress/x',
  'X-Remote-User-Id: 1',
  'X-Forwarded-For: 127.0.0.1',
  'X-Latchbridge-Csrf: 1',
  'Content-Type: application/json',
  'Content-Type: text/plain',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Expect: 100-continue',
  'Upgrade: websocket',
  'Connection: upgrade',
  'Accept-Encoding: br;q=9, *;q=x',
  'Range: bytes=99-1',
  'Last-Event-ID: 1',
  'X-\u0000: y',
  ' folded',
];
const BODIES = [
  '',
  '{}',
  '{"verb":"unlock"}',
  '{"__proto__":{"x":1}}',
  '[',
  '5\r\n{"a":\r\n0\r\n\r\n',
  '\u0000\u0000\u0000',
];

function request(draw: (below: number) => number): string {
  const one = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const headers = Array.from({ length: draw(7) }, () => one(HEADERS));
  const text = `${one(METHODS)} ${one(PATHS)} HTTP/${one(['1.1', '1.1', '1.0', '2', ''])}\r\n${headers.join('\r\n')}\r\n\r\n${one(BODIES)}`;
  if (draw(4) > 0) return text;
  const at = draw(text.length);
  return text.slice(0, at) + String.fromCharCode(draw(256)) + text.slice(at + draw(3));
}

/** Sends it and hangs up once there is an answer, or soon. */
function send(text: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(served.port, '127.0.0.1');
    let answer = '';
    const cancel = setTimeout(() => socket.destroy(), 150);
    socket.on('data', chunk => {
      answer += String(chunk);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(cancel);
      resolve(answer);
    });
    socket.end(text, 'latin1');
  });
}

test('the page’s server answers any bytes with a refusal or with what anybody may see', async () => {
  const draw = drawing(SEED);
  const faults: { text: string; answer: string }[] = [];
  for (let sent = 0; sent < REQUESTS; sent += TOGETHER) {
    const texts = Array.from({ length: TOGETHER }, () => request(draw));
    const answers = await Promise.all(texts.map(send));
    for (const [i, answer] of answers.entries()) {
      const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 400);
      if (status >= 500) faults.push({ text: texts[i] as string, answer });
    }
    // As if time passed: what is asked too often is another test.
    await served.daemon.clock.advance(TOGETHER * 1000);
  }
  expect(faults).toEqual([]);
  expect(served.daemon.noted).toEqual([]);
  const began = performance.now();
  expect((await served.browser().get('/api/session')).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(1000);
}, 900_000);
