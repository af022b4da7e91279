// The settings: where they come from, what wins, and whether a mistake is told so that it can be mended.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LockError } from '../src/base/errors.ts';
import { Secret } from '../src/base/log.ts';
import { supervisorMqtt } from '../src/base/supervisor.ts';
import { VirtualClock } from '../src/base/virtual-clock.ts';
import { type Config, type ConfigAsk, dataFolder, loadConfig, settingKeys } from '../src/config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing of the machine's own environment gets in. */
function load(ask: ConfigAsk = {}): Config {
  return loadConfig({ folder, env: { HOME: folder }, ...ask });
}
function file(yaml: string, name = 'latchbridge.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, yaml);
  return path;
}
function mistakes(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof LockError && thrown.reason === 'settings') return thrown.message;
    throw thrown;
  }
  return 'no mistake';
}

describe('what counts', () => {
  test('without any settings everything has a default', () => {
    const config = load();
    expect(config).toMatchObject({
      data: join(folder, '.local/share/latchbridge'),
      logLevel: 'info',
      mqtt: { baseTopic: 'latchbridge', discoveryPrefix: 'homeassistant', allowAnonymous: false },
      radios: [],
      policy: { openByMqtt: 'always' },
      warnings: [],
    });
    expect(config.origin('log_level')).toBe('default');
    expect(config.origin('mqtt.url')).toBe('not set');
  });

  test('the command line wins over variables, these over the add-on form, that over the file', () => {
    file('log_level: error\ntime_zone: Europe/Paris\nhttp: {port: 1, host: 0.0.0.0}\nmatter: {port: 9}');
    const addOnOptions = file(
      '{"log_level":"warn","http":{"port":2},"matter":{"port":8},"mqtt":{"server":"mqtt://h","user":""}}',
      'options.json',
    );
    const config = load({
      env: { HOME: folder, LATCHBRIDGE_HTTP_PORT: '3', LATCHBRIDGE_LOG_LEVEL: 'trace' },
      options: { 'log-level': 'silent' },
      addOnOptions,
    });
    expect(config.logLevel).toBe('silent');
    expect(config.origin('log_level')).toBe('--log-level');
    expect(config.http).toEqual({ enabled: true, host: '0.0.0.0', port: 3, hosts: [] });
    expect(config.origin('http.port')).toBe('LATCHBRIDGE_HTTP_PORT');
    expect(config.origin('matter.port')).toBe('add-on option matter.port');
    expect(config.origin('mqtt.url')).toBe('add-on option mqtt.server');
    expect(config.origin('http.host')).toBe(`${join(folder, 'latchbridge.yaml')}, line 3`);
    expect(config.timeZone).toBe('Europe/Paris');
  });

  test('a path in the file starts from the file, ~ is home, and a path from outside starts from here', () => {
    mkdirSync(join(folder, 'etc'));
    const named = file('data: ./data\nbackup: {second: ~/stick}', 'etc/other.yaml');
    expect(load({ file: named })).toMatchObject({
      data: join(folder, 'etc/data'),
      backup: { second: join(folder, 'stick') },
    });
    expect(load({ options: { data: 'here' } }).data).toBe(join(folder, 'here'));
  });

  test('the file is also found in the data folder', () => {
    mkdirSync(join(folder, 'd'));
    file('log_level: debug', 'd/latchbridge.yaml');
    expect(load({ env: { LATCHBRIDGE_DATA: join(folder, 'd') } }).logLevel).toBe('debug');
  });

  test('radios by variable are told apart by their form, addresses become lower case', () => {
    const config = load({ env: { LATCHBRIDGE_RADIOS: '00:1A:7D:DA:71:13, hci1' } });
    expect(config.radios).toEqual([{ address: '00:1a:7d:da:71:13' }, { device: 'hci1' }]);
  });

  test('variables of the Matter library are accepted, and its interface is ours unless ours is set', () => {
    const env = { MATTER_MDNS_NETWORKINTERFACE: 'eth7', MATTER_LOG_LEVEL: 'debug' };
    const config = load({ env });
    expect(config.matter.interface).toBe('eth7');
    expect(config.matter.environment).toEqual(env);
    expect(config.origin('matter.interface')).toBe('MATTER_MDNS_NETWORKINTERFACE');
    expect(load({ env, options: { 'matter-interface': 'eth8' } }).matter.interface).toBe('eth8');
  });

  test('the Matter library’s switch for IPv4 is ours, too', () => {
    expect(load({ env: { MATTER_MDNS_IPV4: '0' } }).matter.ipv4).toBe(false);
    expect(load().matter.ipv4).toBe(true);
  });

  test('what Matter shows of one lock has defaults', () => {
    file('locks:\n  front: {}\n  back: {matter: {own_node: true, latch: false}}');
    expect(load().locks['front']?.matter).toEqual({ own: false, remotePin: false, latch: true, cards: false });
    expect(load().locks['back']?.matter).toMatchObject({ own: true, latch: false });
  });

  test('a lock whose id looks like a number keeps it', () => {
    file('locks:\n  012345678901: {session: held}\n  12e456789012: {}');
    expect(Object.keys(load().locks)).toEqual(['012345678901', '12e456789012']);
  });

  test('an unknown variable is a warning, since some systems set such variables by themselves', () => {
    const { warnings } = load({ env: { LATCHBRIDGE_MQTT_URI: 'x', LATCHBRIDGE_SERVICE_HOST: 'y' } });
    expect(warnings).toEqual([
      'The variable LATCHBRIDGE_MQTT_URI is not a setting and is ignored; did you mean LATCHBRIDGE_MQTT_URL?',
      'The variable LATCHBRIDGE_SERVICE_HOST is not a setting and is ignored.',
    ]);
  });
});

