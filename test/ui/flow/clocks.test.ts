// Clocks between two looks at the daemon.
import { describe, expect, it } from 'vitest';
import {
  clockText,
  clockWords,
  readOut,
  secondsLeft,
  secondsPast,
  urgencyOf,
} from '../../../src/ui/views/flow/clocks.ts';

describe('a clock', () => {
  it('runs down from what was told, and not below nothing', () => {
    const told = { seconds: 10, since: 1000 };
    expect([
      secondsLeft(told, 1000),
      secondsLeft(told, 1001),
      secondsLeft(told, 6000),
      secondsLeft(told, 60_000),
    ]).toEqual([10, 10, 5, 0]);
  });

  it('runs up from what was told', () => {
    const told = { seconds: 10, since: 1000 };
    expect([secondsPast(told, 1000), secondsPast(told, 1999), secondsPast(told, 2000)]).toEqual([10, 10, 11]);
  });

  it('is written as people read it', () => {
    expect([clockText(42), clockText(185), clockText(3727)]).toEqual(['0:42', '3:05', '1:02:07']);
    expect([clockWords(42), clockWords(61), clockWords(120), clockWords(0)]).toEqual([
      '42 seconds',
      '1 minute 1 second',
      '2 minutes',
      '0 seconds',
    ]);
  });

  it('is read out at a few moments only, once each', () => {
    const heard: number[] = [];
    for (let left = 130; left > 0; left--) {
      const mark = readOut(left + 1, left);
      if (mark !== undefined) heard.push(mark);
    }
    expect(heard).toEqual([120, 60, 30, 10]);
  });

  it('says how urgent it is', () => {
    expect([urgencyOf(900), urgencyOf(100), urgencyOf(20)]).toEqual(['calm', 'soon', 'now']);
  });
});
