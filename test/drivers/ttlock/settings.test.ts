// Settings, clock, facts and kinds of an open session with a virtual lock.
import { describe, expect, test } from 'vitest';
import { makeZone } from '../../../src/base/zone.ts';
import { errorOf } from './fake-lock.ts';
import { opened } from './virtual.ts';

const JULY = Date.UTC(2026, 6, 1, 12);

describe('settings', () => {
  test.each([
    ['auto_lock_seconds', 30],
    ['sound', false],
    ['volume', 3],
    ['show_pin', false],
    ['remote_unlock', true],
    ['freeze', true],
    ['lamp_seconds', 12],
    ['passage_mode', true],
    ['tamper_alarm', true],
    ['reset_button', false],
    ['privacy_lock', true],
    ['direction', 'right'],
    ['direction', 'left'],
  ] as const)('%s is written and read back as %j', async (name, value) => {
    const { session, clock } = await opened();
    await clock.run(session.settings!.write(name, value));
    expect(await clock.run(session.settings!.read(name))).toBe(value);
  });

  test('of the switches leave each other alone', async () => {
    const { session, clock } = await opened();
    const settings = session.settings as NonNullable<typeof session.settings>;
    const before = await clock.run(settings.read('tamper_alarm'));
    await clock.run(settings.write('direction', 'left'));
    await clock.run(settings.write('direction', 'right'));
    expect(await clock.run(settings.read('tamper_alarm'))).toBe(before);
  });

  test('switch passage mode off again', async () => {
    const { session, clock } = await opened();
    await clock.run(session.settings!.write('passage_mode', true));
    await clock.run(session.settings!.write('passage_mode', false));
    expect(await clock.run(session.settings!.read('passage_mode'))).toBe(false);
  });

  test.each([
    ['auto_lock_seconds', 100_000],
    ['auto_lock_seconds', true],
    ['sound', 1],
    ['direction', 'up'],
  ])('out of range never leave us: %s %j', async (name, value) => {
    const { session, clock } = await opened();
    expect((await clock.run(errorOf(session.settings!.write(name, value)))).code).toBe('invalid');
  });

  test('that a lock lacks are not offered', async () => {
    const { session, clock } = await opened({ variant: 'padlock' });
    expect(session.abilities.settings.map(one => one.name)).not.toContain('direction');
    expect((await clock.run(errorOf(session.settings!.read('direction')))).code).toBe('unsupported');
  });

  test('cover what the features of the deadbolt promise', async () => {
    const { session } = await opened();
    expect(session.abilities.settings.map(one => one.name)).toEqual([
      'auto_lock_seconds',
      'sound',
      'volume',
      'show_pin',
      'remote_unlock',
      'freeze',
      'lamp_seconds',
      'passage_mode',
      'tamper_alarm',
      'reset_button',
      'privacy_lock',
      'direction',
    ]);
  });
});

describe('the clock', () => {
  test.each(['UTC', 'America/St_Johns'])('is set and read in the wall time of %s', async name => {
    const { session, clock } = await opened({ zone: makeZone(name) });
    await clock.run(session.clock!.set(JULY));
    expect(Math.abs((await clock.run(session.clock!.read())) - JULY)).toBeLessThan(2000);
  });

  test('can be set on a lock that has lost it', async () => {
    const { session, clock, lock } = await opened();
    lock.wall = Date.UTC(2000, 0, 1);
    await clock.run(session.clock!.set(clock.now()));
    expect(Math.abs(lock.wall - clock.now())).toBeLessThan(2000);
    await clock.run(session.act('unlock'));
  });
});

describe('inspecting', () => {
  test('fills in what the lock says of itself', async () => {
    const { session, clock } = await opened();
    const { facts, abilities } = await clock.run(session.inspect!());
    expect(facts).toMatchObject({ model: 'SN138-BL02_PV53', hardware: '1.3', firmware: '6.0.21.210519' });
    expect(abilities.kind).toBe('deadbolt');
    expect(session.facts).toEqual(facts);
  });

  test('keeps the administrator code in the key and nowhere else', async () => {
    const { session, clock, lock } = await opened();
    const { facts } = await clock.run(session.inspect!());
    const pin = lock.secrets?.adminCode as string;
    expect(session.updated?.data.reveal()['adminPin']).toBe(pin);
    expect(JSON.stringify([facts, session.updated])).not.toContain(pin);
  });

  test.each([{ refuse: [0x90, 0x65, 0x36, 0x01] }, { needLogin: [0x01, 0x90] }])('tolerates %j', async knobs => {
    const { session, clock, lock } = await opened();
    Object.assign(lock.knobs, knobs);
    await clock.run(session.inspect!());
    await clock.run(session.readState());
    expect(session.abilities.kind).toBe('deadbolt');
  });
});

describe('kinds of locks', () => {
  test.each([
    ['deadbolt', 'deadbolt', ['lock', 'unlock'], 'settable'],
    ['lever', 'lever', ['lock', 'unlock'], 'mechanical'],
    ['cylinder', 'cylinder', ['lock', 'unlock'], 'mechanical'],
    ['padlock', 'padlock', ['unlock'], 'none'],
    ['key_box', 'key_box', ['unlock'], 'none'],
  ] as const)('%s', async (variant, kind, verbs, orientation) => {
    const { session } = await opened({ variant });
    expect([session.abilities.kind, session.abilities.verbs, session.abilities.orientation]).toEqual([
      kind,
      verbs,
      orientation,
    ]);
  });

  test('a key box opens and is closed by hand', async () => {
    const { session, clock, lock } = await opened({ variant: 'key_box' });
    await clock.run(session.act('unlock'));
    expect(lock.bolt).toBe('unlocked');
    expect((await clock.run(errorOf(session.act('lock')))).code).toBe('unsupported');
  });
});