describe('mistakes', () => {
  test('all are told at once, each with line, key, value and what to write', () => {
    file(
      'log_level: loud\nmqtt:\n  url: localhost\n  usrname: x\nhttp:\n  port: 70000\nradios:\n  - {}\ncolour: red\n',
    );
    const env = { LATCHBRIDGE_HTTP_PORT: 'abc', LATCHBRIDGE_MATTER_ENABLED: 'maybe', LATCHBRIDGE_RADIOS: 'usb' };
    const said = mistakes(() => load({ env, options: { 'matter-port': 0 } })).replaceAll(`${folder}/`, '');
    expect(said.split('\n').slice(1)).toEqual([
      '  --matter-port: matter.port is 0, but must be a port number from 1 to 65535.',
      '  LATCHBRIDGE_RADIOS: radios.0.device is usb, but must be an adapter like hci0.',
      '  LATCHBRIDGE_HTTP_PORT: http.port is abc, but must be a port number from 1 to 65535.',
      '  LATCHBRIDGE_MATTER_ENABLED: matter.enabled is maybe, but must be true or false.',
      '  latchbridge.yaml, line 1: log_level is loud, but must be one of trace, debug, info, warn, error, silent.',
      '  latchbridge.yaml, line 3: mqtt.url is localhost, but must be an address like mqtt://192.168.1.5:1883 (mqtts:// for TLS), without user and password in it.',
      '  latchbridge.yaml, line 4: mqtt.usrname is not a setting; did you mean username?',
      '  latchbridge.yaml, line 8: radios.0 must have either address or device.',
      '  latchbridge.yaml, line 6: http.port is 70000, but must be a port number from 1 to 65535.',
      expect.stringMatching(/^ {2}latchbridge.yaml, line 9: colour is not a setting; known here: data, log_level,/),
    ]);
  });

  test.each([
    ['a password that is a number', 'mqtt:\n  password: 123456', '123456'],
    ['an address with a password in it', 'mqtt:\n  url: mqtt://me:hunter2@host', 'hunter2'],
    ['a broken line with a password', 'mqtt:\n  password: "hunter2\n  url: x', 'hunter2'],
    ['an option of a lock', 'locks:\n  door:\n    options:\n      token: 778899', '778899'],
  ])('%s is refused without being repeated', (_what, yaml, secret) => {
    file(yaml);
    const said = mistakes(() => load());
    expect(said).toContain('latchbridge.yaml, line');
    expect(said).not.toContain(secret);
  });

  test.each([
    ['a list instead of settings', '- a\n- b', /line 1: this file must hold settings/],
    ['a key twice', 'log_level: info\nlog_level: warn', /line 2: this is not YAML: Map keys must be unique/],
    [
      'a lock in two units',
      'units:\n - {name: a, locks: [x]}\n - {name: b, locks: [x]}',
      /line 1: units must name a lock in one unit/,
    ],
    ['a zone that does not exist', 'time_zone: Berlin', /time_zone is Berlin, but must be a time zone like/],
    [
      'a certificate that is not there',
      'mqtt: {ca_file: ca.pem}',
      /mqtt\.ca_file is .*ca\.pem, but must be a file that we may read/,
    ],
    [
      'an unknown setting of a lock',
      'locks:\n  door:\n    sesion: held',
      /line 3: locks\.door\.sesion is not a setting; did you mean session/,
    ],
    [
      'a base topic with a wildcard',
      'mqtt: {base_topic: "a/#"}',
      /mqtt\.base_topic is a\/#, but must be a topic without/,
    ],
  ])('%s is refused', (_what, yaml, said) => {
    file(yaml);
    expect(mistakes(() => load())).toMatch(said);
  });

  test('a file that somebody names must be there', () => {
    expect(mistakes(() => load({ file: 'missing.yaml' }))).toMatch(/missing\.yaml cannot be read/);
  });

  test('YAML that explodes is refused, not built', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`);
    file(`a0: &a0 x\n${rows.join('\n')}`);
    expect(mistakes(() => load())).toContain('must hold settings');
  });

  test('a key like __proto__ is refused and changes nothing', () => {
    file('__proto__: {polluted: true}\nlocks: {__proto__: {session: held}}');
    expect(mistakes(() => load())).toContain('__proto__ is not a setting');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('the data folder is known even while other settings are wrong', () => {
    file('data: ./there\nlog_level: loud');
    expect(dataFolder({ folder, env: {} })).toEqual({
      path: join(folder, 'there'),
      from: `${join(folder, 'latchbridge.yaml')}, line 1`,
    });
  });
});

describe('secrets', () => {
  test('the MQTT password is a Secret from every source and masked in every listing', () => {
    const secretFile = file('hunter2\n', 'secret');
    for (const env of [{ LATCHBRIDGE_MQTT_PASSWORD: 'hunter2' }, { LATCHBRIDGE_MQTT_PASSWORD_FILE: secretFile }]) {
      const config = load({ env });
      expect(config.mqtt.password?.reveal()).toBe('hunter2');
      expect(JSON.stringify([config, config.settings()])).not.toContain('hunter2');
    }
  });

  test('the listing names every value that counts and where it comes from', () => {
    file('mqtt: {url: "mqtt://h"}');
    const from = `${join(folder, 'latchbridge.yaml')}, line 1`;
    expect(load().settings()).toContainEqual({ key: 'mqtt.url', value: 'mqtt://h', from });
    expect(load().settings()).toContainEqual({ key: 'mqtt.base_topic', value: 'latchbridge', from: 'default' });
  });
});

describe('the example file', () => {
  const example = readFileSync('latchbridge.example.yaml', 'utf8');

  test('loads, also with what stands in it as a comment', () => {
    file('certificate', 'broker-ca.pem');
    file(example.replace(/^( +)# (ca_file:.*)$/m, '$1$2'));
    expect(mistakes(() => load())).toBe('no mistake');
    expect(load().mqtt.caFile).toBe(join(folder, 'broker-ca.pem'));
  });

  test.each(settingKeys())('%s stands in it', key => {
    const name = key.split('.').at(-1) as string;
    expect(example).toMatch(new RegExp(`^ *(# |- )*${name}:`, 'm'));
  });
});

