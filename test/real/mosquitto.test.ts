// The bridge on Mosquitto, which speaks protocol 5. Each test starts its own broker on a free loopback port and ends it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/log.ts';
import { type MqttBridge, startMqtt } from '../../src/bridge/mqtt/mqtt.ts';
import { FakeAccess, FakeLocks, FakePairing, makeUnpairing, makeView } from '../bridge/mqtt/fakes.ts';
import { configFor, hurried, Listener, LOCK, optionsFor } from '../bridge/mqtt/house.ts';

/** Where Debian, Ubuntu and a shell have it. */
const PROGRAM = ['mosquitto', '/usr/sbin/mosquitto'].find(path => spawnSync(path, ['-h']).error === undefined);
const STATE = 'latchbridge/front';
const SET = 'latchbridge/front/set';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Short pauses between attempts, everything else as it is. */
const impatient: Clock = { ...systemClock, after: (ms, call) => hurried.after(ms, call) };

interface Mosquitto {
  url: string;
  port: number;
  process: ChildProcess;
  kill(): Promise<void>;
}

async function mosquitto(port?: number, settings: string[] = ['allow_anonymous true']): Promise<Mosquitto> {
  const at = port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'latchbridge-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, [`listener ${at} 127.0.0.1`, 'persistence false', ...settings].join('\n'));
  const child = spawn(PROGRAM as string, ['-c', file], { stdio: 'ignore' });
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await gone;
  };
  ends.push(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await until('the broker', () => answers(at));
  return { url: `mqtt://127.0.0.1:${at}`, port: at, process: child, kill };
}

function start(url: string, config: object = {}, clock: Clock = systemClock): { bridge: MqttBridge; locks: FakeLocks } {
  const locks = new FakeLocks(makeView(LOCK, 'front'));
  const parts = { locks, pairing: new FakePairing(), access: new FakeAccess(), unpairing: makeUnpairing(locks) };
  const bridge = startMqtt({ ...optionsFor(url, parts), clock, config: configFor(url, config) });
  ends.push(() => bridge.stop());
  return { bridge, locks };
}

async function listener(url: string): Promise<Listener> {
  const joined = await Listener.join(url, { protocolVersion: 5 });
  ends.push(() => joined.leave());
  return joined;
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await look())) {
    if (performance.now() > end) throw new RangeError(`waited in vain for ${what}`);
    await new Promise<void>(resolve => systemClock.after(5, resolve));
  }
}

async function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>(resolve => server.close(() => resolve()));
  return port;
}

test('Mosquitto is there', () => {
  expect(PROGRAM, 'install mosquitto to run these tests').toBeDefined();
});

describe('protocol 5', () => {
  test('is what is spoken', async () => {
    const { url } = await mosquitto();
    const { bridge } = start(url);
    await until('the connection', () => bridge.state().connected);
    expect(bridge.state()).toEqual({ connected: true, protocol: '5' });
  });

  test('an answer goes to the response topic with the correlation data', async () => {
    const { url } = await mosquitto();
    start(url);
    const heard = await listener(url);
    await heard.until('the state', () => heard.on(STATE).length > 0);
    await heard.client.publishAsync(SET, 'LOCK', {
      qos: 1,
      properties: { responseTopic: 'me/inbox', correlationData: Buffer.from('c-1') },
    });
    const answer = await heard.until('the answer', () => heard.on('me/inbox')[0]);
    expect(answer.packet.properties?.correlationData?.toString()).toBe('c-1');
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ok', data: { verb: 'lock' } });
  });

  test('events expire at the broker, states do not', async () => {
    const { url } = await mosquitto();
    const { locks } = start(url);
    const heard = await listener(url);
    await heard.until('the state', () => heard.on(STATE).length > 0);
    await heard.publish(SET, 'LOCK');
    const result = await heard.until('the result', () => heard.on(`${STATE}/result`)[0]);
    expect(locks.commands).toHaveLength(1);
    expect(result.packet.properties?.messageExpiryInterval).toBe(300);
    expect(heard.on(STATE)[0]?.packet.properties?.messageExpiryInterval).toBeUndefined();
  });

  test('the deadline of an order is what the message has left', async () => {
    const { url } = await mosquitto();
    const { locks } = start(url);
    const heard = await listener(url);
    await heard.until('the state', () => heard.on(STATE).length > 0);
    const sent = systemClock.elapsed();
    await heard.client.publishAsync(SET, 'LOCK', { qos: 1, properties: { messageExpiryInterval: 4 } });
    await heard.until('the result', () => heard.on(`${STATE}/result`)[0]);
    const left = (locks.commands[0]?.deadline as number) - sent;
    expect(left).toBeLessThanOrEqual(4500);
    expect(left).toBeGreaterThan(2500);
  });
});

