// The page below another address, as Home Assistant and other proxies serve it: all it asks for stays below there.
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { House, launch, open } from './browser.ts';

const PREFIX = '/api/hassio_ingress/a1b2c3/';

let browser: Browser;
let house: House;
let proxy: Server;
const outside: string[] = [];

beforeAll(async () => {
  [browser, house] = await Promise.all([launch(), House.open(['--locks', 'ttlock:front_door'])]);
  const target = new URL(house.url);
  proxy = createServer((asked, answer) => pass(asked, answer, target));
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser.close();
  proxy.closeAllConnections();
  proxy.close();
  await house.end();
});

function pass(asked: IncomingMessage, answer: ServerResponse, { hostname, port }: URL): void {
  const { url = '', method, headers } = asked;
  if (!url.startsWith(PREFIX)) {
    outside.push(url);
    answer.writeHead(404).end();
    return;
  }
  const onward = request({ hostname, port, method, headers, path: `/${url.slice(PREFIX.length)}` }, got => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}

test('signs in, follows events and locks below a prefix', async () => {
  const { page, errors } = await open(browser);
  const { port } = proxy.address() as AddressInfo;
  const [, fragment] = (await house.link()).split('#');
  await page.goto(`http://127.0.0.1:${port}${PREFIX}#${fragment}`);
  const door = page.getByRole('article', { name: 'front_door' });
  await house.hand('front_door', 'thumb', 'unlock');
  await door.getByText('Unlocked', { exact: true }).waitFor();
  await door.getByRole('button', { name: 'Lock front_door', exact: true }).click();
  await door.getByText('Locked', { exact: true }).waitFor();
  expect({ errors, outside: outside.filter(url => url !== '/favicon.ico') }).toEqual({ errors: [], outside: [] });
});
