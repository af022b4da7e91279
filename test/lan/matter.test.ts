// The demo on a real network, and real controllers that commission it with its code: what a person does with a phone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import type { ControllerNews, MatterController } from '../../src/bridge/matter/controller.ts';
import type { MatterStore } from '../../src/lock/matter-port.ts';
import { openMatterStore } from '../../src/store/matter.ts';
import { Ears, type Program, startDemo } from '../daemon/program.ts';
import { type Open, openNew, openOld } from './controllers.ts';

const WORDS = ['--matter-interface', 'v0', '--locks', 'ttlock:deadbolt:front_door,ttlock:deadbolt:back_door'];
const PIN = '482913';
/** The cluster's numbers: sources, kinds, alarms, errors. */
const SOURCE = { manual: 1, keypad: 3, remote: 7 };
const OPERATION = { lock: 0, unlock: 1 };
const JAMMED = 0;
const WRONG_CODE_ERROR = 1;

let data: string;
let demo: Program;
let ears: Ears;
let kept: MatterStore;
let us: MatterController;
let news: ControllerNews[] = [];
let door = 0;

async function open(how: Open): Promise<void> {
  us = await how(kept);
  news = [];
  us.hear(each => news.push(each));
}

async function start(): Promise<void> {
  demo = await startDemo(data, WORDS);
  ears = await Ears.on(demo.ready.mqtt);
}

async function end(signal: NodeJS.Signals): Promise<void> {
  await ears.close();
  await demo.kill(signal);
}

async function hand(act: object): Promise<void> {
  const from = ears.all.length;
  await ears.client.publishAsync('latchbridge/demo/front_door/hand', JSON.stringify(act));
  await ears.until('latchbridge/demo/front_door/said', () => true, from);
}

async function isNow(bolt: 'locked' | 'unlocked'): Promise<void> {
  await expect.poll(() => us.locks().find(lock => lock.endpoint === door)?.lockState, { timeout: 15_000 }).toBe(bolt);
}

/** The event of the door that fits, once it has come. */
async function heard(name: string, wanted: object): Promise<ControllerNews | undefined> {
  const fits = expect.objectContaining(wanted) as unknown as { asymmetricMatch(other: unknown): boolean };
  const find = (): ControllerNews | undefined =>
    news.find(
      each => each.kind === 'event' && each.endpoint === door && each.name === name && fits.asymmetricMatch(each.data),
    );
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  return find();
}

const controllers: [name: string, open: Open, code: 'qr' | 'manual'][] = [
  ['CommissioningController', openOld, 'qr'],
  ['controller.peers', openNew, 'manual'],
];

