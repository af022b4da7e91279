// What came out of a flow: what is known, how well, and from whom.
import { describe, expect, it } from 'vitest';
import { byGrade, findingsOf, gradeText, saidNow, splitAt, toldOf } from '../../../src/ui/views/flow/findings.ts';
import { mergeLines } from '../../../src/ui/views/flow/merge.ts';
import { line, STEPS } from './samples.ts';

describe('findings', () => {
  it('say each sentence once, with its best grade', () => {
    const found = findingsOf([
      line('evidence', 'The door is open.', { grade: 'E1', by: 'Ada' }),
      line('evidence', 'The door is open.', { grade: 'E3' }),
      line('evidence', 'The door is open.', { grade: 'E2' }),
    ]);
    expect(found.map(({ grade, by }) => [grade, by])).toEqual([['E3', undefined]]);
  });

  it('stand by grade, the strongest first', () => {
    const groups = byGrade(
      findingsOf([line('evidence', 'a', { grade: 'E1', by: 'Ada' }), line('evidence', 'b', { grade: 'E3' })]),
    );
    expect(groups.map(({ title, findings }) => [title, findings.length])).toEqual([
      ['Proved by the lock', 1],
      ['Said by a person', 1],
    ]);
  });

  it('name the person', () => {
    expect([gradeText('E1', 'Ada'), gradeText('E1'), gradeText('E3')]).toEqual([
      'Ada said so',
      'Said by a person',
      'Proved by the lock',
    ]);
  });
});

describe('what is told', () => {
  it('leaves out the count of a hold and what the page shows elsewhere', () => {
    const told = toldOf([
      line('step', 'Begins.'),
      line('said', '1 …'),
      line('said', '3: let go NOW.'),
      line('said', 'It beeps.'),
    ]);
    expect(told.map(each => each.text)).toEqual(['It beeps.']);
  });

  it('counts what is said and then noted as one', () => {
    const told = toldOf([line('said', 'It was reset.'), line('evidence', 'It was reset.', { grade: 'E3' })]);
    expect(told.map(({ kind, text }) => [kind, text])).toEqual([['evidence', 'It was reset.']]);
  });

  it('beside an instruction is of the present run of its step', () => {
    const of = { step: 'hold' };
    const lines = [
      line('step', 'Begins.', of),
      line('said', 'old', of),
      line('step', 'Begins.', of),
      line('said', 'elsewhere', { step: 'other' }),
      line('said', 'new', of),
    ];
    expect(saidNow(lines, 'hold').map(each => each.text)).toEqual(['new']);
    expect(saidNow(lines, undefined)).toEqual([]);
  });
});

describe('lines that come in two ways', () => {
  it('are each there once, in order', () => {
    const [a, b, c] = [line('said', 'a'), line('said', 'b'), line('said', 'c')];
    expect(mergeLines([a, c], [b, c]).map(each => each.text)).toEqual(['a', 'b', 'c']);
  });

  it('are the same list when nothing is new', () => {
    const known = [line('said', 'a')];
    expect(mergeLines(known, known)).toBe(known);
  });
});

it('parts what holds from the point of no return on from what was looked at before', () => {
  const found = findingsOf([
    line('evidence', 'It has 80 %.', { grade: 'E3', step: 'look' }),
    line('evidence', 'It was erased.', { grade: 'E3', step: 'wipe' }),
    line('evidence', 'It is ours.', { grade: 'E3', step: 'find' }),
  ]);
  const { before, after } = splitAt(STEPS, found);
  expect([before.map(one => one.text), after.map(one => one.text)]).toEqual([
    ['It has 80 %.'],
    ['It was erased.', 'It is ours.'],
  ]);
});