describe('as an add-on', () => {
  const env = { SUPERVISOR_TOKEN: 'canary-token' };
  const clock = new VirtualClock();
  const asked: { url: string; authorization: string | null }[] = [];
  const answering = (status: number, body: unknown): typeof fetch =>
    (async (url: string, init?: RequestInit) => {
      asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
      return new Response(JSON.stringify(body), { status });
    }) as typeof fetch;
  const supervisor = { url: 'http://supervisor', token: new Secret('canary-token') };

  test('the data folder is /data and the token is a Secret', () => {
    const config = load({ env });
    expect(config.data).toBe('/data');
    expect(config.supervisor?.token.reveal()).toBe('canary-token');
    expect(JSON.stringify(config)).not.toContain('canary-token');
  });

  test('the broker of Home Assistant is asked for with the token', async () => {
    const body = {
      result: 'ok',
      data: { host: 'core-mosquitto', port: 1883, ssl: false, username: 'addons', password: 'p' },
    };
    const broker = await supervisorMqtt(supervisor, { fetch: answering(200, body), clock });
    expect(asked.at(-1)).toEqual({ url: 'http://supervisor/services/mqtt', authorization: 'Bearer canary-token' });
    expect(broker).toEqual({ url: 'mqtt://core-mosquitto:1883', username: 'addons', password: 'p' });
  });

  test('no MQTT service is no broker', async () => {
    expect(await supervisorMqtt(supervisor, { fetch: answering(400, { result: 'error' }), clock })).toBeUndefined();
    expect(await supervisorMqtt(supervisor, { fetch: answering(200, { data: { host: '' } }), clock })).toBeUndefined();
  });

  test('a Supervisor that fails or is silent is unreachable, within 5 s', async () => {
    await expect(supervisorMqtt(supervisor, { fetch: answering(502, {}), clock })).rejects.toMatchObject({
      code: 'unreachable',
    });
    const began = clock.elapsed();
    const silent = (() => new Promise(() => undefined)) as typeof fetch;
    await expect(clock.run(supervisorMqtt(supervisor, { fetch: silent, clock }))).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(clock.elapsed() - began).toBe(5_000);
  });
});
