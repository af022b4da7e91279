// The driver and the virtual lock, each written from the specification alone, with each other.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import type { Code } from '../../../src/lock/driver.ts';
import type { Verb } from '../../../src/lock/lock.ts';
import type { Knobs } from '../../../src/sim/nuki/knobs.ts';
import { type VariantName, variants } from '../../../src/sim/nuki/variants.ts';
import { errorOf, states } from './stage.ts';
import { connect, heard, offered, opened, paired, scene, session } from './virtual.ts';

const names = Object.keys(variants) as VariantName[];
const permanent: Code = { digits: new Secret('778899'), kind: 'permanent', validity: {} };

describe.each(names)('%s', variant => {
  test('is paired, and both hold the same key', async () => {
    const at = scene({ variant });
    const { credential } = await paired(at);
    const { authId, shared } = credential.data.reveal();
    expect([at.lock.paired, at.lock.secrets.keys.get(authId as number)]).toEqual([true, shared]);
  });

  test.each([247, 23])('is locked, unlocked and unlatched over an MTU of %i', async mtu => {
    const at = await opened({ variant, mtu });
    for (const verb of ['unlock', 'lock', 'unlatch'] as Verb[]) {
      await at.clock.run(at.session.act(verb));
      const bolt = { lock: 'locked', unlock: 'unlocked', unlatch: 'unlatched' }[verb as 'lock'];
      expect(states(at.reports).at(-1)).toMatchObject({ bolt, trust: 'proven' });
    }
  });

  test('takes us off its list, with proof', async () => {
    const at = await opened({ variant });
    await at.clock.run(at.session.close());
    expect(await at.clock.run(nuki.forget(await connect(at), at.ground, at.key))).toBe('proven');
    const error = await at.clock.run(errorOf(nuki.open(await connect(at), at.ground, at.key)));
    expect([error.reason, at.lock.paired]).toEqual(['key_refused', false]);
  });

  test('gives us a new key, and takes the old one off', async () => {
    const at = await opened({ variant });
    const renewed = await at.clock.run(at.session.renewKey!(async () => undefined));
    await at.clock.run(at.session.close());
    const next = await session(at, renewed);
    await at.clock.run(next.retireKey!(at.key));
    await at.clock.run(next.close());
    const error = await at.clock.run(errorOf(nuki.open(await connect(at), at.ground, at.key)));
    expect([error.reason, at.lock.secrets.keys.size]).toEqual(['key_refused', 1]);
  });

  test('shows its settings, and keeps what is written', async () => {
    const at = await opened({ variant });
    const { settings } = at.session.abilities;
    for (const one of settings) {
      const old = await at.clock.run(at.session.settings!.read(one.name).catch(() => undefined));
      if (old === undefined || one.kind !== 'switch' || one.name === 'battery_type_itself') continue;
      await at.clock.run(at.session.settings!.write(one.name, old === false));
      expect([one.name, await at.clock.run(at.session.settings!.read(one.name))]).toEqual([one.name, old === false]);
      await at.clock.run(at.session.settings!.write(one.name, old));
    }
    expect(settings.length).toBeGreaterThan(15);
  });

  test('tells its log in order, and the time', async () => {
    const at = await opened({ variant });
    await at.clock.run(at.session.act('unlock'));
    await at.clock.run(at.session.act('lock'));
    const { records } = await at.clock.run(at.session.records!.read(0, 50));
    expect(records.filter(one => one.source === 'app').map(one => one.type)).toEqual(['unlocked', 'locked']);
    await at.clock.run(at.session.clock!.set(at.clock.now() + 60_000));
    expect(await at.clock.run(at.session.clock!.read())).toBeGreaterThan(at.clock.now() + 50_000);
  });

  test('lists us among its users', async () => {
    const at = await opened({ variant });
    const users = await at.clock.run(at.session.authorisations!.list());
    expect(users.filter(one => one.ours)).toMatchObject([{ name: 'Latchbridge', kind: 'app', enabled: true }]);
  });

  test('keeps timers', async () => {
    const at = await opened({ variant });
    const timer = { enabled: true, days: [1, 7], minute: 1350, action: 'lock' };
    const made = await at.clock.run(at.session.timers!.add(timer));
    await at.clock.run(at.session.timers!.change({ ...made, enabled: false }));
    expect(await at.clock.run(at.session.timers!.list())).toEqual([{ ...made, enabled: false }]);
    await at.clock.run(at.session.timers!.remove(made.id));
    expect(await at.clock.run(at.session.timers!.list())).toEqual([]);
  });

  test('changes its PIN', async () => {
    const at = await opened({ variant });
    const next = variants[variant].generation === 'g5' ? '246802' : '2468';
    await at.clock.run(at.session.adminCode!.set(new Secret(next)));
    expect([at.lock.pin, (await at.session.adminCode!.read())?.reveal()]).toEqual([next, next]);
  });
});

