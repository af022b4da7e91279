// What the page says of locks, times, signals and refusals.
import { describe, expect, test } from 'vitest';
import { isMissing, noAnswer, refusalFrom, wordsOf } from '../../src/ui/state/refusal.ts';
import { auditText, byWhom, personText } from '../../src/ui/text/audit-words.ts';
import { flowTitle, needsPerson } from '../../src/ui/text/flow-words.ts';
import {
  boltLook,
  familyName,
  happeningText,
  sessionText,
  troubleOf,
  trustText,
} from '../../src/ui/text/lock-words.ts';
import { PAIR_DBM, strengthOf } from '../../src/ui/text/signal.ts';
import { agoText, countText, minuteOf, minuteText, spanText } from '../../src/ui/text/time.ts';
import { aFlow, aLock } from './samples.ts';

describe('a lock', () => {
  test('that was asked to open says so until it answers', () => {
    expect(boltLook(aLock().state, 'unlock')).toEqual({ word: 'Unlocking …', icon: 'moving', tone: 'plain' });
  });

  test('whose state is from before a restart says that', () => {
    expect(trustText(aLock({ state: { ...aLock().state, trust: 'guessed' } }))).toBe('As of before the restart');
  });

  test('of a family that the page has never heard of is called by its word', () => {
    expect(['ttlock', 'nuki', 'pebble'].map(familyName)).toEqual(['TTLock', 'Nuki', 'Pebble']);
  });

  test('that has said nothing claims nothing', () => {
    expect(trustText(aLock({ state: { ...aLock().state, bolt: 'unknown' } }))).toBe('The lock has not said it yet');
  });

  test('that is stuck says what to do before anything else', () => {
    const lock = aLock({ state: { ...aLock().state, bolt: 'jammed', battery: 5 } });
    expect(troubleOf(lock)).toEqual({
      text: 'The bolt is stuck.',
      todo: 'Push or pull the door, then try again.',
      tone: 'bad',
    });
  });

  test('that a flow works on is in no trouble because of that', () => {
    expect(troubleOf(aLock({ lifecycle: 'suspended' }), aFlow())).toBeUndefined();
    expect(troubleOf(aLock({ lifecycle: 'suspended' }))?.text).toBe('A flow is at work on it.');
  });

  test('that was never paired waits for that, and nothing is wrong with it', () => {
    const trouble = troubleOf(aLock({ lifecycle: 'factory', generation: 0 }));
    expect(trouble).toMatchObject({ text: 'It waits to be paired.', tone: 'accent' });
    expect(sessionText(aLock({ lifecycle: 'factory', generation: 0 }))).toBe('Not paired yet');
  });

  test('that was unpaired is not said to be nobody’s: it may know others', () => {
    expect(troubleOf(aLock({ lifecycle: 'factory', generation: 1 }))?.text).toBe('It is not paired with Latchbridge.');
  });

  test('with a low battery is a warning, with a full one nothing', () => {
    const at = (battery: number) => troubleOf(aLock({ state: { ...aLock().state, battery } }))?.tone;
    expect([at(20), at(21)]).toEqual(['warn', undefined]);
  });

  test('out of reach does not claim to connect when needed', () => {
    const stats = { ...aLock().stats, open: false };
    const settings = { session: 'on_demand' as const, exposed: [] };
    const at = (reachable: boolean) => sessionText(aLock({ stats, settings, state: { ...aLock().state, reachable } }));
    expect([at(true), at(false)]).toEqual(['Connects when needed', 'Not in reach']);
  });
});

describe('a happening', () => {
  test.each([
    [
      { type: 'unlocked', source: 'keypad', ok: true, at: 0, slot: 3, person: 'Anna' },
      'Unlocked at the keypad by Anna',
    ],
    [{ type: 'unlocked', source: 'card', ok: true, at: 0, slot: 3 }, 'Unlocked with a card (slot 3)'],
    [{ type: 'auto_locked', source: 'auto', ok: true, at: 0 }, 'Locked by itself'],
    [{ type: 'locked', source: 'remote', ok: false, at: 0 }, 'Locked from here — it did not work'],
    [{ type: 'wrong_code', source: 'keypad', ok: false, at: 0 }, 'Wrong code tried at the keypad'],
    [{ type: 'locked', source: 'remote', ok: true, at: 0, person: 'login:bert' }, 'Locked from here by bert'],
    [{ type: 'locked', source: 'web', ok: true, at: 0, person: 'login:bert' }, 'Locked on this page by bert'],
    [{ type: 'locked', source: 'web', ok: true, at: 0, person: 'token:hall' }, 'Locked over the API by hall'],
  ] as const)('%o is told in words', (happening, text) => {
    expect(happeningText(happening)).toBe(text);
  });
});

