// What the screen of a flow shows at each moment.
import { describe, expect, it } from 'vitest';
import { isTyped, mayAnswer, optionsOf, screenOf, wantsLight, whoText } from '../../../src/ui/views/flow/screen.ts';
import { at, flowView, line, prompt } from './samples.ts';

const hold = { least: 2, most: 4, letGo: 3 };

describe('the screen of a flow', () => {
  it.each([
    ['ask', flowView({ state: 'waiting_human', prompts: [prompt()] })],
    [
      'clearance',
      flowView({ state: 'awaiting_clearance', prompts: [prompt({ kind: 'clearance', challenge: '4071' })] }),
    ],
    ['hold', flowView({ state: 'waiting_human', prompts: [prompt({ hold })] })],
    ['work', flowView({ state: 'running', step: at(3) })],
    ['planned', flowView({ state: 'planned' })],
    ['paused', flowView({ state: 'paused', prompts: [prompt()] })],
    [
      'parked',
      flowView({ state: 'needs_attention', prompts: [prompt()], stop: { code: 'asleep', text: 'It sleeps.' } }),
    ],
    ['ended', flowView({ state: 'succeeded', endedAt: 1 })],
  ])('is in the mode %s', (mode, view) => {
    expect(screenOf(view, []).mode).toBe(mode);
  });

  it('counts along while somebody holds the button elsewhere, or after a reload', () => {
    const view = flowView({ state: 'running', step: at(4) });
    expect(screenOf(view, [line('said', '2 …')])).toMatchObject({ mode: 'count', count: { second: 2, letGo: false } });
  });

  it('says what stopped it, and what to do', () => {
    const stop = { code: 'asleep', text: 'The lock sleeps.', next: 'Touch its keypad.' };
    const { phrases } = screenOf(flowView({ state: 'needs_attention', stop }), []);
    expect(phrases).toEqual({ lead: 'The lock sleeps.', how: ['Touch its keypad.'], asides: [] });
  });

  it('names the lock in the last question', () => {
    const view = flowView({ state: 'awaiting_clearance', prompts: [prompt({ kind: 'clearance', challenge: '4071' })] });
    expect(screenOf(view, []).phrases.lead).toBe('Erase “front_door”?');
  });

  it('has another key for another question, and for the same with other digits', () => {
    const key = (challenge: string, id = 'p-1'): string =>
      screenOf(flowView({ state: 'awaiting_clearance', prompts: [prompt({ kind: 'clearance', challenge, id })] }), [])
        .key;
    expect(new Set([key('4071'), key('4072'), key('4071', 'p-2')]).size).toBe(3);
  });

  it('stays lit while a door is open to others, even when nothing is asked', () => {
    const parked = { mode: 'parked' } as const;
    expect(wantsLight(parked, flowView())).toBe(false);
    expect(wantsLight(parked, flowView({ exposure: { what: 'it opens', seconds: 1, limitSeconds: 600 } }))).toBe(true);
  });
});

describe('the answers', () => {
  it('put what goes on first and what stops last, whatever the order of the question', () => {
    const options = [
      { value: 'cancel', label: 'Cancel', means: 'no' },
      { value: 'not_found', label: 'I cannot find it' },
      { value: 'done', label: 'My tool is on it', means: 'yes' },
    ] as const;
    expect(optionsOf(prompt({ options })).map(({ value, weight }) => `${value} ${weight}`)).toEqual([
      'done main',
      'not_found choice',
      'cancel stop',
    ]);
  });

  it('push none of several that are alike', () => {
    const options = [
      { value: 'left', label: 'Left' },
      { value: 'right', label: 'Right' },
      { value: 'skip', label: 'Skip', means: 'skip' },
    ] as const;
    expect(optionsOf(prompt({ kind: 'human_choice', options })).map(each => each.weight)).toEqual([
      'choice',
      'choice',
      'quiet',
    ]);
  });

  it('are typed only where there is nothing to choose from', () => {
    expect(isTyped(prompt({ kind: 'human_input', options: [] }))).toBe(true);
    expect(isTyped(prompt({ kind: 'human_input' }))).toBe(false);
  });

  it('are for the roles of the question', () => {
    const masters = prompt({ roles: ['owner', 'manager'] });
    expect([mayAnswer(masters, 'owner'), mayAnswer(masters, 'technician'), mayAnswer(masters, undefined)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(whoText(masters.roles)).toBe('an owner or a manager');
  });
});
