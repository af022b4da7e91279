// Somebody who has the lock's address and advert but not its key; and what may never be written down.
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { Secret, makeLog } from '../../../src/base/log.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import { OWNER_FROM, OWNER_UNTIL } from '../../../src/drivers/ttlock/dates.ts';
import { ended, frameBytes } from '../../../src/drivers/ttlock/frame.ts';
import { FACTORY_KEY, seal } from '../../../src/drivers/ttlock/seal.ts';
import { checkUserTime } from '../../../src/drivers/ttlock/wire.ts';
import { FakeLock, HEADER, KEY, OTHER_KEY, SUM, advert, credential, errorOf, logins, stage } from './fake-lock.ts';
import { opened } from './virtual.ts';

/** Everything that holds nothing secret, even in the clear: the window, an empty question, the token. */
const HARMLESS = ['55 00011f0e00630b1e0e0000000000000000', '01'];

const OWNER = { start: OWNER_FROM, end: OWNER_UNTIL, lockFlagPos: 0, uid: 0 };

/** A well-made answer around these bytes, whatever they are. */
function framed(payload: string): string {
  return `raw:${hex(ended(frameBytes(HEADER, 0x54, fromHex(payload))))}`;
}

/** Frames of a lock that only repeats, in clear or under a key that everybody knows. */
const tricks: Record<string, (lock: FakeLock) => void> = {
  'answers under the factory key': lock => (lock.key = FACTORY_KEY),
  'answers under a key of its own': lock => (lock.key = OTHER_KEY),
  'answers in clear': lock => {
    const clear = framed('55010000db7a0a0a0a0a0a0a0a0a0a0a');
    lock.answers = { '55': [clear], '01': [clear], '41': [clear], '30': [clear] };
  },
  'says nothing': lock => (lock.answers = { '55': [], '01': [], '41': [], '30': [] }),
  'speaks an older generation': lock => (lock.answers = { '55': ['raw:7f5a030255aa00000d0a'], '01': [], '30': [] }),
  'sends an empty yes': lock => (lock.answers = { '55': ['raw:7f5a0503020001000154aa00970d0a'], '01': [] }),
};

describe('an impostor that', () => {
  test.each(Object.keys(tricks))('%s learns nothing from opening', async name => {
    const lock = new FakeLock(logins);
    tricks[name]?.(lock);
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect(['unauthenticated', 'timeout', 'malformed']).toContain(error.code);
    expect(lock.asked.filter(line => !HARMLESS.includes(line))).toEqual(lock.asked.filter(line => line.endsWith('?')));
    expect(lock.commands.split(' ').filter(one => !['55', '01'].includes(one))).toEqual([]);
  });

  test.each(Object.keys(tricks))('%s is sent no reset', async name => {
    const lock = new FakeLock({ ...logins, '52': ['5201'] });
    tricks[name]?.(lock);
    const { clock, ground } = stage();
    await clock.run(errorOf(ttlock.forget(lock, ground, credential(), advert)));
    expect(lock.commands).not.toMatch(/30|41|52/);
  });

  test('echoes our own frames is not believed', async () => {
    const lock = new FakeLock({
      // The cipher text of our login, as an answer.
      '55': [framed(hex(seal(KEY, checkUserTime(OWNER).payload)))],
      '01': [],
    });
    const { clock, ground } = stage();
    const error = await clock.run(errorOf(ttlock.open(lock, ground, credential(), advert)));
    expect([error.acted, lock.commands.includes('30')]).toEqual(['no', false]);
  });
});

describe('nothing secret is written down:', () => {
  const secrets = (): string[] => [hex(KEY), '73079075', '76257105', '045b1923', '048b9751', SUM, 'db7a', '4711'];

  test('in any log at any level, or in an error', async () => {
    const lines: string[] = [];
    const log = makeLog('trace', { write: line => void lines.push(line) });
    const lock = new FakeLock({ ...logins, '14': ['14015a00'], '47': ['470008'], '03': ['030014'] });
    const { clock, ground } = stage();
    const session = await clock.run(ttlock.open(lock, { ...ground, log }, credential({ features: 'ff' }), advert));
    log.trace({ key: credential(), session: session.facts }, 'what we hold');
    const code = { digits: new Secret('4711'), kind: 'permanent', validity: {} } as const;
    const errors = [
      await clock.run(errorOf(session.act('unlock'))),
      await clock.run(errorOf(session.codes!.add(code))),
    ];
    lock.say('push:1401', 'push:25010001');
    await clock.run(session.readState());
    lock.key = OTHER_KEY;
    errors.push(await clock.run(errorOf(session.readState())));
    const all = [...lines, ...errors.flatMap(error => [error.message, String(error.cause), error.stack ?? ''])].join();
    expect(lines.length).toBeGreaterThan(0);
    expect(secrets().filter(secret => all.includes(secret))).toEqual([]);
  });

  test('in what bridges are shown of a real session', async () => {
    const { session, key, clock } = await opened();
    await clock.run(session.inspect!());
    const { aesKey, adminPs, unlockKey } = key.data.reveal();
    const all = JSON.stringify([session.facts, session.abilities, session.updated, key]);
    expect([aesKey, adminPs, unlockKey].filter(secret => all.includes(JSON.stringify(secret)))).toEqual([]);
  });
});
