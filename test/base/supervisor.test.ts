import { expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { supervisorIngress, supervisorRestart } from '../../src/base/supervisor.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';

const supervisor = { url: 'http://supervisor', token: new Secret('canary-token') };
const ENTRY = '/api/hassio_ingress/a-random-word';

function asked(status: number, data: unknown) {
  const asks: string[] = [];
  const fetch = ((url: string) => {
    asks.push(url);
    return Promise.resolve(Response.json({ result: 'ok', data }, { status }));
  }) as unknown as typeof globalThis.fetch;
  return { asks, found: supervisorIngress(supervisor, { fetch, clock: new VirtualClock() }) };
}

test('the page goes where the Supervisor connects', async () => {
  const { asks, found } = asked(200, { ingress_port: 62_001, ingress_entry: ENTRY, ip_address: '172.30.32.1' });
  expect(await found).toEqual({ host: '172.30.32.1', port: 62_001, entry: ENTRY });
  expect(asks).toEqual(['http://supervisor/addons/self/info']);
});

test.each([
  ['no port yet', { ingress_port: 0, ingress_entry: ENTRY }],
  ['no page at all', { ingress_port: null, ingress_entry: null }],
  ['a path that is none', { ingress_port: 62_001, ingress_entry: '' }],
  ['nothing', undefined],
])('%s is no place', async (_what, data) => {
  expect(await asked(200, data).found).toBeUndefined();
});

test('a name in place of its address is not listened on', async () => {
  const { found } = asked(200, { ingress_port: 62_001, ingress_entry: ENTRY, ip_address: 'evil.example' });
  expect(await found).toMatchObject({ host: '172.30.32.1' });
});

test.each([
  [200, true],
  [403, false],
  [502, false],
])('asked to start us anew it answers %s: %s', async (status, begun) => {
  const asks: string[] = [];
  const fetch = ((url: string, { method }: { method: string }) => {
    asks.push(`${method} ${url}`);
    return Promise.resolve(Response.json({ result: 'ok', data: {} }, { status }));
  }) as unknown as typeof globalThis.fetch;
  expect(await supervisorRestart(supervisor, { fetch, clock: new VirtualClock() })).toBe(begun);
  expect(asks).toEqual(['POST http://supervisor/addons/self/restart']);
});

test('one that is restarting is asked again', async () => {
  await expect(asked(502, {}).found).rejects.toMatchObject({ code: 'unreachable', reason: 'no_supervisor' });
});
