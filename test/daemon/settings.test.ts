// Settings changed on the page of a running daemon: what counts at once, what after a restart, and what is kept of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { makeLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { loadConfig } from '../../src/config.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import { brokerPassword, choicesOf } from '../../src/daemon/settings.ts';
import type { Asker } from '../../src/lock/lock.ts';
import type { Choices, ConfigSetting } from '../../src/lock/upkeep.ts';
import { readPageSettings } from '../../src/store/page-settings.ts';
import { DatabaseSync } from '../../src/store/sqlite.ts';
import { seeded } from '../support/house.ts';

const owner: Asker = { via: 'web', who: 'anna', role: 'owner' };
let data: string;
let daemon: Daemon | undefined;
let choices: Choices;
let lines: string[];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lb-settings-'));
  lines = [];
});
afterEach(async () => {
  await end();
  rmSync(data, { recursive: true, force: true });
});

async function end(): Promise<void> {
  await daemon?.stop();
  daemon = undefined;
}
async function begin(options: Record<string, unknown> = {}): Promise<Daemon> {
  await end();
  const config = loadConfig({ env: {}, folder: data, options: { data, ...options }, page: readPageSettings });
  const log = makeLog(config.logLevel, { write: (line: string) => void lines.push(line) });
  daemon = new Daemon({ config, radios: [], clock: new VirtualClock(), random: seeded(4), log, version: '0.0.0' });
  choices = choicesOf(daemon);
  return daemon;
}
const change = (values: Record<string, unknown>): { restart: boolean } =>
  choices.change(new Map(Object.entries(values)), owner);
const setting = (key: string): ConfigSetting | undefined => choices.all().find(each => each.key === key);
function refusal(work: () => unknown): LockError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof LockError) return thrown;
    throw thrown;
  }
  throw new RangeError('nothing was refused');
}
function row(sql: string): void {
  const database = new DatabaseSync(join(data, 'latchbridge.db'));
  database.exec(sql);
  database.close();
}

test('a change counts from the next start, and until then both are shown', async () => {
  await begin();
  expect(change({ time_zone: 'Europe/Berlin' })).toEqual({ restart: true });
  expect(setting('time_zone')).toMatchObject({ next: 'Europe/Berlin', changeable: true, kind: 'string' });
  const { parts } = await begin();
  expect(parts.config.timeZone).toBe('Europe/Berlin');
  expect(setting('time_zone')).toEqual({
    key: 'time_zone',
    value: 'Europe/Berlin',
    from: 'page',
    changeable: true,
    kind: 'string',
  });
});

test('null takes it back', async () => {
  writeFileSync(join(data, 'latchbridge.yaml'), 'matter: {port: 9}');
  await begin();
  change({ 'matter.port': 5541 });
  await begin();
  expect(change({ 'matter.port': null })).toEqual({ restart: true });
  expect(setting('matter.port')).toMatchObject({ value: '5541', next: '9' });
  expect((await begin()).parts.config.matter.port).toBe(9);
});

test('what is changed back before a restart needs none', async () => {
  await begin();
  change({ 'matter.port': 5541 });
  expect(change({ 'matter.port': null })).toEqual({ restart: false });
  expect(setting('matter.port')?.next).toBeUndefined();
});

test('the level of the log counts at once, in every part', async () => {
  const { parts } = await begin({});
  const part = parts.log.child({ part: 'lock' }).child({ lock: 'front' });
  part.debug('unheard');
  expect(change({ log_level: 'debug' })).toEqual({ restart: false });
  part.debug('heard');
  expect(lines.filter(line => line.includes('heard')).map(line => line.includes('unheard'))).toEqual([false]);
  expect(setting('log_level')).toMatchObject({ value: 'debug', from: 'page' });
  change({ log_level: null });
  part.debug('silence again');
  expect(lines.some(line => line.includes('silence again'))).toBe(false);
});

