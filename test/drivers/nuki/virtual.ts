// The driver with a virtual lock on an air, in virtual time.
import { silent } from '../../../src/base/log.ts';
import { Secret } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { utc } from '../../../src/base/zone.ts';
import { AirRadio } from '../../../src/demo/air-radio.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import type { Credential, Ground, LockSession, Paired, Report } from '../../../src/lock/driver.ts';
import type { Advert, Link } from '../../../src/radio/radio.ts';
import { Air } from '../../../src/sim/air.ts';
import type { Knobs } from '../../../src/sim/nuki/knobs.ts';
import type { VariantName } from '../../../src/sim/nuki/variants.ts';
import { VirtualNuki } from '../../../src/sim/nuki/virtual-nuki.ts';

const ADDRESS = '54:D2:72:CA:88:EC';

export interface Scene {
  clock: VirtualClock;
  air: Air;
  radio: AirRadio;
  lock: VirtualNuki;
  ground: Ground;
  reports: Report[];
  /** What was handed to `keep`, oldest first. */
  kept: Credential[];
}

export interface SceneOptions {
  variant?: VariantName;
  knobs?: Partial<Knobs>;
  mtu?: number;
}

export function scene(options: SceneOptions = {}): Scene {
  const clock = new VirtualClock();
  const air = new Air({ clock, random: seeded(7), mtu: options.mtu ?? 247 });
  const lock = new VirtualNuki({
    name: 'door',
    address: ADDRESS,
    variant: options.variant ?? 'smart_lock_4',
    clock,
    random: seeded(11),
    knobs: options.knobs ?? {},
  });
  air.add(lock);
  const reports: Report[] = [];
  const ground: Ground = {
    clock,
    zone: utc,
    random: seeded(99),
    report: report => void reports.push(report),
    signal: new AbortController().signal,
    log: silent,
  };
  return { clock, air, radio: new AirRadio(air), lock, ground, reports, kept: [] };
}

/** Holds the button and waits for the offer. */
export async function offered(at: Scene): Promise<Advert> {
  at.lock.hands.act('hold_button', { value: 6 });
  return heard(at, advert => nuki.recognise(advert)?.state === 'pairable');
}

export async function heard({ clock, air }: Scene, isIt: (advert: Advert) => boolean): Promise<Advert> {
  let stop: () => void = () => undefined;
  const found = new Promise<Advert>(resolve => {
    stop = air.scan(advert => {
      if (isIt(advert)) resolve(advert);
    });
  });
  const advert = await clock.run(found);
  stop();
  return advert;
}

export function connect({ clock, radio, ground }: Scene): Promise<Link> {
  return clock.run(radio.connect(ADDRESS.toLowerCase(), ground.signal));
}

export async function paired(at: Scene, pin = '123456'): Promise<Paired> {
  const advert = await offered(at);
  const link = await connect(at);
  const keep = async (credential: Credential): Promise<void> => void at.kept.push(credential);
  const made = await at.clock.run(nuki.pair(link, at.ground, { advert, secret: new Secret(pin) }, keep));
  await at.clock.run(link.close());
  return made;
}

export async function session(at: Scene, credential: Credential): Promise<LockSession> {
  const link = await connect(at);
  return at.clock.run(nuki.open(link, at.ground, credential));
}

/** A paired lock, and an open session that knows its PIN and what it has. */
export async function opened(options: SceneOptions = {}): Promise<Scene & { session: LockSession; key: Credential }> {
  const at = scene(options);
  const { credential } = await paired(at);
  const first = await session(at, credential);
  const pin = at.lock.secrets.pin;
  if (pin !== undefined) await at.clock.run(first.adminCode!.tell!(new Secret(pin)));
  await at.clock.run(first.inspect!());
  const key = first.updated ?? credential;
  await at.clock.run(first.close());
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
