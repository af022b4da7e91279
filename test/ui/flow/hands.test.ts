// The hands of virtual locks on the page.
import { describe, expect, it } from 'vitest';
import { actsFor, actsOf, grouped, isAmong, looksOf, looksText, usualActs } from '../../../src/ui/views/hands/acts.ts';

describe('acts', () => {
  it('are sorted as a person finds them, mischief last', () => {
    const acts = actsOf({
      acts: [
        { act: 'misbehave', label: 'Restarts only', value: 'restarts' },
        { act: 'hold_reset', label: 'Reset button' },
        { act: 'door', label: 'Open the door', value: 'open' },
        { act: 'type_code', label: 'Type a code' },
      ],
    });
    expect(grouped(acts).map(({ group }) => group)).toEqual(['keypad', 'door', 'press', 'mischief']);
  });

  it('that need something typed say what', () => {
    const [code] = actsOf({ acts: [{ act: 'type_code', label: 'Type a code' }] });
    expect(code?.typed).toEqual({ label: 'Code', digits: true });
  });

  it('of another family that are not known here stand with the door', () => {
    expect(actsOf({ acts: [{ act: 'knock', label: 'Knock' }] })[0]).toMatchObject({ group: 'door', label: 'Knock' });
  });

  it('of a padlock have no door and no thumb-turn', () => {
    const acts = usualActs({ abilities: { kind: 'padlock' } as never }).map(each => each.act);
    expect(acts).toContain('close_shackle');
    expect(acts).not.toContain('door');
  });
});

describe('how a virtual lock looks', () => {
  it('is what it says of itself, before what the program believes', () => {
    const view = { lifecycle: 'managed', state: { bolt: 'locked', battery: 80 } } as never;
    expect(looksOf(view, { bolt: 'unlocked', powered: false })).toMatchObject({
      bolt: 'unlocked',
      powered: false,
      battery: 80,
    });
  });

  it('is said in words too', () => {
    const text = looksText(
      looksOf(undefined, { bolt: 'locked', door: 'open', battery: 55, paired: false, awake: true }),
    );
    expect(text).toBe('bolt out, door open, batteries 55 %, belongs to nobody, keypad lit');
  });
});

describe('the hands that a step wants', () => {
  it('are those acts, each with its value where that matters', () => {
    const acts = usualActs(undefined);
    const wanted = (step: string): unknown[] =>
      acts.filter(act => isAmong(act, actsFor(step))).map(({ act, value }) => [act, value]);
    expect(wanted('opening.door')).toEqual([['door', 'open']]);
    expect(wanted('reset.hold')).toEqual([['hold_reset', undefined]]);
    expect(wanted('verify.counts')).toEqual([]);
  });
});
