import { describe, expect, it } from 'vitest';
import { makeZone, utc } from '../../src/base/zone.ts';

const berlin = makeZone('Europe/Berlin');
const at = (year: number, month: number, day: number, hour: number, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
  second: 0,
});

describe('wall-clock time', () => {
  it('goes there and back', () => {
    const moment = Date.UTC(2026, 6, 1, 10, 0);
    expect(berlin.toLocal(moment)).toEqual(at(2026, 7, 1, 12));
    expect(berlin.fromLocal(at(2026, 7, 1, 12))).toBe(moment);
    expect(utc.fromLocal(at(2026, 7, 1, 12))).toBe(Date.UTC(2026, 6, 1, 12));
  });

  it('takes the first of the doubled hour in autumn', () => {
    expect(berlin.fromLocal(at(2026, 10, 25, 2, 30))).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });

  it('takes the moment after the gap in spring', () => {
    const moment = berlin.fromLocal(at(2026, 3, 29, 2, 30));
    expect(berlin.toLocal(moment)).toEqual(at(2026, 3, 29, 3, 30));
  });

  it('has midnight as hour 0', () => {
    expect(berlin.toLocal(Date.UTC(2026, 0, 1, 23, 0)).hour).toBe(0);
  });

  it('is the same for UTC with and without the tables of zones', () => {
    const table = makeZone('Etc/UTC');
    for (const moment of [0, Date.UTC(2024, 1, 29, 23, 59, 59), Date.UTC(2026, 11, 31, 23, 0, 1)]) {
      expect(utc.toLocal(moment)).toEqual(table.toLocal(moment));
      expect(utc.fromLocal(utc.toLocal(moment))).toBe(moment);
    }
  });

  it('names a zone that is none', () => {
    expect(() => makeZone('Mars/Olympus')).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
