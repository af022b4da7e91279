// The connection to a broker: not there, refused, cut, taken over, restarted. Real sockets on 127.0.0.1.
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/log.ts';
import { type MqttBridge, startMqtt } from '../../../src/bridge/mqtt/mqtt.ts';
import { FakeAccess, FakeLocks, FakePairing, makeUnpairing, makeView } from './fakes.ts';
import { configFor, hurried, Listener, LOCK, optionsFor, TestBroker } from './house.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function start(url: string, config: object = {}, clock: Clock = hurried): { bridge: MqttBridge; locks: FakeLocks } {
  const locks = new FakeLocks(makeView(LOCK, 'front'));
  const parts = { locks, pairing: new FakePairing(), access: new FakeAccess(), unpairing: makeUnpairing(locks) };
  const bridge = startMqtt({ ...optionsFor(url, parts), clock, config: configFor(url, config) });
  ends.push(() => bridge.stop());
  return { bridge, locks };
}

async function broker(port?: number, prepare?: Parameters<typeof TestBroker.start>[1]): Promise<TestBroker> {
  const started = await TestBroker.start(port, prepare);
  ends.push(() => started.stop());
  return started;
}

async function listener(url: string): Promise<Listener> {
  const joined = await Listener.join(url);
  ends.push(() => joined.leave());
  return joined;
}

/** Waits for something without a broker to hear it from. */
async function until(what: string, look: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!look()) {
    if (performance.now() > end) throw new RangeError(`waited in vain for ${what}`);
    await new Promise<void>(resolve => systemClock.after(5, resolve));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>(resolve => server.close(() => resolve()));
  return port;
}

describe('a broker that speaks 3.1.1 only', () => {
  test('is asked for protocol 5 first and then spoken to in 3.1.1', async () => {
    const versions: (number | undefined)[] = [];
    const b = await broker(0, aedes => {
      aedes.preConnect = (_client, packet, done) => {
        versions.push(packet.protocolVersion);
        done(null, true);
      };
    });
    const { bridge } = start(b.url);
    await until('the connection', () => bridge.state().connected);
    expect(bridge.state()).toEqual({ connected: true, protocol: '3.1.1' });
    expect(versions.at(-1)).toBe(4);
  });
});

describe('a broker that is not there', () => {
  test('is told with a reason, and found when it comes', async () => {
    const port = await freePort();
    const { bridge } = start(`mqtt://127.0.0.1:${port}`);
    await until('a reason', () => /Nothing answers/.test(bridge.state().reason ?? ''));
    expect(bridge.state()).toEqual({
      connected: false,
      reason: `Nothing answers at 127.0.0.1:${port}. Is the MQTT broker running? Trying again.`,
    });
    await broker(port);
    await until('the connection', () => bridge.state().connected);
  });
});

describe('a wrong password', () => {
  test('is said and tried again, slowly, until it is right', async () => {
    let allowed = false;
    let asked = 0;
    const b = await broker(0, aedes => {
      aedes.authenticate = (_client, _user, password, done) => {
        asked++;
        if (allowed || password?.toString() === 'right') return done(null, true);
        done(Object.assign(new Error('no'), { returnCode: 4 }), false);
      };
    });
    const { bridge } = start(b.url, { username: 'me', password: new Secret('wrong-password') });
    await until('two attempts', () => asked >= 2);
    expect(bridge.state().reason).toMatch(/refuses our user name or password/);
    expect(bridge.state().reason).not.toContain('wrong-password');
    allowed = true;
    await until('the connection', () => bridge.state().connected);
  });
});

describe('a broker that restarts', () => {
  test('gets every state again within 2 s of the connect, and orders work', async () => {
    const first = await TestBroker.start();
    const { bridge, locks } = start(first.url, {}, systemClock);
    await until('the connection', () => bridge.state().connected);
    await first.stop();
    await until('the loss', () => !bridge.state().connected);
    locks.say(LOCK, 'jammed');
    const second = await broker(first.port);
    const heard = await listener(second.url);
    await until('the new connection', () => bridge.state().connected);
    const connected = performance.now();
    await heard.until('the state', () => heard.json('latchbridge/front').some(one => one['ha_state'] === 'JAMMED'));
    expect(performance.now() - connected).toBeLessThan(2000);
    await heard.publish('latchbridge/front/set', 'LOCK');
    await heard.until('the result', () => heard.json('latchbridge/front/result')[0]);
    expect(locks.commands).toHaveLength(1);
  });
});

describe('a retained order that waits at the broker', () => {
  test('opens nothing and is cleared', async () => {
    const b = await broker();
    const heard = await listener(b.url);
    await heard.publish('latchbridge/front/set', 'UNLOCK', { retain: true });
    const { locks } = start(b.url);
    await heard.until('the clearing', () => heard.on('latchbridge/front/set').some(one => one.text === ''));
    expect(locks.commands).toEqual([]);
    expect((await b.retained()).has('latchbridge/front/set')).toBe(false);
  });

  test('that comes while we are connected acts once, also over a reconnect', async () => {
    const b = await broker();
    const heard = await listener(b.url);
    const { bridge, locks } = start(b.url);
    await heard.until('the state', () => heard.on('latchbridge/front').length > 0);
    await heard.publish('latchbridge/front/set', 'UNLOCK', { retain: true });
    await heard.until('the clearing', () => heard.on('latchbridge/front/set').some(one => one.text === ''));
    const count = heard.on('latchbridge/front').length;
    b.cut();
    await until('the loss', () => !bridge.state().connected);
    await heard.until('the state again', () => heard.on('latchbridge/front').length > count);
    expect(locks.commands).toHaveLength(1);
  });
});

