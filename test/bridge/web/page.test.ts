// The page's files, and the address that they are served at.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Listener } from '../../../src/bridge/web/listener.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { type Served, serve } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const SCRIPT = 'export const page = 1;';
function build(): void {
  mkdirSync(join(served.page, 'assets'));
  writeFileSync(join(served.page, 'index.html'), '<!doctype html><title>Built</title>');
  const script = join(served.page, 'assets', 'page-1a2b3c.js');
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  writeFileSync(join(served.page, '.secret'), 'canary');
}

test('where nothing was built the page says how to', async () => {
  const { status, text } = await served.browser().get('/');
  expect([status, text]).toEqual([200, expect.stringContaining('npm run build')]);
});

test('an address that cannot be read is refused in our words, and not repeated', async () => {
  const { body, text, headers } = await served.browser().get('/%zz');
  expect(body).toMatchObject({ status: 400, reason: 'address' });
  expect(text).not.toContain('%zz');
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('what the API says is kept by no browser', async () => {
  for (const path of ['/api/session', '/api/locks']) {
    expect((await served.browser().get(path)).headers['cache-control']).toBe('no-store');
  }
});

test('the head of a stream is not waited for', async () => {
  expect((await served.browser().ask('HEAD', '/api/events')).status).toBe(404);
});

describe('a built page', () => {
  beforeEach(build);

  test('is there without a login, and never an old one', async () => {
    const { text, headers } = await served.browser().get('/');
    expect([text, headers['cache-control']]).toEqual([expect.stringContaining('Built'), 'no-store']);
  });

  test.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
    ['br;q=0', undefined],
  ])('goes to who takes %s as %s, for good', async (accepted, encoding) => {
    const answer = await served.browser().get('/assets/page-1a2b3c.js', { headers: { 'accept-encoding': accepted } });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['vary']).toBe('accept-encoding');
  });

  test.each(['/', '/assets/page-1a2b3c.js', '/api/session', '/nothing'])('%s says what it may do', async path => {
    const { headers } = await served.browser().get(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    );
    expect([headers['x-content-type-options'], headers['referrer-policy']]).toEqual(['nosniff', 'no-referrer']);
  });

  test.each(['/.secret', '/assets/../.secret', '/%2e%2e/%2e%2e/etc/passwd', '/assets/', '/index.html', '/api/nothing'])(
    '%s is no file of the page',
    async path => {
      const { status, text } = await served.browser().get(path);
      expect([status, text.includes('canary')]).toEqual([404, false]);
    },
  );
});

describe('a port that is taken', () => {
  const answer = (): void => undefined;
  const parts = (clock: VirtualClock) => ({ clock, answer, admits: () => true });

  test('is one clear error', async () => {
    const listener = new Listener({ host: '127.0.0.1', port: served.port }, parts(new VirtualClock()));
    await expect(listener.open()).rejects.toMatchObject({
      code: 'busy',
      reason: 'port_taken',
      message: expect.stringContaining('--http-port') as string,
    });
    await listener.close();
  });

  test('is told, tried again, and used once it is free', async () => {
    const clock = new VirtualClock();
    const first = new Listener({ host: '127.0.0.1', port: 0 }, parts(clock));
    await first.open();
    const place = first.listensOn as { host: string; port: number };
    const second = new Listener(place, parts(clock));
    const troubles: string[] = [];
    await second.keepTrying(error => void troubles.push(error.reason));
    expect([troubles, second.trouble?.reason]).toEqual([['port_taken'], 'port_taken']);
    await first.close();
    await clock.advance(15_000);
    await new Promise<void>(resolve => setImmediate(resolve));
    expect([second.listensOn, second.trouble]).toEqual([place, undefined]);
    await second.close();
  });
});
