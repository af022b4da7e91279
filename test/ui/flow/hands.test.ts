// The hands of virtual locks on the page.
import { describe, expect, it } from 'vitest';
import type { DemoLock } from '../../../src/ui/api.d.ts';
import {
  actsFor,
  actsOf,
  grouped,
  isAmong,
  looksOf,
  looksText,
  rowsOf,
  shortLabel,
} from '../../../src/ui/views/hands/acts.ts';

const acts: DemoLock['acts'] = [
  { act: 'misbehave', label: 'goes wrong: loses commit', value: 'loses_commit' },
  { act: 'hold_reset', label: 'Hold it.', typed: { label: 'how long', digits: true, optional: false } },
  { act: 'door', label: 'Open or close the door: open', value: 'open' },
  { act: 'door', label: 'Open or close the door: closed', value: 'closed' },
  { act: 'close_shackle', label: 'Press it shut.' },
  { act: 'type_code', label: 'Type a code and #.', typed: { label: 'the digits', digits: true, optional: false } },
  { act: 'batteries_in', label: 'Put batteries in.', typed: { label: 'per cent', digits: true, optional: true } },
  { act: 'knock', label: 'Knock.' },
];
const door = { acts, variant: 'deadbolt' };
const one = (act: string): unknown => actsOf(door).find(each => each.act === act);

describe('acts', () => {
  it('are sorted as a person finds them, mischief last', () => {
    expect(grouped(actsOf(door)).map(({ group }) => group)).toEqual(['keypad', 'door', 'power', 'press', 'mischief']);
  });

  it('that need something typed say what; what may be left out is not asked', () => {
    expect(one('type_code')).toMatchObject({ typed: { label: 'Code', digits: true } });
    expect(one('batteries_in')).not.toHaveProperty('typed');
  });

  it('that are held are held, and no number is typed', () => {
    expect(one('hold_reset')).toEqual({ act: 'hold_reset', label: 'Reset button', group: 'press' });
  });

  it('have short names, or the daemon’s own', () => {
    expect([one('door'), one('misbehave'), one('knock')]).toMatchObject([
      { label: 'Open the door' },
      { label: 'Loses commit' },
      { label: 'Knock.' },
    ]);
  });

  it('of one thing stand beside its name, where they are two', () => {
    const two = ['lock', 'unlock'].map(value => ({ act: 'thumb', label: 'Turn it', value }));
    const rows = rowsOf(actsOf({ acts: [...two, { act: 'calibrate', label: 'x' }], variant: 'deadbolt' }));
    expect(rows.map(({ title, acts: those }) => [title, ...those.map(each => shortLabel(each, title))])).toEqual([
      ['Thumb-turn', 'Lock', 'Unlock'],
      [undefined, 'App: calibrate'],
    ]);
  });

  it('of a key box have no door, and of a door no shackle', () => {
    const names = (variant: string): string[] => actsOf({ acts, variant }).map(each => each.act);
    expect(names('key_box')).toContain('close_shackle');
    expect(names('key_box')).not.toContain('door');
    expect(names('deadbolt')).not.toContain('close_shackle');
  });
});

describe('the hands that a step wants', () => {
  it('are those acts, each with its value where that matters', () => {
    const wanted = (step: string): unknown[] =>
      actsOf(door)
        .filter(act => isAmong(act, actsFor(step)))
        .map(({ act, value }) => [act, value]);
    expect(wanted('opening.door')).toEqual([['door', 'open']]);
    expect(wanted('reset.hold')).toEqual([['hold_reset', undefined]]);
    expect(wanted('verify.counts')).toEqual([]);
  });
});

describe('how a virtual lock looks', () => {
  const looks = { bolt: 'locked', door: 'open', battery: 55, powered: true, paired: false } as const;

  it('is said in words too', () => {
    const text = looksText(looksOf({ looks, variant: 'deadbolt' }, true));
    expect(text).toBe('bolt out, door open, batteries 55 %, belongs to nobody, keypad lit');
  });

  it('is dark without batteries, and a box has no door', () => {
    const text = looksText(looksOf({ looks: { ...looks, powered: false }, variant: 'padlock' }, true));
    expect(text).toBe('shut, no batteries, belongs to nobody');
  });
});
