import { describe, expect, test } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { AuditEntry } from '../../src/lock/ports.ts';
import { type AuditLog, makeAudit } from '../../src/store/audit.ts';
import type { Database } from '../../src/store/database.ts';
import { openInMemory } from '../../src/store/opening.ts';

const LINES = 12;

function entry(number: number): AuditEntry {
  return { lock: number % 2 ? 'odd' : 'even', what: 'asked', via: 'cli', who: 'me', detail: `line ${number}` };
}

function written(lines = LINES, keep?: number): { audit: AuditLog; database: Database } {
  const { database } = openInMemory();
  const audit = makeAudit(database, { clock: new VirtualClock(), log: silent, ...(keep ? { keep } : {}) });
  for (let number = 1; number <= lines; number++) audit.write(entry(number));
  return { audit, database };
}

describe('reading the audit', () => {
  test('gives the newest lines first, with when, what and who', () => {
    const { audit } = written();
    expect(audit.read({ most: 2 })).toEqual([
      { number: 12, at: new VirtualClock().now(), ...entry(12) },
      { number: 11, at: new VirtualClock().now(), ...entry(11) },
    ]);
  });

  test('goes on before a line', () => {
    const { audit } = written();
    expect(audit.read({ before: 11, most: 2 }).map(line => line.number)).toEqual([10, 9]);
  });

  test('can be about one lock', () => {
    const { audit } = written();
    expect(audit.read({ lock: 'odd', before: 10, most: 2 }).map(line => line.number)).toEqual([9, 7]);
  });

  test('leaves out what a line did not say', () => {
    const { audit } = written(0);
    audit.write({ what: 'started', via: 'daemon', who: 'main' });
    expect(Object.keys(audit.read({ most: 1 })[0] as object)).toEqual(['number', 'at', 'what', 'via', 'who']);
  });

  test('shows no control characters and no endless texts from outside', () => {
    const { audit } = written(0);
    audit.write({ what: 'asked', via: 'mqtt', who: 'x\u001b[2Jy', detail: 'z'.repeat(5000) });
    const [line] = audit.read({ most: 1 });
    expect(line?.who).not.toContain('\u001b');
    expect(line?.detail?.length).toBe(300);
  });
});

