// settings, card, finger, log, phone, revoke-keys and admin-code, typed at a terminal.
import { describe, expect, test } from 'vitest';
import { ABILITIES, lockView } from '../bridge/web/fake-parts.ts';
import { useKit } from './kit.ts';

const kit = useKit();
const NUMBER = '3137429908';
const WEEKLY = 'mon-tue 08:00-17:00';

function withReaders(): void {
  kit.daemon.locks = [lockView({ abilities: ABILITIES })];
}

describe('settings', () => {
  test('asks a lock that has not said them yet, and shows what each can be', async () => {
    withReaders();
    expect(await kit.type('settings front_door')).toBe(0);
    expect(kit.daemon.workbench.done).toMatchObject([{ what: 'read' }]);
    expect(kit.io.outs).toEqual([
      'SETTING            VALUE  CAN BE       WHAT',
      'auto_lock_seconds  5      0 to 900 s   Lock again after',
      'sound              on     on, off      Sound',
      'volume             4      1 to 5       Volume',
      'direction          left   left, right  Opens to the',
    ]);
    await kit.type('settings front_door');
    expect(kit.daemon.workbench.done).toHaveLength(1);
    await kit.type('settings front_door --refresh');
    expect(kit.daemon.workbench.done).toHaveLength(2);
  });

  test('shows one, and sets it', async () => {
    withReaders();
    await kit.type('settings front_door sound');
    expect(await kit.type('settings front_door sound off')).toBe(0);
    await kit.type('settings front_door sound --json');
    expect(kit.io.outs).toEqual([
      'on',
      'front_door: sound is off.',
      '{"name":"sound","label":"Sound","kind":"switch","value":false}',
    ]);
  });

  test('refuses what cannot be, saying what can', async () => {
    withReaders();
    expect(await kit.type('settings front_door volume 9')).toBe(1);
    expect(kit.io.errs).toEqual(['"volume" can be a whole number from 1 to 5.']);
    expect(kit.daemon.workbench.done).toEqual([]);
  });

  test('of a lock that has none says so', async () => {
    expect(await kit.type('settings front_door')).toBe(0);
    expect(kit.io.outs).toEqual(['front_door has nothing that can be set.']);
  });
});

describe.each(['card', 'finger'] as const)('%s', kind => {
  test('enrol tells the person what to do and prints where it is', async () => {
    withReaders();
    let come = (): void => undefined;
    const { person } = kit.daemon.tokens;
    kit.daemon.tokens.person = async step => {
      await new Promise<void>(resolve => (come = resolve));
      await person(step);
      // The news is on its way before the answer is.
      await kit.io.until(all => all.includes('taken'));
    };
    const done = kit.typeRaw(kind, 'front_door', 'enrol', '--person', 'Ada', '--data', kit.folder);
    await kit.io.until(all => all.includes('Waiting up to 60 s'));
    while (kit.daemon.tokens.done.length === 0) await new Promise(resolve => setImmediate(resolve));
    come();
    expect(await done).toBe(0);
    expect(kit.io.errs.at(-1)).toBe(`The lock has taken the ${kind}.`);
    expect(kit.io.outs).toEqual([`front_door: ${kind} 1 is on the lock.`]);
    expect(kit.daemon.tokens.done).toMatchObject([{ request: { person: 'Ada' } }]);
  });

  test('validity, list and remove', async () => {
    withReaders();
    await kit.type(`${kind} front_door enrol 2 --json`);
    const hours = ['--from', '2026-05-11 08:00', '--weekly', WEEKLY];
    expect(await kit.typeRaw(kind, 'front_door', 'validity', '2', ...hours, '--data', kit.folder)).toBe(0);
    expect(kit.daemon.tokens.done.at(-1)).toMatchObject({
      slot: 2,
      request: { from: Date.UTC(2026, 4, 11, 8), weekly: [{ day: 1 }, { day: 2, startMinute: 480, endMinute: 1020 }] },
    });
    await kit.type(`${kind} front_door list`);
    expect(kit.io.outs.slice(-2)).toEqual([
      'SLOT  STATE        FROM                 UNTIL  HOURS                PERSON',
      '2     on the lock  2026-05-11 08:00:00  -      mon-tue 08:00-17:00  -',
    ]);
    expect(await kit.type(`${kind} front_door remove 2`)).toBe(0);
    await kit.type(`${kind} front_door list`);
    expect(kit.io.outs.at(-1)).toBe(`front_door has no ${kind}s; it has room for 3.`);
  });

  test.each([
    [['front_door', 'burn'], 'ACT must be'],
    [['front_door', 'remove'], 'SLOT must be a number'],
    [['front_door', 'enrol', 'first'], 'SLOT must be a number'],
    [['front_door', 'enrol', '--weekly', 'mondays'], 'mon-fri 08:00-17:00'],
    [['front_door', 'enrol', '--from', 'now'], '2026-05-11 15:00'],
  ])('%j is mistyped', async (words, said) => {
    withReaders();
    expect(await kit.typeRaw(kind, ...words, '--data', kit.folder)).toBe(2);
    expect(kit.io.errs[0]).toContain(said);
    expect(kit.daemon.tokens.done).toEqual([]);
  });
});