describe.each(controllers)('%s', (_name, how, code) => {
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'latchbridge-lan-'));
    kept = openMatterStore();
    await start();
    await open(how);
    await us.commission(new Secret(demo.ready.matter?.[code] ?? ''));
    door = us.locks().find(lock => lock.name === 'front_door')?.endpoint ?? 0;
  });
  afterAll(async () => {
    await us?.close();
    await end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  test('sees each lock, with what it can do', () => {
    const locks = us.locks().map(({ name, reachable }) => [name, reachable]);
    const sorted = locks.toSorted(([a], [b]) => String(a).localeCompare(String(b)));
    expect(sorted).toEqual([
      ['back_door', true],
      ['front_door', true],
    ]);
    expect(us.locks()[0]?.features).toEqual(expect.arrayContaining(['pinCredential', 'user']));
  });

  test('locks and unlocks, and hears that it was itself', async () => {
    await us.operate(door, 'lock');
    await isNow('locked');
    await us.operate(door, 'unlock');
    await isNow('unlocked');
    expect(
      await heard('lockOperation', { lockOperationType: OPERATION.unlock, operationSource: SOURCE.remote }),
    ).toBeDefined();
  });

  test('gives a new user a PIN, which then opens the keypad', async () => {
    const user = await us.setPin(door, { user: null, credential: 1, pin: new Secret(PIN) });
    expect(await us.users(door)).toMatchObject([{ user, credentials: [{ type: 1, index: 1 }] }]);
    await us.operate(door, 'lock');
    await isNow('locked');
    await hand({ act: 'type_code', digits: PIN });
    await isNow('unlocked');
    const keypad = { lockOperationType: OPERATION.unlock, operationSource: SOURCE.keypad, userIndex: user };
    expect(await heard('lockOperation', keypad)).toBeDefined();
  });

  test('opens with that PIN and with no other', async () => {
    await us.operate(door, 'lock');
    await isNow('locked');
    await expect(us.operate(door, 'unlock', new Secret('111111'))).rejects.toMatchObject({ code: 'rejected' });
    expect(us.locks().find(lock => lock.endpoint === door)?.lockState).toBe('locked');
    await us.operate(door, 'unlock', new Secret(PIN));
    await isNow('unlocked');
  });

  test('gives a named user a PIN, and takes it away again', async () => {
    await us.setUser(door, 4, 'Ann');
    await us.setPin(door, { user: 4, credential: 4, pin: new Secret('739164') });
    expect(await us.users(door)).toContainEqual(expect.objectContaining({ user: 4, name: 'Ann' }));
    await us.operate(door, 'lock');
    await isNow('locked');
    await hand({ act: 'type_code', digits: '739164' });
    await isNow('unlocked');
    await us.clearUser(door, 4);
    expect((await us.users(door)).map(({ user }) => user)).not.toContain(4);
  });

  test('hears of a thumb-turn', async () => {
    await us.operate(door, 'lock');
    await isNow('locked');
    await hand({ act: 'thumb', value: 'unlock' });
    await isNow('unlocked');
    const manual = { lockOperationType: OPERATION.unlock, operationSource: SOURCE.manual };
    expect(await heard('lockOperation', manual)).toBeDefined();
  });

  test('hears of a wrong code when the log of the lock is read next', async () => {
    await hand({ act: 'type_code', digits: '000111' });
    // It moves nothing, so that an open session looks for it once a minute; who turned the bolt is looked up at once.
    await hand({ act: 'thumb', value: 'lock' });
    const wrong = { operationSource: SOURCE.keypad, operationError: WRONG_CODE_ERROR };
    expect(await heard('lockOperationError', wrong)).toBeDefined();
    await isNow('locked');
  });

  test('hears of a jam, and is told that nothing moved', async () => {
    await hand({ act: 'jam', value: 'on' });
    await expect(us.operate(door, 'unlock')).rejects.toMatchObject({ code: 'rejected' });
    expect(await heard('doorLockAlarm', { alarmCode: JAMMED })).toBeDefined();
    await hand({ act: 'jam', value: 'off' });
    await us.operate(door, 'unlock');
    await isNow('unlocked');
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('goes on after the bridge ended with %s', async signal => {
    await end(signal);
    await start();
    expect(demo.ready.matter).toMatchObject({ qr: null });
    await us.close();
    await open(how);
    expect(await us.resume()).toBe(true);
    expect(us.locks().map(({ endpoint }) => endpoint)).toContain(door);
    await us.operate(door, 'lock');
    await isNow('locked');
    await us.operate(door, 'unlock');
    await isNow('unlocked');
  });

  test('keeps the endpoint when the lock loses its key and is paired again', async () => {
    await hand({ act: 'hold_reset', seconds: '3' });
    await hand({ act: 'press_key' });
    expect(await ears.ask('lock/pair', { lock: 'front_door' })).toMatchObject({ status: 'ok' });
    const find = () => us.locks().find(lock => lock.endpoint === door)?.reachable;
    await expect.poll(find, { timeout: 15_000 }).toBe(true);
    await us.operate(door, 'lock');
    await isNow('locked');
  });

  test('notices a restart by itself within a minute', { timeout: 90_000 }, async () => {
    await end('SIGKILL');
    await start();
    const began = performance.now();
    const target = us.locks().find(lock => lock.endpoint === door)?.lockState === 'locked' ? 'unlock' : 'lock';
    await hand({ act: 'thumb', value: target });
    await expect
      .poll(() => us.locks().find(lock => lock.endpoint === door)?.lockState, { timeout: 60_000 })
      .toBe(`${target}ed`);
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});