describe('the will', () => {
  test('says offline when the socket dies, and online follows', async () => {
    const b = await broker();
    const { bridge } = start(b.url);
    await until('the connection', () => bridge.state().connected);
    const heard = await listener(b.url);
    // Only the bridge's connection: the listener would come too late to hear it.
    for (const client of Object.values(clientsOf(b))) if (client.id === 'latchbridge-test') client.conn.destroy();
    await heard.until('offline', () => heard.json('latchbridge/bridge/state').some(one => one['state'] === 'offline'));
    await heard.until('online', () => heard.json('latchbridge/bridge/state').at(-1)?.['state'] === 'online');
    expect(heard.json('latchbridge/bridge/state').map(one => one['state'])).toEqual(['online', 'offline', 'online']);
  });

  test('is not needed at an orderly end: offline is said and stays', async () => {
    const b = await broker();
    const { bridge } = start(b.url);
    await until('the connection', () => bridge.state().connected);
    await bridge.stop();
    expect((await b.retained()).get('latchbridge/bridge/state')).toBe('{"state":"offline"}');
    expect(bridge.state()).toMatchObject({ connected: false });
  });
});

describe('a broker that falls silent', () => {
  test('is noticed after one and a half of the keepalive', async () => {
    const b = await broker();
    const { bridge } = start(b.url, { keepalive: 1 }, systemClock);
    await until('the connection', () => bridge.state().connected);
    b.freeze();
    const begin = performance.now();
    await until('the loss', () => !bridge.state().connected);
    expect(performance.now() - begin).toBeLessThan(4000);
    expect(bridge.state().reason).toMatch(/does not answer any more/);
  });
});

describe('somebody else with our client id', () => {
  test('is suspected when the connection is lost again and again', async () => {
    const b = await broker();
    const { bridge } = start(b.url, {}, impatient);
    for (let i = 0; i < 3; i++) {
      await until('the connection', () => bridge.state().connected);
      b.cut();
      await until('the loss', () => !bridge.state().connected);
    }
    expect(bridge.state().reason).toMatch(/another program may use the client id "latchbridge-test"/);
  });
});

describe('a broker of protocol 5 that says that our session was taken over', () => {
  test('is believed at once', async () => {
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        // CONNACK without properties, then DISCONNECT with reason 142.
        socket.write(Uint8Array.of(0x20, 3, 0, 0, 0));
        socket.end(Uint8Array.of(0xe0, 2, 142, 0));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>(resolve => server.close(() => resolve())));
    const { bridge } = start(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, {}, systemClock);
    await until('the loss', () => /hanging up/.test(bridge.state().reason ?? ''));
    expect(bridge.state().reason).toMatch(/another program may use the client id/);
  });
});

describe('a broker without logins', () => {
  test('is warned of, but not in a demo', async () => {
    const b = await broker();
    const { bridge } = start(b.url, { demo: false });
    await until('the connection', () => bridge.state().connected);
    expect(bridge.state().warning).toMatch(/lets anyone in/);
  });
});

describe('a broker that hangs up on protocol 5 without a word', () => {
  test('is tried with 3.1.1', async () => {
    const versions: number[] = [];
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      // The protocol level follows the length, "MQTT" and its length: byte 8 of a short CONNECT with a two-byte length.
      socket.once('data', data => {
        versions.push(data[data.indexOf('MQTT') + 4] as number);
        socket.destroy();
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>(resolve => server.close(() => resolve())));
    start(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await until('four attempts', () => versions.length >= 4);
    expect(versions.slice(0, 4)).toEqual([5, 4, 5, 4]);
  });
});

describe('an address that cannot be', () => {
  test('is a reason, not a crash', async () => {
    const { bridge } = start('gopher://user:hunter2@127.0.0.1');
    await until('a reason', () => bridge.state().reason !== 'Not connected yet.');
    expect(bridge.state().connected).toBe(false);
    expect(bridge.state().reason).not.toContain('hunter2');
  });
});

describe('Home Assistant that starts', () => {
  test('gets discovery and states again after 1 to 30 s', async () => {
    const b = await broker();
    const heard = await listener(b.url);
    start(b.url);
    const config = `homeassistant/device/latchbridge_${LOCK}/config`;
    await heard.until('discovery', () => heard.on(config).length === 1);
    const asked = performance.now();
    await heard.publish('homeassistant/status', 'online');
    await heard.until('discovery again', () => heard.on(config).length === 2);
    await heard.until('state again', () => heard.on('latchbridge/front').length === 2);
    // Twenty times faster than it would be.
    expect(performance.now() - asked).toBeGreaterThan(1000 / 20);
  });
});

describe('stopping', () => {
  test('leaves no ear behind and is quick without a broker', async () => {
    const port = await freePort();
    const { bridge, locks } = start(`mqtt://127.0.0.1:${port}`, {}, systemClock);
    expect(locks.ears).toBe(1);
    const before = performance.now();
    await bridge.stop();
    expect(performance.now() - before).toBeLessThan(500);
    expect(locks.ears).toBe(0);
  });
});

/** Short pauses, but a connection of a second is as short as it is. */
const impatient: Clock = { ...systemClock, after: (ms, call) => hurried.after(ms, call) };

interface AedesClient {
  id: string;
  conn: { destroy(): void };
}

function clientsOf(of: TestBroker): Record<string, AedesClient> {
  return (of.aedes as unknown as { clients: Record<string, AedesClient> }).clients;
}
