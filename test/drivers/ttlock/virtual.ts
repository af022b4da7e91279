// The driver with a virtual lock on an air, in virtual time.
import { AirRadio } from '../../../src/demo/air-radio.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { silent } from '../../../src/base/log.ts';
import { type Zone, utc } from '../../../src/base/zone.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import type { Credential, Ground, LockSession, Report } from '../../../src/lock/driver.ts';
import type { Advert, Link } from '../../../src/radio/radio.ts';
import { Air } from '../../../src/sim/air.ts';
import type { Knobs } from '../../../src/sim/ttlock/knobs.ts';
import type { VariantName } from '../../../src/sim/ttlock/variants.ts';
import { VirtualTTLock, type VirtualTTLockOptions } from '../../../src/sim/ttlock/virtual-ttlock.ts';

const ADDRESS = 'F2:C1:AD:4C:AE:FD';

export interface Scene {
  clock: VirtualClock;
  air: Air;
  radio: AirRadio;
  lock: VirtualTTLock;
  ground: Ground;
  reports: Report[];
  /** What was handed to `keep`, oldest first. */
  kept: Credential[];
}

export interface SceneOptions {
  variant?: VariantName;
  knobs?: Partial<Knobs>;
  zone?: Zone;
  lock?: Partial<VirtualTTLockOptions>;
}

export function scene(options: SceneOptions = {}): Scene {
  const clock = new VirtualClock();
  const random = seeded(7);
  const air = new Air({ clock, random, mtu: 23 });
  const lock = new VirtualTTLock({
    name: 'door',
    address: ADDRESS,
    variant: options.variant ?? 'deadbolt',
    clock,
    random,
    knobs: options.knobs ?? {},
    ...options.lock,
  });
  air.add(lock);
  const reports: Report[] = [];
  const ground: Ground = {
    clock,
    zone: options.zone ?? utc,
    random: seeded(99),
    report: report => void reports.push(report),
    signal: new AbortController().signal,
    log: silent,
  };
  return { clock, air, radio: new AirRadio(air), lock, ground, reports, kept: [] };
}

/** Wakes the lock and waits for an advert of it. */
export async function heard({ clock, air, lock }: Scene): Promise<Advert> {
  lock.hands.act('press_key');
  let stop: () => void = () => undefined;
  const advert = await clock.run(new Promise<Advert>(resolve => (stop = air.scan(resolve))));
  stop();
  return advert;
}

export function connect({ clock, radio, ground }: Scene): Promise<Link> {
  return clock.run(radio.connect(ADDRESS, ground.signal));
}

export async function paired(at: Scene): Promise<Credential> {
  const advert = await heard(at);
  const link = await connect(at);
  const keep = async (credential: Credential): Promise<void> => void at.kept.push(credential);
  const { credential } = await at.clock.run(ttlock.pair(link, at.ground, { advert }, keep));
  await at.clock.run(link.close());
  return credential;
}

export async function session(at: Scene, credential: Credential): Promise<LockSession> {
  const advert = await heard(at);
  const link = await connect(at);
  return at.clock.run(ttlock.open(link, at.ground, credential, advert));
}

/** A paired lock and an open session. */
export async function opened(options: SceneOptions = {}): Promise<Scene & { session: LockSession; key: Credential }> {
  const at = scene(options);
  const key = await paired(at);
  return { ...at, key, session: await session(at, key) };
}

/** The same bytes each run. */
function seeded(seed: number): (bytes: number) => Uint8Array {
  let state = seed;
  return count =>
    Uint8Array.from({ length: count }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 8) & 0xff;
    });
}
