// What the forms of the page send.
import { describe, expect, test } from 'vitest';
import { freeSlot, termsOf, timesText, titleOf } from '../../src/ui/views/lock/credentials.ts';
import { timerOf, timerText } from '../../src/ui/views/lock/timer-request.ts';
import { inOrder, nameFrom, stateLook } from '../../src/ui/views/nearby/candidates.ts';
import { firstOf, groupsOf } from '../../src/ui/views/home/sorting.ts';
import { checklist, isReady } from '../../src/ui/views/start/checklist.ts';
import { shownValue, typedValue, valueOf } from '../../src/ui/views/system/config-value.ts';
import { loginChange, newLogin, newToken } from '../../src/ui/views/system/login-request.ts';
import { aCode, aLock } from './samples.ts';

describe('a credential', () => {
  test('gets the first slot that nobody has', () => {
    const taken = [aCode({ slot: 1 }), aCode({ slot: 3 })];
    expect([freeSlot(taken, 5), freeSlot(taken, 1), freeSlot([], 3)]).toEqual([2, undefined, 1]);
  });

  test('whose end is before its beginning is not sent', () => {
    expect(termsOf({ from: '2027-02-01T10:00', until: '2027-01-01T10:00' })).toEqual({
      problem: 'The end is before the beginning. Look at the two times again.',
    });
  });

  test('of some days of the week gets a window for each', () => {
    expect(termsOf({ 'day-1': 'on', 'day-7': 'on', 'hours-from': '08:00', 'hours-until': '' })).toEqual({
      terms: {
        weekly: [
          { day: 1, startMinute: 480, endMinute: 1440 },
          { day: 7, startMinute: 480, endMinute: 1440 },
        ],
      },
    });
  });

  test('of nobody that we know says so', () => {
    expect(titleOf(aCode({ known: false }))).toBe('Code 1, set by somebody else');
  });

  test('says on which days it opens', () => {
    const hours = { startMinute: 540, endMinute: 600 };
    const weekly = [
      { day: 2, ...hours },
      { day: 5, ...hours },
      { day: 6, startMinute: 0, endMinute: 60 },
    ];
    expect(timesText(aCode({ weekly }))).toBe('Tue, Fri 09:00–10:00; Sat 00:00–01:00');
  });
});

describe('a time of day', () => {
  test('is said in words and sent as the lock wants it', () => {
    const timer = timerOf({ action: 'lock', at: '22:15', 'day-1': 'on', 'day-5': 'on', enabled: 'on' });
    expect(timer).toEqual({ action: 'lock', days: [1, 5], minute: 1335, enabled: true });
    expect(timer && timerText(timer)).toBe('Lock at 22:15, Mon, Fri');
  });

  test.each([{ at: '22:15' }, { at: '', 'day-1': 'on' }, { at: '24:00', 'day-1': 'on' }])('%o is not sent', fields => {
    expect(timerOf(fields)).toBeUndefined();
  });
});

describe('nearby', () => {
  const candidate = (address: string, state: 'ours' | 'pairable' | 'taken') => {
    return { address, state, family: 'ttlock', model: 'X', kind: 'lock' as const, rssi: -50, heardAt: 0 };
  };

  test('nothing moves when a signal changes', () => {
    const seen = new Map<string, number>();
    inOrder([candidate('b', 'pairable'), candidate('a', 'pairable')], seen);
    const again = inOrder([candidate('a', 'pairable'), candidate('b', 'pairable')], seen);
    expect(again.map(({ address }) => address)).toEqual(['b', 'a']);
  });

  test('what can be paired stands first', () => {
    const all = [candidate('a', 'ours'), candidate('b', 'taken'), candidate('c', 'pairable')];
    expect(inOrder(all, new Map()).map(({ address }) => address)).toEqual(['c', 'b', 'a']);
  });

  test('the advice of the daemon is shown before our own', () => {
    expect(stateLook({ ...candidate('a', 'taken'), advice: 'Press the button.' }).why).toBe('Press the button.');
  });

  test.each([
    ['Front Door', 'front_door'],
    ['  Tür 3!', 'tur_3'],
    ['…', ''],
    ['a'.repeat(70), 'a'.repeat(64)],
  ])('"%s" becomes the name "%s"', (text, name) => {
    expect(nameFrom(text)).toBe(name);
  });
});

