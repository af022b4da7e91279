// Weekly hours as people write them.
import { describe, expect, test } from 'vitest';
import { weeklyOf, weeklyText } from '../../src/access/weekly.ts';

const days = (text: string): number[] => weeklyOf(text).map(window => window.day);

describe('weekly hours', () => {
  test('of some days', () => {
    expect(weeklyOf('mon-tue 08:00-17:30, SAT 10:00-24:00')).toEqual([
      { day: 1, startMinute: 480, endMinute: 1050 },
      { day: 2, startMinute: 480, endMinute: 1050 },
      { day: 6, startMinute: 600, endMinute: 1440 },
    ]);
  });

  test('may go over the weekend, and be daily', () => {
    expect(days('fri-mon 08:00-09:00')).toEqual([5, 6, 7, 1]);
    expect(days('daily 08:00-09:00')).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each(['mon-tue 08:00-17:30, sat 10:00-24:00', 'mon-sun 00:00-09:05', 'mon 08:00-12:00, mon 13:00-17:00'])(
    '%j is written as it was read',
    text => {
      expect(weeklyText(weeklyOf(text))).toBe(text);
    },
  );

  test.each([
    '',
    'mon',
    'mon 8:00-9:00',
    'mon 09:00-08:00',
    'mon 08:00-08:00',
    'mon 08:60-09:00',
    'mon 08:00-24:01',
    'xyz 08:00-09:00',
    'mon-xyz 08:00-09:00',
    'mon 08:00-09:00,',
    'daily-fri 08:00-09:00',
    Array.from({ length: 4 }, () => 'daily 08:00-09:00').join(','),
  ])('%j is refused, saying how they are written', text => {
    expect(() => weeklyOf(text)).toThrow('mon-fri 08:00-17:00');
  });
});
