import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ears, type Program, bodyOf, run, startDemo } from './program.ts';

let data: string;
let demo: Program;
let ears: Ears;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'lb-demo-'));
  demo = await startDemo(data);
  ears = await Ears.on(demo.ready.mqtt);
}, 30_000);

afterAll(async () => {
  await ears?.close();
  await demo?.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

const state = (wanted: string) => (body: Record<string, unknown>) => body['ha_state'] === wanted;

describe('the demo', () => {
  it('is ready within 15 s with a paired door and an unpaired box', () => {
    expect(demo.tookMs).toBeLessThan(15_000);
    expect(demo.ready.locks.map(lock => [lock.name, lock.lifecycle])).toEqual([
      ['front_door', 'managed'],
      ['key_box', 'factory'],
    ]);
  });

  it.each(['LOCK', 'UNLOCK'])('shows %s within 2 s, moving first', async word => {
    const from = ears.all.length;
    const began = performance.now();
    await ears.client.publishAsync('latchbridge/front_door/set', word);
    const moving = await ears.until('latchbridge/front_door', state(`${word}ING`), from);
    const done = await ears.until('latchbridge/front_door', state(`${word}ED`), from);
    expect(moving.at).toBeLessThan(done.at);
    expect(done.at - began).toBeLessThan(2000);
    expect(bodyOf(done.text)['state']).toBe(word);
  });

  it('shows a turn of the thumb within 3 s without a command', async () => {
    const from = ears.all.length;
    const began = performance.now();
    await ears.client.publishAsync('latchbridge/demo/front_door/hand', '{"act":"thumb","value":"lock"}');
    const done = await ears.until('latchbridge/front_door', state('LOCKED'), from);
    expect(done.at - began).toBeLessThan(3000);
  });

  it('has one discovery document for the paired lock, with its lock entity', async () => {
    const fresh = await Ears.on(demo.ready.mqtt, ['homeassistant/device/+/config']);
    const [door] = demo.ready.locks;
    const topic = `homeassistant/device/latchbridge_${door?.id}/config`;
    const document = bodyOf((await fresh.until(topic, () => true)).text);
    await fresh.close();
    expect(fresh.all.filter(heard => heard.topic === topic)).toHaveLength(1);
    const components = (document['cmps'] ?? document['components']) as Record<string, Record<string, unknown>>;
    const locks = Object.values(components).filter(each => (each['p'] ?? each['platform']) === 'lock');
    expect(locks).toHaveLength(1);
    expect(locks[0]).toMatchObject({
      command_topic: 'latchbridge/front_door/set',
      state_topic: 'latchbridge/front_door',
    });
  });

  it('keeps every secret off the broker', () => {
    const said = ears.all.map(heard => heard.text).join('\n');
    expect(said).not.toMatch(/aesKey|adminPs|unlockKey/);
    expect(said).not.toContain(demo.ready.token);
  });

  it('says which port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const { code, err } = await run(['demo', '--mqtt-port', String(port)]);
    server.close();
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port} is taken`);
    expect(err).toContain('--mqtt-port');
  });

  it('says so too where the port of the page is taken', async () => {
    const port = new URL(demo.ready.http).port;
    const { code, err } = await run(['demo', '--mqtt-port', '0', '--no-matter', '--http-port', port]);
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port} is taken`);
    expect(err).toContain('--http-port');
  });

  it('offers its API to who has the token, and a link that lets an owner in once', async () => {
    const { http, link, token } = demo.ready;
    const headers = { authorization: `Bearer ${token}` };
    const listed = await fetch(`${http}/api/locks`, { headers });
    expect([listed.status, (await fetch(`${http}/api/locks`)).status]).toEqual([200, 401]);
    const post = { method: 'POST', headers: { 'content-type': 'application/json', origin: http } };
    const body = JSON.stringify({ token: link.split('/').at(-1) });
    const answers = [
      await fetch(`${http}/api/link`, { ...post, body }),
      await fetch(`${http}/api/link`, { ...post, body }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
    expect(await answers[0]?.json()).toMatchObject({ state: 'in', demo: true, who: { role: 'owner' }, proved: true });
    const { out } = await run(['web', 'link', '--data', data]);
    expect(out).toMatch(new RegExp(`^${http}/#/link/[\\w-]{43}\n$`));
  });

  it('is worked from the command line over its control socket', async () => {
    const unlocked = await run(['unlock', 'front_door', '--data', data]);
    expect(unlocked).toMatchObject({ code: 0 });
    const boxed = await run(['lock', 'key_box', '--data', data]);
    expect(boxed.code).toBe(1);
    expect(boxed.err).toContain('pair');
  });

  it('pairs the box when it is woken in an open window, and the box is closed by hand', async () => {
    const from = ears.all.length;
    expect(await ears.ask('permit_join', { time: 60 })).toMatchObject({ status: 'ok' });
    await ears.client.publishAsync('latchbridge/demo/key_box/hand', 'press_key');
    await ears.until('latchbridge/key_box', body => body['lifecycle'] === 'managed', from);
    const refused = await run(['lock', 'key_box', '--data', data]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('close it by hand');
    expect(await run(['unlock', 'key_box', '--data', data])).toMatchObject({ code: 0 });
  });

  it('stops within 3 s and leaves no socket', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lb-demo-'));
    const second = await startDemo(other);
    expect(existsSync(join(other, 'control.sock'))).toBe(true);
    const began = performance.now();
    await second.kill('SIGTERM');
    expect(performance.now() - began).toBeLessThan(3000);
    expect(readdirSync(other)).not.toContain('control.sock');
    rmSync(other, { recursive: true, force: true });
  });
});
