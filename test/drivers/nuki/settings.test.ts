// What is set on the lock itself: read without the PIN, written whole, read back; and what the lock is.
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../src/base/bytes.ts';
import type { SettingValue } from '../../../src/lock/lock.ts';
import { type Answers, DONE, no } from './fake-nuki.ts';
import { named } from './published.ts';
import { credential, errorOf, opened } from './stage.ts';

const CONFIG = String(named('parse_config_78').in['payload']);
/** 31 bytes: lock 'n' go 20 s, presses 1 and 5, unlatch 3 s, relock 300 s but off, no lock on close. */
const ADVANCED = [
  'd002' + '0000'.repeat(4),
  hex(Uint8Array.of(20, 1, 5, 0, 0, 1, 3)),
  '2c01' + '0000',
  hex(Uint8Array.of(22, 0, 6, 0)),
  '00000000' + 'ff' + '01',
].join('');

/** A lock that keeps what is written. */
function keeping(
  config = CONFIG,
  advanced = ADVANCED,
): { answers: Answers; kept: { config: string; advanced: string } } {
  const kept = { config, advanced };
  const answers: Answers = {
    '0014': () => [`0015 ${kept.config}`],
    '0036': () => [`0037 ${kept.advanced}`],
    '0013': body => {
      const [bytes, next] = [fromHex(body), fromHex(kept.config)];
      next.set(bytes.subarray(0, 32), 4);
      next.set(bytes.subarray(32, 45), 36);
      next.set(bytes.subarray(45, 48), 56);
      next.set(bytes.subarray(48, 53), 60);
      kept.config = hex(next);
      return [DONE];
    },
    '0035': body => ((kept.advanced = kept.advanced.slice(0, 4) + body), [DONE]),
  };
  return { answers, kept };
}

describe('a setting', () => {
  test.each([
    ['led_brightness', 3],
    ['button', true],
    ['auto_unlatch', false],
    ['fob_3', 'lock_n_go'],
    ['advertising', 'automatic'],
    ['lock_n_go_seconds', 20],
    ['single_press', 'intelligent'],
    ['double_press', 'lock_n_go'],
    ['unlatch_seconds', 3],
    ['auto_lock_seconds', 0],
    ['auto_unlock', true],
    ['night_start_minute', 22 * 60],
    ['night_end_minute', 6 * 60],
    ['locked_offset_degrees', 0],
  ] as [string, SettingValue][])('%s is read', async (name, value) => {
    const { session, clock } = await opened(keeping().answers);
    expect(await clock.run(session.settings!.read(name))).toBe(value);
  });

  test.each([
    ['led_brightness', 5],
    ['button', false],
    ['fob_1', 'intelligent'],
    ['advertising', 'slowest'],
    ['single_lock', true],
    ['pairing_button', false],
    ['lock_n_go_seconds', 60],
    ['double_press', 'show_status'],
    ['auto_lock_seconds', 600],
    ['auto_unlock', false],
    ['night_start_minute', 23 * 60 + 15],
    ['locked_offset_degrees', -90],
    ['battery_type', 'lithium'],
  ] as [string, SettingValue][])('%s is written, and nothing else with it', async (name, value) => {
    const { answers, kept } = keeping();
    const before = { ...kept };
    const { session, clock } = await opened(answers);
    const old = await clock.run(session.settings!.read(name));
    await clock.run(session.settings!.write(name, value));
    expect(await clock.run(session.settings!.read(name))).toBe(value);
    await clock.run(session.settings!.write(name, old));
    // What the lock cannot do is written as off.
    const same = {
      ...kept,
      advanced: kept.advanced.slice(0, 58) + before.advanced.slice(58, 60) + kept.advanced.slice(60),
    };
    // The time of relocking stays known while it is off.
    const due =
      name === 'auto_lock_seconds' ? { ...before, advanced: before.advanced.replace('2c01', '5802') } : before;
    expect(same).toEqual(due);
  });

  test('that the lock keeps as it was is told', async () => {
    const { session, clock } = await opened({ ...keeping().answers, '0013': [DONE] });
    expect((await clock.run(errorOf(session.settings!.write('led_brightness', 5)))).reason).toBe('not_taken');
  });

  test.each([
    ['led_brightness', 6],
    ['led_brightness', 'bright'],
    ['button', 1],
    ['fob_1', 'dance'],
    ['auto_lock_seconds', 1],
  ] as [string, SettingValue][])('%s cannot be %j', async (name, value) => {
    const { session, clock, lock } = await opened(keeping().answers);
    const error = await clock.run(errorOf(session.settings!.write(name, value)));
    expect([error.code, lock.asked]).toEqual(['invalid', []]);
  });

  test('of the fifth generation is offered by no other', async () => {
    const { session, clock } = await opened(keeping().answers);
    expect((await clock.run(errorOf(session.settings!.read('motor_speed')))).code).toBe('unsupported');
    const fifth = credential({ generation: 'g5', pin: '123456', seen: { advanced: 33 } });
    const at = await opened(keeping(CONFIG, `${ADVANCED}0201`).answers, fifth);
    expect(await at.clock.run(at.session.settings!.read('motor_speed'))).toBe('gentle');
  });

  test('of firmware that is too old is not offered', async () => {
    const { session } = await opened({}, credential({ seen: { advanced: 28 } }));
    const names = session.abilities.settings.map(one => one.name);
    expect([names.includes('night_mode'), names.includes('auto_lock_seconds')]).toEqual([true, false]);
  });

  test('that the lock only seems to have says so', async () => {
    const { session, clock } = await opened(keeping().answers);
    expect((await clock.run(errorOf(session.settings!.read('auto_lock_on_close')))).reason).toBe('unsupported');
  });

  test('after another is answered from the same message', async () => {
    const { session, clock, lock } = await opened(keeping().answers);
    for (const name of ['led', 'button', 'single_lock']) await clock.run(session.settings!.read(name));
    expect(lock.commands).toBe('?04 14');
  });

  test('of the log is its own', async () => {
    let on = 1;
    const { session, clock } = await opened({
      '0031': () => [`0033 0${on}00000000`, DONE],
      '0034': body => ((on = Number(body)), [DONE]),
    });
    expect(await clock.run(session.settings!.read('log'))).toBe(true);
    await clock.run(session.settings!.write('log', false));
    expect(await clock.run(session.settings!.read('log'))).toBe(false);
  });
});