describe.each(names.filter(name => variants[name].keypad !== 'none'))('the keypad of %s', variant => {
  test('takes a code, changes it, and gives it back', async () => {
    const at = await opened({ variant });
    const { codes } = at.session;
    await at.clock.run(codes!.add(permanent));
    const limited: Code = {
      digits: new Secret('998877'),
      kind: 'cyclic',
      validity: { until: Date.UTC(2027, 0, 1) },
      weekly: [1, 5].map(day => ({ day, startMinute: 480, endMinute: 1020 })),
    };
    await at.clock.run(codes!.change!(permanent, limited));
    const [kept] = await at.clock.run(codes!.list());
    expect([kept?.digits.reveal(), kept?.kind, kept?.validity, kept?.weekly]).toEqual([
      '998877',
      'cyclic',
      limited.validity,
      limited.weekly,
    ]);
    await at.clock.run(codes!.remove(limited));
    expect(at.lock.secrets.codes).toEqual([]);
  });

  test('tells in the log whose code it was', async () => {
    const at = await opened({ variant });
    await at.clock.run(at.session.codes!.add(permanent));
    at.lock.hands.act('type_code', { value: '778899' });
    await at.clock.advance(15_000);
    const again = await session(at, at.key);
    const { records } = await at.clock.run(again.records!.read(0, 50));
    const typed = records.findLast(one => one.source === 'keypad');
    expect([typed?.ok, typed?.credential?.kind, typed?.credential?.value.reveal()]).toEqual([true, 'code', '778899']);
  });
});

describe('a lock that is unkind', () => {
  test.each([
    ['sends small pieces', { smallPieces: true }],
    ['never tells that it begins', { acceptedMissing: true }],
    ['never tells that it is done', { completeMissing: true }],
    ['tells late that it is done', { completeDelay: 1200 }],
    ['says its states twice', { statesRepeated: true }],
    ['says its state in the middle of answers', { inside: 'state' }],
    ['sends a log entry in the middle of answers', { inside: 'entry' }],
    ['sends checksums of zero', { zeroCrc: true }],
    ['calls a challenge stale', { staleChallenges: 1 }],
    ['is busy', { busy: 1 }],
    ['tells no counts', { listCounts: false }],
    ['ends no list', { listEnds: false }],
    ['ends nothing after an id', { completeAfterId: false }],
    ['fills up its log', { logPadding: 3 }],
    ['advertises for HomeKit between', { homekitAdverts: true }],
    ['says no name', { advertName: false }],
  ] as [string, Partial<Knobs>][])('and %s is used all the same', async (_, knobs) => {
    const at = await opened();
    Object.assign(at.lock.knobs, knobs);
    await at.clock.run(at.session.act('unlock'));
    await at.clock.run(at.session.codes!.add(permanent));
    expect((await at.clock.run(at.session.codes!.list())).length).toBe(1);
    const { records } = await at.clock.run(at.session.records!.read(undefined, 5));
    await at.clock.run(at.session.act('lock'));
    expect([records.length > 0, at.lock.bolt]).toEqual([true, 'locked']);
  });

  test.each([
    ['wrongCrc', { wrongCrc: 1 }],
    ['wrongSeal', { wrongSeal: 1 }],
    ['wrongAuthId', { wrongAuthId: 1 }],
  ] as [string, Partial<Knobs>][])('in its seal ends the session: %s', async (_, knobs) => {
    const at = await opened();
    await at.clock.advance(2000);
    Object.assign(at.lock.knobs, knobs);
    const error = await at.clock.run(errorOf(at.session.readState()));
    expect(error.code).toBe('malformed');
    await at.clock.run(at.session.closed);
  });

  test('and jams says so', async () => {
    const at = await opened();
    at.lock.hands.act('jam', { value: 'on' });
    const error = await at.clock.run(errorOf(at.session.act('unlock')));
    expect([error.reason, error.acted]).toEqual(['obstacle', 'maybe']);
    expect(states(at.reports).at(-1)).toMatchObject({ bolt: 'jammed' });
  });

  test.each([true, false])('about a wrong PIN is understood (sealed: %s)', async sealedPairingErrors => {
    const at = scene({ variant: 'ultra', knobs: { sealedPairingErrors } });
    const error = await at.clock.run(errorOf(paired(at, '654321')));
    expect([error.code, error.reason, at.lock.paired]).toEqual(['rejected', 'wrong_code', false]);
  });
});

test('a lock that nobody holds the button of is not paired', async () => {
  const at = scene();
  const advert = await offered(at);
  await at.clock.advance(200_000);
  const link = await connect(at);
  const work = nuki.pair(link, at.ground, { advert }, async () => undefined);
  expect((await at.clock.run(errorOf(work))).reason).toBe('not_pairable');
});

test('a beacon tells that somebody turned the lock', async () => {
  const at = await opened();
  await at.clock.run(at.session.close());
  at.lock.hands.act('thumb', { value: 'unlock' });
  const advert = await heard(at, one => nuki.recognise(one)?.wake === 'changed');
  expect(nuki.recognise(advert)).toMatchObject({ state: 'taken', hardware: at.key.data.reveal()['nukiId'] });
});
