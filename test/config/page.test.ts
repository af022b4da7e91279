// What is set on the page: where it stands among the other sources, what is refused, and what becomes of what no longer fits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { type Config, type ConfigAsk, loadConfig } from '../../src/config.ts';
import { checkChange, pageKeys, settingKind, settingWords } from '../../src/config/page.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'latchbridge-page-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = (values: Record<string, unknown>, damaged: string[] = []) => ({
  values: new Map(Object.entries(values)),
  damaged,
  sealed: [] as string[],
});
function load(page: ReturnType<typeof kept>, ask: ConfigAsk = {}): Config {
  return loadConfig({ folder, env: { HOME: folder }, page: () => page, ...ask });
}
function settingsFile(yaml: string): void {
  writeFileSync(join(folder, 'latchbridge.yaml'), yaml);
}
function refusal(values: Record<string, unknown>): string {
  try {
    checkChange(new Map(Object.entries(values)));
  } catch (thrown) {
    if (thrown instanceof LockError && thrown.reason === 'settings') return thrown.message;
    throw thrown;
  }
  return 'taken';
}

describe('what is set on the page', () => {
  test('wins over the file and the defaults, and says that it comes from there', () => {
    settingsFile('time_zone: Europe/Paris\nmatter: {port: 9, ipv4: false}');
    const config = load(kept({ time_zone: 'Europe/Berlin', 'matter.port': 5541 }));
    expect([config.timeZone, config.matter.port, config.matter.ipv4]).toEqual(['Europe/Berlin', 5541, false]);
    expect([config.origin('time_zone'), config.origin('matter.port')]).toEqual(['page', 'page']);
  });

  test('counts less than the command line, variables and the form of the add-on, and may not be changed there', () => {
    const addOnOptions = join(folder, 'options.json');
    writeFileSync(addOnOptions, '{"mqtt":{"base_topic":"form"}}');
    const config = load(kept({ log_level: 'debug', 'matter.port': 5541, 'mqtt.base_topic': 'page' }), {
      options: { 'log-level': 'warn' },
      env: { HOME: folder, LATCHBRIDGE_MATTER_PORT: '7' },
      addOnOptions,
    });
    expect([config.logLevel, config.matter.port, config.mqtt.baseTopic]).toEqual(['warn', 7, 'form']);
    const keys = ['log_level', 'matter.port', 'mqtt.base_topic', 'time_zone', 'http.port', 'data'];
    expect(keys.filter(key => config.settable(key))).toEqual(['time_zone']);
  });

  test('counts where the form of the add-on has an empty list', () => {
    const addOnOptions = join(folder, 'options.json');
    writeFileSync(addOnOptions, '{"mqtt":{},"radios":[],"matter":{}}');
    const config = load(kept({ radios: ['hci1'], log_level: 'debug' }), { addOnOptions });
    expect([config.radios, config.logLevel]).toEqual([[{ device: 'hci1' }], 'debug']);
  });

  test('is nothing where nobody reads it, as in a demo', () => {
    const config = loadConfig({ folder, env: { HOME: folder } });
    expect(pageKeys().some(key => config.settable(key))).toBe(false);
  });

  test('that became invalid does not count, is told, and leaves the rest as it is', () => {
    settingsFile('mqtt: {url: mqtt://old}');
    const config = load(kept({ 'mqtt.url': 'not an address', 'mqtt.username': 'anna', gone_setting: 1 }));
    expect([config.mqtt.url, config.mqtt.username]).toEqual(['mqtt://old', 'anna']);
    expect(config.warnings).toEqual([
      expect.stringMatching(/^What was set on the page does not count: mqtt\.url is not an address, but must be/),
      expect.stringContaining('gone_setting cannot be set on the page') as string,
    ]);
  });

  test('goes on forbidding where it is damaged', () => {
    const config = load(kept({ 'policy.flows.two_persons': 'maybe' }, ['policy.open_by_mqtt', 'time_zone']));
    expect([config.policy.openByMqtt, config.policy.flows.twoPersons]).toEqual(['never', true]);
    expect(config.warnings).toContainEqual(expect.stringMatching(/counts as never: policy\.open_by_mqtt is damaged/));
  });

  test('shows what would count with other values', () => {
    const config = load(kept({ 'matter.port': 5541 }));
    const port = (page: ReturnType<typeof kept>) => config.preview(page).find(({ key }) => key === 'matter.port');
    expect(port(kept({ 'matter.port': 5542 }))).toEqual({ key: 'matter.port', value: '5542', from: 'page' });
    expect(port(kept({}))).toEqual({ key: 'matter.port', value: '5540', from: 'default' });
  });
});

describe('a change', () => {
  test('is refused with every mistake at once', () => {
    const text = refusal({
      'mqtt.url': 'http://h',
      'matter.port': 70_000,
      log_level: 'loud',
      'http.port': 1,
      data: '/x',
    });
    for (const part of [
      'mqtt.url is http://h',
      'matter.port is 70000',
      'must be one of trace',
      'http.port cannot be',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('data cannot be set on the page');
  });

  test('of a secret that does not fit does not repeat it', () => {
    expect(refusal({ 'mqtt.password': ['hunter2'] })).not.toContain('hunter2');
    expect(refusal({ 'mqtt.url': 'mqtt://anna:hunter2@h' })).not.toContain('hunter2');
  });

  test('names a path from the root, since nobody knows from where another starts', () => {
    expect(refusal({ 'backup.second': 'stick' })).toContain('must be a whole path');
    expect(refusal({ 'backup.second': '/mnt/stick' })).toBe('taken');
  });

  test.each(['__proto__', 'constructor', 'mqtt', 'radios.0.device', 'locks.front.session', ''])(
    'of %j is refused',
    key => {
      expect(refusal({ [key]: 'x' })).toContain('cannot be set');
      expect(refusal({ [key]: null })).toContain('cannot be set');
    },
  );

  test('takes adapters as words', () => {
    const taken = checkChange(new Map([['radios', ['hci1', '00:1A:7D:DA:71:13']]]));
    expect(taken.get('radios')).toEqual([{ device: 'hci1' }, { address: '00:1a:7d:da:71:13' }]);
    expect(refusal({ radios: ['usb0'] })).toContain('must be an adapter');
  });

  test('has a kind by which a form knows its field', () => {
    const kinds = ['log_level', 'mqtt.url', 'matter.port', 'matter.enabled', 'radios', 'mqtt.password'].map(
      settingKind,
    );
    expect(kinds).toEqual(['enum', 'string', 'number', 'boolean', 'list', 'secret']);
    expect(settingWords('policy.flows.unattended')).toEqual(['plan_only', 'soft_wipe']);
    expect(settingWords('mqtt.url')).toBeUndefined();
  });
});