describe('home', () => {
  const locks = [
    aLock({ id: '1', name: 'b', unit: { id: 'u10', name: 'Flat 10' } }),
    aLock({ id: '2', name: 'a', unit: { id: 'u10', name: 'Flat 10' }, state: { ...aLock().state, bolt: 'unlocked' } }),
    aLock({ id: '3', name: 'c', unit: { id: 'u2', name: 'Flat 2' }, lifecycle: 'orphaned' }),
  ];
  const names = (text: string, filter: 'all' | 'open' | 'trouble'): string[][] =>
    groupsOf(locks, { text, filter }).map(group => group.locks.map(({ name }) => name));

  test('stands in the order of its units, numbers as numbers', () => {
    expect(names('', 'all')).toEqual([['c'], ['a', 'b']]);
  });

  test('finds by all words that were typed', () => {
    expect([names('flat 10', 'all'), names('flat zoo', 'all')]).toEqual([[['a', 'b']], []]);
  });

  test('begins with so many locks as there is room for', () => {
    const groups = groupsOf(locks, { text: '', filter: 'all' });
    const shown = (room: number) => firstOf(groups, room).map(group => group.locks.map(({ name }) => name));
    expect([shown(2), shown(9)]).toEqual([
      [['c'], ['a']],
      [['c'], ['a', 'b']],
    ]);
  });

  test('shows what is not locked, or what is in trouble', () => {
    expect([names('', 'open'), names('', 'trouble')]).toEqual([[['a']], [['c']]]);
  });
});

describe('the first steps', () => {
  const health = (ok: boolean) => {
    const part = (name: string) => ({ name, ok, text: name });
    return { ready: true, version: '1', startedAt: 0, parts: ['radio', 'mqtt', 'recovery_code'].map(part) };
  };

  test('are done although nobody uses MQTT', () => {
    const steps = checklist({
      health: { ...health(true), parts: [{ name: 'mqtt', ok: false, text: 'No broker.' }] },
      locks: 1,
    });
    expect(isReady(steps)).toBe(true);
  });

  test('are not done without a lock', () => {
    expect(isReady(checklist({ health: health(true), locks: 0 }))).toBe(false);
  });

  test('are not done without Bluetooth', () => {
    expect(isReady(checklist({ health: health(false), locks: 1 }))).toBe(false);
  });
});

describe('a login', () => {
  const anna = { id: 'l1', name: 'Anna', role: 'technician' as const, password: true, made: 0, units: ['Flat 1'] };

  test('of a technician has units, of anybody else none', () => {
    const fields = { name: ' Anna ', units: 'Flat 1, Flat 2,', password: 'x' };
    expect([
      newLogin({ ...fields, role: 'technician' }),
      newLogin({ ...fields, role: 'owner', until: '2027-01-01T10:00' }),
    ]).toEqual([
      { name: 'Anna', role: 'technician', password: 'x', units: ['Flat 1', 'Flat 2'] },
      { name: 'Anna', role: 'owner', password: 'x' },
    ]);
  });

  test('that stops being a technician loses the units', () => {
    expect(loginChange({ role: 'manager', password: '' }, anna)).toEqual({ role: 'manager', units: null });
  });

  test('of a program reaches one lock where one was chosen', () => {
    expect(newToken({ name: 'x', role: 'viewer', lock: 'abc' })).toEqual({ name: 'x', role: 'viewer', locks: ['abc'] });
  });
});

describe('a setting', () => {
  test.each([
    ['true', 'boolean', 'on'],
    ['false', 'boolean', 'off'],
    ['', 'string', 'not set'],
    ['5540', 'number', '5540'],
    ['[{"device":"hci0"},{"address":"00:1a:7d:da:71:13"}]', 'list', 'hci0, 00:1a:7d:da:71:13'],
    ['[]', 'list', 'none'],
  ] as const)('%s of the kind %s is shown as "%s"', (value, kind, text) => {
    expect(shownValue(value, kind)).toBe(text);
  });

  test('is sent in the kind that it has', () => {
    expect([valueOf('5', 'number'), valueOf('', 'number'), valueOf('a, b', 'list'), valueOf(' x ', 'string')]).toEqual([
      5,
      '',
      ['a', 'b'],
      'x',
    ]);
    expect([valueOf('on', 'boolean'), valueOf(undefined, 'boolean'), valueOf(' p ', 'secret')]).toEqual([
      true,
      false,
      ' p ',
    ]);
  });

  test('that is secret is in no field', () => {
    expect(typedValue('•••', 'secret')).toBe('');
  });
});
