// Tracing a lock: the whole of its life on the air, no secret of it in the file, and the file runs as a test.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { FrameCutter } from '../../src/drivers/ttlock/frame.ts';
import { FACTORY_KEY, unseal } from '../../src/drivers/ttlock/seal.ts';
import type { Trace } from '../../src/lock/trace.ts';
import { AUTOMATION, OWNER, failureOf } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';
import { check } from '../vectors/ttlock.ts';
import type { Vector } from '../vectors/vector.ts';

const PIN = '739164';
const CHANGED = '8502763';
const WRONG = '615243';
const ADMIN_CODE = '4938271';
const CARD = 3735928559n;

/** The secrets of one life of the lock, by what they are. */
type Secrets = Record<string, readonly Uint8Array[]>;

const text = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'latin1'));
const word = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** Every way in which bytes could stand in a text. */
function encodings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const reversed = Buffer.from(bytes.toReversed());
  const number = bytes.length === 4 ? [String(buffer.readUInt32BE()), String(buffer.readUInt32LE())] : [];
  const hexes = [buffer.toString('hex'), reversed.toString('hex')];
  return [
    ...hexes,
    ...hexes.map(one => one.toUpperCase()),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
    [...bytes].join(','),
    ...number,
    ...(/^[\x20-\x7e]+$/.test(buffer.toString('latin1')) ? [buffer.toString('latin1')] : []),
  ];
}

function secretsOf(house: House): Secrets {
  const { aesKey, adminPs, unlockKey, adminCode, codes } = house.place.lock.secrets as NonNullable<
    typeof house.place.lock.secrets
  >;
  const digits = (pin: string): Uint8Array[] => [text(pin), Uint8Array.from(pin, Number)];
  return {
    'session key': [Uint8Array.from(Buffer.from(aesKey, 'hex'))],
    'administrator number': [word(adminPs)],
    'unlock key': [word(unlockKey)],
    'administrator code': [...digits(adminCode), ...digits(ADMIN_CODE)],
    codes: [...digits(PIN), ...digits(CHANGED), ...codes.flatMap(digits)],
    'mistyped code': digits(WRONG),
    card: [word(Number(CARD))],
    address: [Uint8Array.from(Buffer.from(house.place.lock.address.replaceAll(':', ''), 'hex'))],
  };
}

interface Life {
  trace: Trace;
  secrets: Secrets[];
  /** What really went over the air, each way. */
  raw: { up: Uint8Array[]; down: Uint8Array[] };
}

/** Everything that was said, as whoever has the keys reads it, in hex; and the address, which every advert tells. */
function rawPlaintexts(raw: Life['raw'], secrets: readonly Secrets[]): string {
  const keys = [...secrets.map(one => one['session key']?.[0] as Uint8Array), FACTORY_KEY];
  const frames = [raw.up, raw.down].flatMap(pieces => new FrameCutter().feed(Buffer.concat(pieces)));
  const opened = frames.flatMap(frame => keys.map(key => unseal(key, frame.payload)));
  return [...opened, secrets[0]?.['address']?.[0]].map(plain => Buffer.from(plain ?? []).toString('hex')).join(' ');
}

/** Everything that can be done with a lock, from taking it back to wiping it. */
async function wholeLife(): Promise<Life> {
  const house = new House(makePlace({ variant: 'deadbolt' }));
  const { clock } = house;
  const { lock } = house.place;
  await house.pair();
  const secrets = [secretsOf(house)];
  const raw: Life['raw'] = { up: [], down: [] };
  house.place.air.knobs.fault = ({ kind, direction, bytes }) => {
    if (kind !== 'read' && kind !== 'subscribe') raw[direction].push(bytes.slice());
    return 'deliver';
  };
  const recording = house.traces.record({ lock: 'front_door', seconds: 600, asker: OWNER });
  await clock.advance(1000);
  const { confirm_token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
  await clock.run(house.unpairer.confirm('front_door', confirm_token, OWNER));
  lock.hands.act('press_key');
  await clock.run(house.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER));
  await clock.run(house.command('lock'));
  await clock.run(house.command('unlock'));
  const work = <T>(task: Parameters<typeof house.registry.work<T>>[2]): Promise<T> =>
    clock.run(house.registry.work('front_door', OWNER, task));
  await work(async session => {
    await session.codes?.add({ digits: new Secret(PIN), kind: 'permanent', validity: {} });
    await session.codes?.change?.(
      { digits: new Secret(PIN), kind: 'permanent', validity: {} },
      { digits: new Secret(CHANGED), kind: 'permanent', validity: {} },
    );
    await session.codes?.list();
    await session.cards?.add?.({ id: String(CARD), validity: {} });
    await session.cards?.list();
    await session.adminCode?.set(new Secret(ADMIN_CODE));
    await session.inspect?.();
    for (const one of session.abilities.settings) await session.settings?.read(one.name).catch(() => undefined);
  });
  lock.hands.act('type_code', { digits: CHANGED });
  lock.hands.act('type_code', { digits: WRONG });
  lock.hands.act('present_card', { card: String(CARD) });
  await clock.advance(2000);
  await work(async session => void (await session.records?.read(undefined, 50)));
  secrets.push(secretsOf(house));
  await clock.advance(600_000);
  const trace = await recording;
  await house.stop();
  return { trace, secrets, raw };
}