describe('checking the audit', () => {
  test('an untouched one holds, and its head is the newest line', () => {
    const { audit } = written();
    expect(audit.check()).toEqual({ ok: true, head: audit.head(), lines: LINES });
    expect(audit.head().number).toBe(LINES);
  });

  test('an empty one holds', () => {
    expect(written(0).audit.check()).toMatchObject({ ok: true, lines: 0 });
  });

  const numbers = Array.from({ length: LINES }, (_, i) => i + 1);

  test('each line that was removed is found', () => {
    const found = numbers.map(number => {
      const { audit, database } = written();
      database.run('delete from audit where number = ?', number);
      return audit.check();
    });
    expect(found).toMatchObject(numbers.map(number => ({ ok: false, number })));
    expect(found[4]).toMatchObject({ text: 'Line 5 of the audit is missing.' });
  });

  test('each line that was removed is found even where the others were numbered anew', () => {
    const found = numbers.slice(0, -1).map(number => {
      const { audit, database } = written();
      database.run('delete from audit where number = ?', number);
      database.run('update audit set number = -number + 1 where number > ?', number);
      database.run('update audit set number = -number where number < 0');
      return audit.check();
    });
    expect(found).toMatchObject(numbers.slice(0, -1).map(number => ({ ok: false, number })));
  });

  test.each([
    ['at', 1],
    ['lock', 'x'],
    ['what', 'done'],
    ['via', 'mqtt'],
    ['who', 'you'],
    ['detail', null],
    ['hash', 'f'.repeat(64)],
  ])('each line whose %s was changed is found', (column, value) => {
    const found = numbers.map(number => {
      const { audit, database } = written();
      database.run(`update audit set ${column} = ? where number = ?`, value, number);
      return audit.check();
    });
    expect(found).toMatchObject(numbers.map(number => ({ ok: false, number })));
  });

  test('each two neighbours that were swapped are found at the first', () => {
    const found = numbers.slice(0, -1).map(number => {
      const { audit, database } = written();
      database.run('update audit set number = -1 where number = ?', number);
      database.run('update audit set number = ? where number = ?', number, number + 1);
      database.run('update audit set number = ? where number = -1', number + 1);
      return audit.check();
    });
    expect(found).toMatchObject(numbers.slice(0, -1).map(number => ({ ok: false, number })));
  });

  test('an end that was cut off is found', () => {
    const { audit, database } = written();
    database.run('delete from audit where number > 9');
    expect(audit.check()).toMatchObject({ ok: false, number: 10 });
  });

  test('an end that was cut off with great care is found by whoever kept a head', () => {
    const { audit, database } = written();
    const kept = audit.head();
    const hash = database.get('select hash from audit where number = 9')?.['hash'] as string;
    database.run('delete from audit where number > 9');
    database.run(`update meta set value = ? where name = 'audit_head'`, `9 ${hash}`);
    expect(audit.check()).toMatchObject({ ok: true });
    expect(audit.check(kept)).toMatchObject({ ok: false, number: 10 });
  });

  test('a past that was written anew is found by whoever kept a head', () => {
    const kept = written().audit.head();
    const other = written(0).audit;
    for (let number = 1; number <= LINES + 3; number++) other.write({ ...entry(number), who: 'somebody else' });
    expect(other.check()).toMatchObject({ ok: true });
    expect(other.check(kept)).toMatchObject({ ok: false, number: LINES });
  });

  test('a head from earlier still holds after more lines', () => {
    const { audit } = written();
    const kept = audit.head();
    audit.write(entry(13));
    expect(audit.check(kept)).toMatchObject({ ok: true });
  });
});

describe('rotation', () => {
  test('keeps the newest lines, and the chain holds', () => {
    const { audit } = written(1000, 100);
    const lines = audit.read({ most: 2000 });
    expect(lines[0]?.number).toBe(1000);
    expect(lines.length).toBeGreaterThanOrEqual(100);
    expect(lines.length).toBeLessThanOrEqual(100 + 256);
    expect(audit.check()).toMatchObject({ ok: true, lines: lines.length });
  });

  test('does not hide that the oldest kept line was changed', () => {
    const { audit, database } = written(1000, 100);
    const first = audit.read({ most: 2000 }).at(-1)?.number as number;
    database.run(`update audit set who = 'x' where number = ?`, first);
    expect(audit.check()).toMatchObject({ ok: false, number: first });
  });
});

describe('when a line cannot be written', () => {
  function full(): { audit: AuditLog; database: Database } {
    const { audit, database } = written(1);
    const pages = Number(database.get('pragma page_count')?.['page_count']);
    database.exec(`pragma max_page_count = ${pages}`);
    for (let i = 0; audit.gaps === 0 && i < 1000; i++) audit.write({ ...entry(2), detail: 'x'.repeat(300) });
    return { audit, database };
  }

  test('nothing is thrown, and the gap is counted', () => {
    const { audit } = full();
    const before = audit.gaps;
    audit.write({ ...entry(3), detail: 'x'.repeat(300) });
    expect([before, audit.gaps]).toEqual([1, 2]);
  });

  test('the chain holds all the same', () => {
    expect(full().audit.check()).toMatchObject({ ok: true });
  });

  test('the first line after it tells of the gap, once', () => {
    const { audit, database } = full();
    database.exec('pragma max_page_count = 100000');
    audit.write({ what: 'done', via: 'cli', who: 'me' });
    audit.write({ what: 'done', via: 'cli', who: 'me' });
    const [last, one, gap] = audit.read({ most: 3 });
    expect([last?.what, one?.what, gap?.what]).toEqual(['done', 'done', 'gap']);
    expect(gap?.detail).toContain('1 line');
    expect(audit.check()).toMatchObject({ ok: true });
  });
});