describe('a retained order', () => {
  test('that waits opens nothing', async () => {
    const { url } = await mosquitto();
    const heard = await listener(url);
    await heard.publish(SET, 'UNLOCK', { retain: true });
    const { locks } = start(url);
    await heard.until('the state', () => heard.on(STATE).length > 0);
    await heard.publish(SET, 'LOCK');
    await heard.until('the result', () => heard.on(`${STATE}/result`)[0]);
    expect(locks.commands.map(one => one.verb)).toEqual(['lock']);
  });

  test('that comes while we are connected opens nothing either', async () => {
    const { url } = await mosquitto();
    const { locks } = start(url);
    const heard = await listener(url);
    await heard.until('the state', () => heard.on(STATE).length > 0);
    await heard.publish(SET, 'UNLOCK', { retain: true });
    await heard.publish(SET, 'LOCK');
    await heard.until('the result', () => heard.on(`${STATE}/result`)[0]);
    expect(locks.commands.map(one => one.verb)).toEqual(['lock']);
  });
});

describe('a broker that is killed and comes back', () => {
  test('five times: every state within 2 s of each connect, and no order is repeated', async () => {
    let broker = await mosquitto();
    const { bridge, locks } = start(broker.url, {}, impatient);
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      await until('the connection', () => bridge.state().connected);
      const heard = await Listener.join(broker.url, { protocolVersion: 5, reconnectPeriod: 0 });
      const connected = performance.now();
      await heard.until('the state', () => heard.on(STATE).length > 0);
      took.push(performance.now() - connected);
      await heard.publish(SET, round % 2 ? 'LOCK' : 'UNLOCK');
      await heard.until('the result', () => heard.on(`${STATE}/result`)[0]);
      await heard.leave();
      await broker.kill();
      await until('the loss', () => !bridge.state().connected);
      broker = await mosquitto(broker.port);
    }
    expect(Math.max(...took)).toBeLessThan(2000);
    expect(locks.commands).toHaveLength(5);
  });
});

describe('the will', () => {
  test('is said when the bridge dies, and not when it stops', async () => {
    const { url } = await mosquitto();
    const heard = await listener(url);
    const { bridge } = start(url);
    await until('the connection', () => bridge.state().connected);
    await bridge.stop();
    await heard.until('offline', () => heard.json('latchbridge/bridge/state').some(one => one['state'] === 'offline'));
    expect(heard.json('latchbridge/bridge/state').map(one => one['state'])).toEqual(['online', 'offline']);
  });
});

describe('a login that is refused', () => {
  test('is said in words and tried again', async () => {
    const { url } = await mosquitto(undefined, ['allow_anonymous false']);
    const { bridge } = start(url, { username: 'me', password: new Secret('wrong') }, hurried);
    await until('a reason', () => /does not let this user in|refuses our user name/.test(bridge.state().reason ?? ''));
    expect(bridge.state().connected).toBe(false);
  });
});

describe('TLS', () => {
  test('connects with the CA of the broker and refuses without, saying so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchbridge-tls-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
    spawnSync('openssl', [...made, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const { port } = await mosquitto(undefined, [
      'allow_anonymous true',
      `certfile ${certificate}`,
      `keyfile ${key}`,
      'user root',
    ]);
    const url = `mqtts://127.0.0.1:${port}`;
    const distrustful = start(url, { clientId: 'one' }).bridge;
    await until('a reason', () => /not trusted/.test(distrustful.state().reason ?? ''));
    const trusting = start(url, { clientId: 'two', ca: readFileSync(certificate, 'utf8') }).bridge;
    await until('the connection', () => trusting.state().connected);
    expect(distrustful.state().connected).toBe(false);
  });
});

describe('another client with our id', () => {
  test('is suspected, and warned of while the two throw each other out', async () => {
    const { url } = await mosquitto();
    const { bridge } = start(url, {}, impatient);
    await until('the connection', () => bridge.state().connected);
    const twin = await connectAsync(url, { clientId: 'latchbridge-test', protocolVersion: 5, reconnectPeriod: 50 });
    twin.on('error', () => undefined);
    await until('a warning', () => /another program may use the client id/.test(bridge.state().warning ?? ''));
    await twin.endAsync(true);
    await until('the connection', () => bridge.state().connected);
    expect(bridge.state().protocol).toBe('5');
  });
});

describe('a broker that takes the connection and says nothing', () => {
  test('is given up after 10 s and tried again', async () => {
    const server = createServer(socket => socket.on('error', () => undefined).resume());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>(resolve => server.close(() => resolve())));
    const { bridge } = start(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await until('a reason', () => /does not answer|closed the connection/.test(bridge.state().reason ?? ''));
    expect(bridge.state().connected).toBe(false);
  });
});

describe('hundreds of locks', () => {
  test('are all published at once without breaking the broker limits', async () => {
    const { url } = await mosquitto(undefined, ['allow_anonymous true', 'max_inflight_messages 4']);
    const heard = await listener(url);
    const { bridge, locks } = start(url);
    for (let i = 0; i < 300; i++) {
      const view = makeView(i.toString(16).padStart(12, '0'), `lock${i}`);
      locks.views.set(view.id, view);
      locks.emit({ kind: 'added', view });
    }
    await heard.until('the last state', () => heard.on('latchbridge/lock299').length > 0);
    expect(bridge.state()).toEqual({ connected: true, protocol: '5' });
  });
});