test('what counts at once asks for no restart because of what waits for one', async () => {
  await begin();
  change({ 'matter.port': 5541 });
  expect(change({ log_level: 'debug' })).toEqual({ restart: false });
});

test('a setting without a value is offered, too', async () => {
  await begin();
  expect(setting('mqtt.url')).toEqual({
    key: 'mqtt.url',
    value: '',
    from: 'not set',
    changeable: true,
    kind: 'string',
  });
});

test('the password of the broker is sealed on the disk, masked in every answer, and used after a restart', async () => {
  await begin();
  expect(change({ 'mqtt.password': 'hunter2-on-the-page' })).toEqual({ restart: true });
  expect(JSON.stringify(choices.all())).not.toContain('hunter2');
  const again = await begin();
  expect(brokerPassword(again)?.reveal()).toBe('hunter2-on-the-page');
  expect(setting('mqtt.password')).toMatchObject({ value: '•••', from: 'page', kind: 'secret' });
  expect(change({ 'mqtt.password': 'hunter2-number-two' })).toEqual({ restart: true });
  expect(again.store.audit.read({ most: 9 }).map(line => line.detail)).toContain('mqtt.password changed');
  await end();
  expect(readFileSync(join(data, 'latchbridge.db')).includes('hunter2')).toBe(false);
  expect(lines.join('')).not.toContain('hunter2');
});

test('the audit says what was changed, and by whom', async () => {
  const { store } = await begin();
  change({ 'mqtt.base_topic': 'doors', radios: ['hci1'] });
  change({ 'mqtt.base_topic': null });
  const found = store.audit.read({ most: 2 }).map(({ what, who, detail }) => ({ what, who, detail }));
  expect(found).toEqual([
    { what: 'settings_changed', who: 'anna', detail: 'mqtt.base_topic taken back' },
    { what: 'settings_changed', who: 'anna', detail: 'mqtt.base_topic doors, radios [{"device":"hci1"}]' },
  ]);
});

test('one mistake keeps everything as it was', async () => {
  await begin();
  const thrown = refusal(() => change({ time_zone: 'Europe/Berlin', 'matter.port': 0 }));
  expect(thrown).toMatchObject({ code: 'invalid', reason: 'settings' });
  expect(readPageSettings(data).values.size).toBe(0);
});

test('what the command line sets is not changed behind its back', async () => {
  await begin({ 'log-level': 'warn' });
  expect(setting('log_level')).toMatchObject({ changeable: false, from: '--log-level' });
  expect(refusal(() => change({ log_level: 'debug' }))).toMatchObject({
    code: 'invalid',
    reason: 'set_elsewhere',
    message: expect.stringContaining('set by --log-level') as string,
  });
});

test('a damaged row does not stop the start', async () => {
  await begin();
  change({ 'matter.port': 5541, 'policy.open_by_mqtt': 'always', 'mqtt.username': 'anna' });
  await end();
  row(`update settings set value = '{"half' where name in ('page.matter.port', 'page.policy.open_by_mqtt')`);
  const { parts } = await begin();
  expect(parts.config).toMatchObject({ matter: { port: 5540 }, mqtt: { username: 'anna' } });
  expect(parts.config.policy.openByMqtt).toBe('never');
  expect(parts.config.warnings).toHaveLength(2);
  expect(change({ 'matter.port': 5542, 'policy.open_by_mqtt': null })).toEqual({ restart: true });
  expect((await begin()).parts.config.warnings).toEqual([]);
});

test('settings are those of a backup from the very start that goes back to it', async () => {
  const { store } = await begin();
  change({ time_zone: 'Europe/Berlin' });
  await store.backup(join(data, 'restore.db'));
  change({ time_zone: 'Europe/Paris' });
  const { parts } = await begin();
  expect(parts.config.timeZone).toBe('Europe/Berlin');
});

test('a folder without a database has no settings, and none is made by looking', () => {
  expect(readPageSettings(data)).toEqual({ values: new Map(), damaged: [], sealed: [] });
});
