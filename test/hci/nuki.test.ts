// A whole Nuki over the real noble: the driver on one side, the virtual lock behind the controller on the other.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { utc } from '../../src/base/zone.ts';
import { nuki } from '../../src/drivers/nuki/driver.ts';
import type { Credential, Ground, Report } from '../../src/lock/driver.ts';
import type { Advert, Radio } from '../../src/radio/radio.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { VirtualNuki } from '../../src/sim/nuki/virtual-nuki.ts';
import { installSeam, never, radioOn, until, untilReady, VirtualController } from './bench.ts';

const ADDRESS = '54:d2:72:4c:ae:fd';
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let lock: VirtualNuki;
let radio: Radio;
let shared: SharedRadios;
let adverts: Advert[];
let reports: Report[];
let ground: Ground;

async function onAir(variant: 'smart_lock_4' | 'ultra'): Promise<void> {
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  lock = new VirtualNuki({ name: 'door', address: ADDRESS, variant, clock: systemClock, random });
  // Turning the key takes a real one some seconds, which are no matter of the radio.
  lock.knobs.motorMs = 200;
  // A real one advertises four times a second while it offers itself.
  Object.defineProperty(lock, 'advertEveryMs', { get: () => 20 });
  controller.add(lock, { mtu: lock.mostMtu });
  ground = { clock: systemClock, zone: utc, random, report: r => void reports.push(r), signal: never, log: silent };
  await untilReady(radio);
  shared.start();
}

beforeEach(() => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  reports = [];
  adverts = [];
  radio = radioOn();
  shared = shareRadios([radio], { clock: systemClock, log: silent });
  shared.hear(advert => advert.address === ADDRESS && adverts.push(advert));
});

afterEach(async () => {
  await shared.stop();
  lock.stop();
  controller.stop();
});

/** Somebody holds its button, and it is heard to offer itself. */
async function offered(): Promise<Advert> {
  lock.hands.act('hold_button', { value: '5' });
  await until('it offers itself', () => adverts.some(advert => nuki.recognise(advert)?.state === 'pairable'));
  return adverts.findLast(advert => nuki.recognise(advert)?.state === 'pairable') as Advert;
}

async function paired(): Promise<Credential> {
  const advert = await offered();
  const link = await shared.connect(ADDRESS, { urgency: 'person', signal: never });
  const hint = { advert, ...(lock.pin !== undefined && { secret: new Secret(lock.pin) }) };
  const { credential } = await nuki.pair(link, ground, hint, async () => undefined);
  await link.close();
  return credential;
}

describe.each(['smart_lock_4', 'ultra'] as const)('a Nuki over noble: %s', variant => {
  it('is paired, unlocks and locks, and says its state', async () => {
    await onAir(variant);
    const credential = await paired();
    const link = await shared.connect(ADDRESS, { urgency: 'person', signal: never });
    const session = await nuki.open(link, ground, credential, adverts.at(-1) as Advert);
    await session.act('unlock');
    const after = lock.bolt;
    await session.act('lock');
    await session.close();
    expect([after, lock.bolt]).toEqual(['unlocked', 'locked']);
    expect(reports.findLast(({ kind }) => kind === 'state')).toMatchObject({ bolt: 'locked', trust: 'proven' });
  }, 20_000);
});