describe('a whole life of a TTLock', () => {
  let trace: Trace;
  let secrets: Secrets[];
  let raw: Life['raw'];
  beforeAll(async () => ({ trace, secrets, raw } = await wholeLife()));
  const vectors = (): Vector[] => trace.vectors as unknown as Vector[];

  test('holds every kind of message', () => {
    const asked = new Set(
      vectors().map(one => `${String(one['kind'])} ${one['cmd'] === undefined ? '' : String(one['cmd'] as string)}`),
    );
    for (const cmd of ['19', '56', '57', '41', '30', '47', '58', '03', '05', '07', '25', '52', '65', '53']) {
      expect(asked).toContain(`request ${cmd}`);
    }
    for (const kind of ['advert ', 'reply ', 'push ']) expect(asked).toContain(kind);
    expect(trace.meta['unread']).toEqual([]);
  });

  test('runs as a test without a mismatch', async () => {
    const found = await Promise.all(vectors().map(check));
    expect(found.flat()).toEqual([]);
  });

  test('holds no secret of either pairing, however it is written', () => {
    const all = JSON.stringify(trace);
    const leaked = secrets.flatMap(one =>
      Object.entries(one).flatMap(([what, values]) =>
        values.flatMap(encodings).flatMap(found => (all.includes(found) ? [`${what}: ${found}`] : [])),
      ),
    );
    expect(leaked).toEqual([]);
  });

  test('which all were on the air', () => {
    const plain = rawPlaintexts(raw, secrets);
    const missing = Object.entries(secrets[1] as Secrets).filter(
      ([, values]) => !values.flatMap(encodings).some(found => plain.includes(found)),
    );
    expect(missing.map(([what]) => what)).toEqual([]);
  });

  test('no frame opens under a real key', () => {
    const keys = secrets.map(one => one['session key']?.[0] as Uint8Array);
    const frames = vectors().flatMap(one => (typeof one['frame'] === 'string' ? [one['frame']] : []));
    const payloads = frames.flatMap(frame => new FrameCutter().feed(Buffer.from(frame, 'hex'))).map(one => one.payload);
    // One wrong key in 256 passes the padding; what comes out then is noise.
    const opened = payloads.filter(one => one.length > 0 && keys.some(key => unseal(key, one) !== undefined));
    expect(payloads.length).toBeGreaterThan(60);
    expect(opened.length).toBeLessThan(payloads.length / 10);
  });

  test('the same secret has the same stand-in, another one another', () => {
    const pins = vectors().filter(one => one['cmd'] === '03' && one['kind'] === 'request');
    const [added, changed] = pins.map(one => Buffer.from(String(one['payload']), 'hex').toString('latin1'));
    expect(added?.slice(3, 9)).toMatch(/^\d{6}$/);
    expect(changed?.slice(3, 9)).toBe(added?.slice(3, 9));
    expect(changed?.slice(10, 17)).toMatch(/^\d{7}$/);
  });

  test('a byte changed in it is noticed', async () => {
    const reply = vectors().findLast(one => one['kind'] === 'reply') as Vector;
    const frame = String(reply['frame']);
    const other = `${frame.slice(0, 30)}${frame[30] === '0' ? '1' : '0'}${frame.slice(31)}`;
    expect(await check({ ...reply, frame: other })).not.toEqual([]);
  });

  test('npm run vectors takes the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchbridge-trace-'));
    const file = join(folder, 'ttlock-front_door.trace.json');
    writeFileSync(file, JSON.stringify(trace));
    const out = execFileSync('npm', ['run', '-s', 'vectors', '--', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(out).toMatch(/ 0 do not/);
  });
});

describe('tracing', () => {
  test('is for owners', async () => {
    const house = new House(makePlace());
    await house.pair();
    const order = { lock: 'front_door', seconds: 5, asker: AUTOMATION };
    expect(await failureOf(house.traces.record(order))).toMatchObject({ code: 'forbidden' });
  });

  test('ends early when told, and then another can begin', async () => {
    const house = new House(makePlace());
    await house.pair();
    const order = { lock: 'front_door', seconds: 500, asker: OWNER };
    const first = house.traces.record(order);
    expect(await failureOf(house.traces.record(order))).toMatchObject({ code: 'busy' });
    const began = house.clock.elapsed();
    expect(house.traces.end('front_door')).toBe(true);
    await house.clock.run(first);
    expect(house.clock.elapsed() - began).toBeLessThan(1000);
    expect(house.traces.end('front_door')).toBe(false);
  });

  test('leaves nothing behind: no timer and no ear', async () => {
    const house = new House(makePlace());
    await house.pair();
    await house.clock.advance(60_000);
    const before = house.clock.armed;
    const gone = new AbortController();
    const recording = house.traces.record({ lock: 'front_door', seconds: 500, asker: OWNER, signal: gone.signal });
    gone.abort();
    await house.clock.run(recording);
    expect(house.clock.armed).toBe(before);
  });

  test('hears a session that was open before', async () => {
    const house = new House(makePlace(), { settings: { session: 'held' } });
    await house.pair();
    await house.clock.advance(20_000);
    const recording = house.traces.record({ lock: 'front_door', seconds: 10, asker: OWNER });
    await house.clock.advance(10_000);
    const { vectors } = await recording;
    expect(vectors.length).toBeGreaterThan(6);
  });
});
