// The count of a hold: the numbers, the moment to let go, and what is called out.
import { describe, expect, it } from 'vitest';
import type { PublicLine } from '../../../src/ui/api.d.ts';
import { countAt, countCalled, cueBetween, READY, spokenAt, windowText } from '../../../src/ui/views/flow/drill.ts';

const hold = { least: 2, most: 4, letGo: 3 };

describe('the count of a hold', () => {
  it.each([
    [0, 'holding', 0, 3],
    [999, 'holding', 0, 3],
    [1000, 'holding', 1, 2],
    [2999, 'holding', 2, 1],
    [3000, 'release', 3, 0],
  ])('after %i ms is %s, %i s held and %i to go', (ms, phase, second, left) => {
    expect(countAt(hold, ms)).toMatchObject({ phase, second, left });
  });

  it('calls to let go long enough to be seen, even where the longest hold is close', () => {
    expect(countAt({ least: 3, most: 3, letGo: 3 }, 5400).phase).toBe('release');
    expect(countAt({ least: 3, most: 3, letGo: 3 }, 5500).phase).toBe('over');
  });

  it('calls to let go until the longest hold is past', () => {
    expect([
      countAt({ least: 5, most: 15, letGo: 10 }, 14_900).phase,
      countAt({ least: 5, most: 15, letGo: 10 }, 15_000).phase,
    ]).toEqual(['release', 'over']);
  });

  it('never runs backwards for a clock that did', () => {
    expect(countAt(hold, -50)).toMatchObject({ phase: 'holding', second: 0, share: 0 });
  });
});

describe('cues of a hold', () => {
  it('tick once each second and call once', () => {
    const cues: unknown[] = [];
    let before = READY;
    for (let ms = 0; ms < 6000; ms += 50) {
      const now = countAt(hold, ms);
      cues.push(cueBetween(before, now));
      before = now;
    }
    expect(cues.filter(Boolean)).toEqual(['tick', 'tick', 'let_go']);
  });

  it('tell a screen reader when it begins and when to let go, and no seconds', () => {
    const words: unknown[] = [];
    let before = READY;
    for (let ms = 0; ms < 6000; ms += 50) {
      const now = countAt(hold, ms);
      words.push(spokenAt(before, now));
      before = now;
    }
    expect(words.filter(Boolean)).toEqual(['Counting. Keep it pressed.', 'Let go now.']);
  });
});

const said = (text: string, kind = 'said'): PublicLine => ({ number: 1, at: 0, kind, step: 'reset.hold', text });

describe('the count that the daemon calls', () => {
  it('is taken up by who looks on', () => {
    expect(countCalled([said('1 …'), said('2 …')])).toEqual({ second: 2, letGo: false });
    expect(countCalled([said('2 …'), said('3: let go NOW.')])).toEqual({ second: 3, letGo: true });
  });

  it('is over once something else is asked or said', () => {
    expect(countCalled([said('3: let go NOW.'), said('Asked: What did the lock do?', 'asked')])).toBeUndefined();
    expect(countCalled([said('2 …'), said('That was only a restart.')])).toBeUndefined();
  });

  it('is nothing before anybody has pressed', () => {
    expect(countCalled([said('Begins.', 'step')])).toBeUndefined();
  });
});

it('says one number where least and most are the same', () => {
  expect([windowText(hold), windowText({ least: 5, most: 5 })]).toEqual(['2 to 4 seconds', '5 seconds']);
});