describe('looking what a lock is', () => {
  const REPORT = '3601001400020a140613d002179a01be00';

  test('fills in what it tells, and keeps it with the key', async () => {
    const fresh = credential({ seen: {} });
    const { session, clock } = await opened({ ...keeping().answers, '0001 1100': [`0011 ${REPORT}`] }, fresh);
    const { facts, abilities } = await clock.run(session.inspect!());
    expect(facts).toMatchObject({ firmware: '5.4.6', hardware: '5.1', serial: '4CCA88EC', manufacturer: 'Nuki' });
    expect([facts.raw?.['batteryVoltage'], abilities.codes?.capacity]).toEqual(['5120 mV', 100]);
    expect(session.updated?.data.reveal()['seen']).toEqual({
      firmware: '5.4.6',
      hardware: '5.1',
      keypad: true,
      deviceType: 4,
      advanced: 31,
      door: true,
    });
  });

  test('goes on when the lock refuses each of it', async () => {
    const { session, clock, lock } = await opened({ '0014': [no(0xff)], '0036': [no(0xfe)], '0001 1100': [] });
    const { facts } = await clock.run(session.inspect!());
    expect([facts.firmware, lock.isOpen, session.updated]).toEqual(['3.7.7', true, undefined]);
  });

  test('never tells where it hangs', async () => {
    const { session, clock } = await opened(keeping().answers);
    const { facts } = await clock.run(session.inspect!());
    expect(JSON.stringify([facts, session.updated?.data.reveal()])).not.toMatch(/66483c42/);
  });
});

describe('more that a lock does', () => {
  test.each([
    ['lock_n_go', '04', ['000e 01', `000c 0206${'00'.repeat(13)}`]],
    ['fob_2', '82', ['000e 01', DONE]],
    ['full_lock', '06', [DONE]],
  ] as [string, string, string[]][])('%s is asked for by its number', async (name, code, answer) => {
    const { session, clock, lock } = await opened({ '000d': answer });
    await clock.run(session.perform!(name));
    expect(lock.asked.find(line => line.startsWith('000d'))).toBe(`000d ${code}0403020100`);
  });

  test('a calibration wants the PIN, and takes as long as it takes', async () => {
    const { session, clock, lock } = await opened({ '001a': ['000e 01', `000c 02fc${'00'.repeat(13)}`] });
    const work = session.perform!('calibrate');
    await clock.advance(60_000);
    lock.say(DONE);
    await clock.run(work);
    expect(lock.pins).toEqual(['6712']);
  });

  test('nothing else is done', async () => {
    const { session, clock, lock } = await opened();
    expect([(await clock.run(errorOf(session.perform!('dance')))).code, lock.asked]).toEqual(['unsupported', []]);
  });
});
