// The probe matrix: what a lock's answers to our keys mean together, and what a diagnosis makes of all that it found.
import { describe, expect, test } from 'vitest';
import { type Diagnosis, advise } from '../../../src/flow/steps/diagnosis.ts';
import { type Answers, readAnswers } from '../../../src/flow/steps/key-matrix.ts';
import { seeded } from '../../support/house.ts';
import { freshCode } from '../../../src/flow/steps/secrets.ts';
import { metalRekey } from '../../../src/flow/recipes/cylinder.ts';
import { makeProcedures } from '../../../src/flow/catalogue/load.ts';

const answers = (offered: boolean, live: Answers['live'], other: Answers['other'] = 'none'): Answers => ({
  offered,
  live,
  other,
});

describe('a lock', () => {
  test.each([
    ['takes our key and nothing else', answers(false, 'accepted'), undefined, 'in order'],
    ['takes our key and an old one', answers(false, 'accepted', 'accepted'), 'rekey', 'old one'],
    ['takes only a key that was given up', answers(false, 'refused', 'accepted'), 'repair', 'interrupted'],
    ['refuses all and offers itself', answers(true, 'refused', 'refused'), 'repair', 'was reset'],
    ['refuses all and offers nothing', answers(false, 'refused', 'refused'), 'reset', 'somebody else'],
    ['offers itself and takes our key', answers(true, 'accepted'), undefined, 'support bundle'],
    [
      'takes many, offers itself and takes our key',
      { ...answers(true, 'accepted'), many: true },
      undefined,
      'in order',
    ],
    ['takes many, offers itself and refuses us', { ...answers(true, 'refused'), many: true }, 'repair', 'was reset'],
    ['says nothing', answers(false, 'silent'), undefined, 'batteries'],
    ['has no key of ours', answers(false, 'none'), 'reset', 'no key'],
  ] as const)('that %s', (_what, said, flow, words) => {
    const reading = readAnswers(said);
    expect(reading.flow).toBe(flow);
    expect(`${reading.what} ${reading.next}`).toContain(words);
  });
});

describe('a diagnosis', () => {
  const well: Diagnosis = {
    parts: {},
    heard: { now: true, rssi: -60, others: 2, offered: false, twins: 0 },
    lifecycle: 'managed',
    keys: answers(false, 'accepted'),
    battery: 80,
    drift: 3,
    losses: 1,
    opens: 50,
  };

  test('of a lock that is well advises nothing', () => {
    expect(advise(well)).toEqual([]);
  });

  test('of a lock that takes many and offers itself to one more advises nothing', () => {
    expect(advise({ ...well, keys: { ...answers(true, 'accepted'), many: true } })).toEqual([]);
  });

  test.each([
    ['the adapter is down', { parts: { radio: 'It is unplugged.' } }, /adapter is not well/],
    ['only others are heard', { heard: { now: false, others: 3, offered: false, twins: 0 } }, /3 other locks/],
    [
      'nobody is heard',
      { heard: { now: false, others: 0, offered: false, twins: 0 } },
      /restart the Bluetooth adapter/,
    ],
    ['it is heard weakly', { heard: { now: true, rssi: -93, others: 0, offered: false, twins: 0 } }, /-93 dBm/],
    ['its batteries are low', { battery: 11 }, /11 %/],
    ['its clock is wrong', { drift: 7200 }, /120 minutes/],
    ['there is something of others on it', { strangers: 2 }, /2 on it were not put there/],
    ['its bolt gets stuck', { jams: 4 }, /stuck 4 times/],
    ['it loses connections', { losses: 20, opens: 50 }, /20 of 50/],
  ] as [string, Diagnosis, RegExp][])('where %s says so', (_what, more, words) => {
    expect(advise({ ...well, ...more })[0]?.text).toMatch(words);
  });

  test('of a lock that refuses our key puts that before its batteries', () => {
    const advice = advise({ ...well, keys: answers(false, 'refused', 'refused'), battery: 5 });
    expect(advice.map(({ flow }) => flow)).toEqual(['reset', undefined]);
  });
});

describe('a new code', () => {
  test('is never a run, a row, a pair or what somebody types by habit', () => {
    const random = seeded(3);
    for (let i = 0; i < 500; i++) {
      const digits = freshCode(random, { digits: 6, avoid: ['123456'] });
      expect(digits).toMatch(/^\d{6}$/);
      expect(digits).not.toMatch(/^12|^(\d{3})\1$|^(\d)\2+$/);
    }
  });

  test('avoids the public one of the model', () => {
    const wanted = freshCode(seeded(3), { digits: 6 });
    expect(freshCode(seeded(3), { digits: 6, avoid: [wanted] })).not.toBe(wanted);
  });
});

describe('the metal', () => {
  const procedures = makeProcedures();
  test.each([
    ['kwikset-smartkey-cylinder', 'smartkey', false],
    ['ttlock-v3-generic', 'pins', false],
    ['generic-unknown-lock', 'unknown', false],
  ])('of %s is told as it is', (id, cylinder, withoutOldKey) => {
    const procedure = procedures.get(id);
    expect(procedure && metalRekey(procedure)).toMatchObject({ cylinder, withoutOldKey });
  });

  test('of what clamps onto a cylinder is swapped', () => {
    const retrofit = procedures.all().find(({ form }) => form === 'retrofit');
    expect(retrofit && metalRekey(retrofit)).toMatchObject({ cylinder: 'profile', withoutOldKey: true });
  });

  test.each(procedures.all().map(one => one.id))('of %s has a sentence', id => {
    const procedure = procedures.get(id);
    expect(procedure && metalRekey(procedure).text).toMatch(/\.$/);
  });
});