describe('card add', () => {
  test('takes the number from the pipe, and shows it to nobody', async () => {
    withReaders();
    kit.io.piped = `${NUMBER}\n`;
    expect(await kit.type('card front_door add --number-stdin')).toBe(0);
    expect(kit.daemon.tokens.numbers).toEqual([NUMBER]);
    expect(kit.io.all).not.toContain(NUMBER);
    expect(kit.io.outs).toEqual(['front_door: card 1 is on the lock.']);
  });

  test('asks for it unseen', async () => {
    withReaders();
    kit.io.answers.push(NUMBER);
    await kit.type('card front_door add 3');
    expect(kit.io.asked).toEqual([{ question: 'Number of the card: ', hidden: true }]);
    expect(kit.daemon.tokens.done).toMatchObject([{ slot: 3 }]);
  });

  test('is nothing that a finger can be', async () => {
    expect(await kit.type('finger front_door add')).toBe(2);
  });
});

describe('log', () => {
  test("prints the lock's own records, newest last", async () => {
    kit.daemon.workbench.records = [
      {
        type: 'unlocked',
        source: 'card',
        ok: true,
        at: Date.UTC(2026, 4, 11, 14, 20),
        record: 8,
        slot: 2,
        person: 'Ada',
      },
      { type: 'wrong_code', source: 'keypad', ok: false, at: Date.UTC(2026, 4, 11, 14, 10), record: 7 },
    ];
    expect(await kit.type('log front_door --most 5')).toBe(0);
    expect(kit.io.outs).toEqual([
      'RECORD  TIME                 WHAT',
      '7       2026-05-11 14:10:00  wrong code at the keypad - refused',
      '8       2026-05-11 14:20:00  unlocked with a card (slot 2, Ada)',
    ]);
    expect(kit.daemon.workbench.done).toMatchObject([{ what: 'log', most: 5 }]);
  });

  test('that is empty says so', async () => {
    await kit.type('log front_door');
    expect(kit.io.outs).toEqual(['front_door has nothing in its log.']);
  });
});

describe('phone', () => {
  test('lets it in for some minutes', async () => {
    expect(await kit.type('phone front_door 5')).toBe(0);
    expect(kit.io.outs).toEqual(['front_door is left to the phone until 14:28:00.']);
    await kit.type('phone front_door 0');
    expect(kit.io.outs.at(-1)).toBe('front_door is ours again.');
  });

  test('for an afternoon is mistyped', async () => {
    expect(await kit.type('phone front_door 240')).toBe(2);
    expect(kit.daemon.workbench.done).toEqual([]);
  });
});

describe('revoke-keys', () => {
  test('asks first', async () => {
    kit.io.answers.push('no');
    expect(await kit.type('revoke-keys front_door')).toBe(1);
    expect(kit.daemon.workbench.done).toEqual([]);
    kit.io.answers.push('yes');
    expect(await kit.type('revoke-keys front_door')).toBe(0);
    expect(kit.daemon.workbench.done).toMatchObject([{ what: 'revoke' }]);
  });

  test('where nobody can be asked wants --yes', async () => {
    kit.io.interactive = false;
    expect(await kit.type('revoke-keys front_door')).toBe(2);
    expect(await kit.type('revoke-keys front_door --yes')).toBe(0);
  });
});

describe('admin-code', () => {
  test('show prints it and nothing else', async () => {
    expect(await kit.type('admin-code front_door show')).toBe(0);
    expect(kit.io.outs).toEqual(['8421973']);
  });

  test('set asks twice, unseen', async () => {
    kit.io.answers.push('55512345', '55512345');
    expect(await kit.type('admin-code front_door set')).toBe(0);
    expect(kit.daemon.workbench.code).toBe('55512345');
    expect(kit.io.asked.every(it => it.hidden)).toBe(true);
    expect(kit.io.all).not.toContain('55512345');
  });

  test('typed as an argument is refused without being repeated', async () => {
    expect(await kit.type('admin-code front_door set 55512345')).toBe(2);
    expect(kit.io.all).not.toContain('55512345');
    expect(kit.daemon.workbench.done).toEqual([]);
  });
});

describe('show', () => {
  test('says what each session mode costs', async () => {
    await kit.type('show front_door');
    const costs = kit.io.outs.filter(line => line.startsWith('cost '));
    expect(costs).toEqual([
      'cost        on demand: 42 questions and 3.3 min connected a day, batteries for about 301 days',
      'cost        held: 43200 questions and 1440 min connected a day, batteries for about 44 days',
    ]);
  });
});

describe('watch', () => {
  test('tells settings and what an enrolment waits for', async () => {
    withReaders();
    const watching = kit.type('watch front_door');
    while (kit.daemon.clock.armed === 0) await new Promise(resolve => setImmediate(resolve));
    await kit.type('settings front_door sound off');
    await kit.type('card front_door enrol 1');
    kit.daemon.tellCode('0123456789ab', 1, 'card');
    await kit.io.until(all => all.includes('front_door card slot 1 changed'));
    await kit.io.until(
      all => all.includes('is set to sound off') && all.includes('card: Hold the card to the reader.'),
    );
    kit.io.stopper.abort();
    expect(await watching).toBe(0);
  });
});
