// A whole TTLock over the real noble: the driver on one side, the virtual lock behind the controller on the other.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { ttlock } from '../../src/drivers/ttlock/driver.ts';
import type { Credential, Ground, LockSession, Report } from '../../src/lock/driver.ts';
import type { Advert, Radio } from '../../src/radio/radio.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { hasty, installSeam, never, radioOn, until, untilReady, VirtualController } from './bench.ts';

const ADDRESS = 'f2:c1:ad:4c:ae:fd';
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let lock: VirtualTTLock;
let radio: Radio;
let shared: SharedRadios;
let adverts: Advert[];
let reports: Report[];
let ground: Ground;

beforeEach(async () => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  lock = new VirtualTTLock({
    name: 'door',
    address: ADDRESS,
    clock: systemClock,
    random,
    knobs: { replyLatency: { min: 0, max: 2 }, pushDelay: 5 },
  });
  // A real one advertises four times a second when awake.
  Object.defineProperty(lock, 'advertEveryMs', { get: () => 20 });
  controller.add(lock, { mtu: 23 });
  reports = [];
  // The driver's pauses shorter, its deadlines still far longer than anything takes here.
  const brisk: Clock = { ...systemClock, after: (ms, call) => systemClock.after(ms / 8, call) };
  ground = { clock: brisk, zone: utc, random, report: r => void reports.push(r), signal: never, log: silent };
  radio = radioOn({ clock: hasty });
  shared = shareRadios([radio], { clock: systemClock, log: silent });
  adverts = [];
  shared.hear(advert => advert.address === ADDRESS && adverts.push(advert));
  await untilReady(radio);
  shared.start();
});

afterEach(async () => {
  await shared.stop();
  lock.stop();
  controller.stop();
});

/** Touches the lock and waits for an advert that is newer. */
async function touched(): Promise<Advert> {
  const before = adverts.length;
  lock.hands.act('press_key');
  await until('it was heard', () => adverts.slice(before).some(advert => advert.name !== undefined));
  return adverts.at(-1) as Advert;
}

async function paired(): Promise<Credential> {
  const advert = await touched();
  const link = await shared.connect(ADDRESS, { urgency: 'person', signal: never });
  const { credential } = await ttlock.pair(link, ground, { advert }, async () => undefined);
  await link.close();
  return credential;
}

async function opened(credential: Credential): Promise<LockSession> {
  const advert = await touched();
  const link = await shared.connect(ADDRESS, { urgency: 'person', signal: never });
  return ttlock.open(link, ground, credential, advert);
}

describe('a TTLock over noble', () => {
  it('is recognised by its adverts', async () => {
    const advert = await touched();
    expect(ttlock.recognise(advert)).toMatchObject({ state: 'pairable', hardware: ADDRESS });
  });

  it('is paired', async () => {
    await paired();
    await until('it knows', () => lock.paired);
    expect(ttlock.recognise(await touched())).toMatchObject({ state: 'taken' });
  });

  it('unlocks and locks', async () => {
    const session = await opened(await paired());
    await session.act('unlock');
    const after = lock.bolt;
    await session.act('lock');
    expect([after, lock.bolt, lock.moves]).toEqual(['unlocked', 'locked', 2]);
    await session.close();
  });

  it('says its state', async () => {
    const session = await opened(await paired());
    await session.readState();
    expect(reports.at(-1)).toMatchObject({ kind: 'state', bolt: 'locked' });
    await session.close();
  });

  it('that is lost in the middle fails what waits, and a new session works', async () => {
    const credential = await paired();
    const session = await opened(credential);
    controller.onPacket = (_address, way) => (way === 'in' ? 'lose' : undefined);
    await expect(session.act('unlock')).rejects.toMatchObject({ code: 'unreachable' });
    controller.onPacket = undefined;
    await session.closed;
    const next = await opened(credential);
    await next.readState();
    await next.close();
    expect(reports.at(-1)).toMatchObject({ kind: 'state' });
  });

  it('hangs up when idle, and the session says so', async () => {
    const credential = await paired();
    const session = await opened(credential);
    lock.knobs.hangsUpIdle = 50;
    await session.readState();
    await session.closed;
    await until('the slot is free', () => shared.status()[0]?.links === 0);
    await expect(session.readState()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('survives a reset of the adapter between two sessions', async () => {
    const credential = await paired();
    const session = await opened(credential);
    await radio.reset();
    await session.closed;
    const next = await opened(credential);
    await next.act('unlock');
    expect(lock.bolt).toBe('unlocked');
    await next.close();
  });

  it('forgets us, and can be paired again', async () => {
    const credential = await paired();
    const advert = await touched();
    const link = await shared.connect(ADDRESS, { urgency: 'person', signal: never });
    await ttlock.forget(link, ground, credential, advert);
    await link.close();
    await until('it is free', () => !lock.paired);
    await paired();
    expect(lock.paired).toBe(true);
  });
});
