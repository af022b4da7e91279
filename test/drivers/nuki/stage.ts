// What a driver's test needs around it: virtual time, seeded chance, and a place for reports.
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { utc } from '../../../src/base/zone.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import type { Credential, Ground, Json, LockSession, Report } from '../../../src/lock/driver.ts';
import type { Advert } from '../../../src/radio/radio.ts';
import { AUTH_ID, type Answers, FakeNuki, KEY } from './fake-nuki.ts';

export interface Stage {
  clock: VirtualClock;
  ground: Ground;
  reports: Report[];
  stop: AbortController;
}

/** Shortly after what the lock's clock shows in its states, unless a test says otherwise. */
export function stage(at: number = Date.UTC(2026, 0, 15, 20, 30, 50)): Stage {
  const clock = new VirtualClock(at);
  const reports: Report[] = [];
  const stop = new AbortController();
  let drawn = 0;
  const ground: Ground = {
    clock,
    zone: utc,
    random: count => Uint8Array.from({ length: count }, () => (++drawn * 7) & 0xff),
    report: report => void reports.push(report),
    signal: stop.signal,
    log: silent,
  };
  return { clock, ground, reports, stop };
}

/** What the lock said of its state, without round trips. */
export function states(reports: readonly Report[]): Report[] {
  return reports.filter(report => report.kind !== 'roundTrip');
}

const service = (short: string): string => `a92e${short}550111e4916c0800200c9a66`;
const plain: Advert = {
  address: '54:d2:72:ca:88:ec',
  addressType: 'public',
  connectable: true,
  name: 'Nuki_4CCA88EC',
  services: [],
  rssi: -60,
  at: 0,
};
const data = fromHex('4cca88ec');
export const offers = {
  g4: { ...plain, serviceData: new Map([[service('e100'), data]]) },
  g5: { ...plain, serviceData: new Map([[service('e300'), data]]) },
} satisfies Record<string, Advert>;

export function credential(change: Record<string, Json> = {}): Credential {
  const key: Record<string, Json> = {
    address: plain.address,
    nukiId: '4cca88ec',
    generation: 'g4',
    shared: hex(KEY),
    authId: AUTH_ID,
    uuid: '8127d49a5f985c4483884720b3061453',
    appId: 0x01020304,
    idType: 'app',
    name: 'Latchbridge',
    pin: '4711',
    wrongPins: 0,
    status: 'committed',
    seen: { firmware: '3.7.7', hardware: '5.1', deviceType: 4, keypad: true, door: true, advanced: 31 },
    ...change,
  };
  return { family: 'nuki', data: new Secret(key) };
}

/** The same without one field. */
export function without(name: string): Credential {
  const { [name]: _, ...rest } = credential().data.reveal();
  return { family: 'nuki', data: new Secret(rest) };
}

export interface Opened extends Stage {
  lock: FakeNuki;
  session: LockSession;
}

export async function opened(answers: Answers = {}, key: Credential = credential()): Promise<Opened> {
  const at = stage();
  const lock = new FakeNuki(answers, key.data.reveal()['generation'] === 'g5' ? 'g5' : 'g4');
  const session = await at.clock.run(nuki.open(lock, at.ground, key));
  lock.asked.length = 0;
  at.reports.length = 0;
  return { ...at, lock, session };
}

/** The error of a rejected promise; fails when it does not reject. */
export async function errorOf(work: Promise<unknown>): Promise<LockError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof LockError) return thrown;
    throw thrown;
  }
  throw new RangeError('It was expected to fail.');
}