describe('a line of the audit', () => {
  test('of a kind that is not known here is shown, not hidden', () => {
    expect(auditText({ what: 'moon_landed', detail: 'twice' })).toBe('Moon landed: twice');
  });

  test('of a flow says what it was and how it ended, not its number', () => {
    expect([
      auditText({ what: 'flow_started', detail: 'f-95c927f2bbfb repair' }),
      auditText({ what: 'flow_ended', detail: 'f-95c927f2bbfb succeeded' }),
    ]).toEqual(['Flow started: Pair again', 'Flow ended: Done']);
  });

  test('people of a flow have names, and the way they came where it is told', () => {
    expect(['login:anna (web)', 'cli (cli)', 'login:tom', 'somebody else'].map(personText)).toEqual([
      'anna, on the page',
      'On the command line',
      'tom',
      'somebody else',
    ]);
  });

  test('says who, and on which way', () => {
    expect([
      byWhom({ who: 'f-95c927f2bbfb', via: 'flow' }),
      byWhom({ who: 'login:anna', via: 'web' }),
      byWhom({ who: 'daemon', via: 'daemon' }),
    ]).toEqual(['In a flow', 'anna, on the page', 'By itself']);
  });
});

describe('a flow', () => {
  test('that pairs a new lock does not say again', () => {
    expect(flowTitle({ type: 'repair', reason: 'new_lock', lockName: 'box' })).toBe('Pair a new lock: box');
  });

  test('that only works needs nobody', () => {
    expect([needsPerson(aFlow()), needsPerson(aFlow({ state: 'needs_attention' }))]).toEqual([false, true]);
  });
});

describe('time', () => {
  test.each([
    [0, 'just now'],
    [9_000, 'just now'],
    [40_000, '40 s ago'],
    [5 * 60_000, '5 min ago'],
    [3 * 3600_000, '3 h ago'],
    [5 * 24 * 3600_000, '5 days ago'],
    [-30_000, 'just now'],
    [-10 * 60_000, 'in 10 min'],
  ])('%i ms ago is "%s"', (past, text) => {
    const now = 1_800_000_000_000;
    expect(agoText(now - past, now)).toBe(text);
  });

  test('is counted down to zero and not below', () => {
    expect([countText(61_000), countText(900), countText(-5)]).toEqual(['1:01', '0:01', '0:00']);
  });

  test('of day is read as it is written', () => {
    expect([minuteText(570), minuteOf('09:30'), minuteOf('24:00'), minuteOf('24:01'), minuteOf('9:60')]).toEqual([
      '09:30',
      570,
      1440,
      undefined,
      undefined,
    ]);
  });

  test('is never shorter than a second', () => {
    expect(spanText(3)).toBe('1 s');
  });
});

describe('a signal', () => {
  test('is called strong enough from the line on', () => {
    expect([strengthOf(PAIR_DBM).bars, strengthOf(PAIR_DBM - 1).bars, strengthOf(undefined).bars]).toEqual([3, 2, 0]);
  });
});

describe('a refusal', () => {
  test('says what the daemon says', () => {
    const body = {
      code: 'busy',
      reason: 'busy',
      title: 'Busy',
      detail: 'Another flow has it.',
      acted: 'no',
      status: 409,
    };
    expect(wordsOf(refusalFrom(409, body))).toBe('Another flow has it.');
  });

  test('of a proxy in between does not show its page', () => {
    expect(wordsOf(refusalFrom(502, '<html>Bad gateway</html>'))).toContain('(502)');
  });

  test('of a route that is not there is told from a lock that is not there', () => {
    const lock = {
      code: 'not_found',
      reason: 'not_found',
      title: '',
      detail: 'No such lock.',
      acted: 'no',
      status: 404,
    };
    expect([isMissing(refusalFrom(404, '')), isMissing(refusalFrom(404, lock))]).toEqual([true, false]);
  });

  test('that never came says that a command may have worked', () => {
    expect([noAnswer(true).acted, noAnswer(false).acted]).toEqual(['maybe', 'no']);
  });

  test('of another kind shows nothing of its inside', () => {
    expect(wordsOf(new TypeError('x is undefined'))).toBe(
      'Something went wrong in this page. Reload it and try again.',
    );
  });
});
