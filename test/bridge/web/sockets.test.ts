// T12.2: slow, many, large and senseless requests. Others are answered within a second, and nothing happens.
import { type Socket, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { BY, PASSWORD, type Served, serve } from './served.ts';

let served: Served;
const sockets: Socket[] = [];
beforeEach(async () => {
  served = await serve();
  await served.logins.accounts.add({ name: 'anna', role: 'owner', password: new Secret(PASSWORD) }, BY);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await served.close();
});

/** Connected, and having said that. */
async function opened(text: string): Promise<Socket> {
  const socket = connect(served.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await new Promise<void>(resolve => socket.once('connect', () => resolve()));
  socket.write(text);
  return socket;
}
const head = (length: number): string =>
  `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n`;

async function quick(work: () => Promise<{ status: number }>): Promise<number> {
  const began = performance.now();
  const { status } = await work();
  expect(performance.now() - began).toBeLessThan(1000);
  return status;
}

describe('200 connections', () => {
  test.each([
    ['that say nothing', ''],
    ['with half a line', 'GET /api/se'],
    ['with headers that do not end', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-More: 1\r\n'],
    ['with a body that does not come', `${head(60_000)}\r\n{"name":`],
  ])('%s keep nobody out', async (_what, text) => {
    const anna = await served.loggedIn('anna');
    for (let i = 0; i < 200; i++) (await opened(text)).resume();
    expect(await quick(() => anna.get('/api/locks'))).toBe(200);
    expect(await quick(() => anna.post('/api/locks/front_door/command', { verb: 'lock' }))).toBe(200);
    expect(await quick(() => served.browser().get('/api/session'))).toBe(200);
    expect(sockets.filter(socket => !socket.destroyed && !socket.readableEnded).length).toBeLessThanOrEqual(64);
  });

  test('do not end the stream of somebody who is in', async () => {
    const anna = await served.loggedIn('anna');
    const lines = `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${anna.cookie}\r\n\r\n`;
    const stream = await opened(lines);
    await new Promise<void>(resolve => stream.once('data', () => resolve()));
    for (let i = 0; i < 200; i++) await opened('GET / HTTP/1.1\r\n');
    expect(stream.destroyed || stream.readableEnded).toBe(false);
  });
});

test('a stream ends when its reader logs out elsewhere', async () => {
  const anna = await served.loggedIn('anna');
  const stream = await opened(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${anna.cookie}\r\n\r\n`);
  await new Promise<void>(resolve => stream.once('data', () => resolve()));
  const ended = new Promise<string>(resolve => stream.once('close', () => resolve('ended')));
  stream.resume();
  await anna.post('/api/logout');
  await served.daemon.clock.advance(5_000);
  expect(await ended).toBe('ended');
});

test('one guest with many windows leaves streams for the others', async () => {
  await served.logins.accounts.add({ name: 'vera', role: 'viewer', password: new Secret(PASSWORD) }, BY);
  const [anna, vera] = [await served.loggedIn('anna'), await served.loggedIn('vera')];
  const listen = async ({ cookie }: { cookie: string | undefined }): Promise<string> => {
    const stream = await opened(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`);
    const [first = ''] = await new Promise<string[]>(resolve => {
      stream.once('data', (data: Buffer) => resolve(data.toString().split('\r\n')));
    });
    return first.slice(9, 12);
  };
  const answers: string[] = [];
  for (let i = 0; i < 40; i++) answers.push(await listen(vera));
  expect(answers.filter(status => status === '200')).toHaveLength(16);
  expect(await listen(anna)).toBe('200');
  // A window that is closed makes room for another one.
  for (const socket of sockets.splice(0, 40)) socket.destroy();
  while ((await listen(vera)) !== '200') await new Promise(resolve => setImmediate(resolve));
});

describe('too much', () => {
  test('of a body is refused before it is read, to whoever is in', async () => {
    const anna = await served.loggedIn('anna');
    const raw = Buffer.alloc(1024 * 1024, 'x');
    const answer = await anna.ask('POST', '/api/locks/front_door/command', { raw }).catch(() => ({ status: 413 }));
    expect([answer.status, served.daemon.noted]).toEqual([413, []]);
  });

  test('of a body is not read at all from who is not', async () => {
    const socket = await opened(`${head(1024 * 1024).replace('login', 'backup')}Origin: http://127.0.0.1\r\n\r\n`);
    const text = await new Promise<string>(resolve => socket.once('data', chunk => resolve(String(chunk))));
    expect(text).toMatch(/^HTTP\/1.1 401 /);
  });

  test.each([
    ['headers', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Much: ${'x'.repeat(9000)}\r\n\r\n`, 431],
    ['an address', `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431],
  ])('of %s is refused', async (_what, text, status) => {
    const socket = await opened(text);
    const answer = await new Promise<string>(resolve => socket.once('data', chunk => resolve(String(chunk))));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('of changes in a minute is refused, and looking goes on', async () => {
    const anna = await served.loggedIn('anna');
    const many = await Promise.all(
      Array.from({ length: 62 }, () => anna.post('/api/locks/front_door/refresh').then(({ status }) => status)),
    );
    expect(many.filter(status => status === 429)).toHaveLength(2);
    expect((await anna.get('/api/locks')).status).toBe(200);
    await served.daemon.clock.advance(1000);
    expect((await anna.post('/api/locks/front_door/refresh')).status).toBe(200);
  });
});

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '${7*7}',
  'javascript:alert(1)',
  '\u202egnirts',
  "'; drop table locks; --",
  '../../etc/passwd',
  'a\u0000b',
])('the name %s goes in and comes out as it is, as JSON that no browser takes for a page', async name => {
  const anna = await served.loggedIn('anna');
  const unit = await anna.ask('PATCH', '/api/locks/front_door', { body: { unit: name } });
  expect((unit.body['unit'] as { name: string }).name).toBe(name);
  const { headers, body } = await anna.get('/api/locks/front_door');
  expect((body['unit'] as { name: string }).name).toBe(name);
  expect([headers['content-type'], headers['x-content-type-options']]).toEqual([
    'application/json; charset=utf-8',
    'nosniff',
  ]);
});
