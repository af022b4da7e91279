// What a step says, cut into the one instruction, how it is done, and what stands aside.
import { describe, expect, it } from 'vitest';
import { cutList, phrasesOf, sentencesOf } from '../../../src/ui/views/flow/phrases.ts';

describe('an instruction', () => {
  it('that is short is shown whole', () => {
    expect(phrasesOf({ text: 'Turn the thumb-turn.', spoken: 'Turn it. Say done.' })).toEqual({
      lead: 'Turn the thumb-turn.',
      how: [],
      asides: [],
    });
  });

  it('puts what guides say otherwise aside', () => {
    const text =
      'Open the door and prop it open, so that nobody is shut out or in, whatever happens. (Some pages advise a closed door: never follow that.)';
    expect(phrasesOf({ text, spoken: 'Open the door. Say done.' })).toEqual({
      lead: 'Open the door and prop it open, so that nobody is shut out or in, whatever happens.',
      how: [],
      asides: ['Some pages advise a closed door: never follow that.'],
    });
  });

  it('keeps a bracket inside a sentence where it is', () => {
    const text = 'Put your tool (a paper clip will do) on it.';
    expect(phrasesOf({ text, spoken: text }).lead).toBe(text);
  });

  it('whose first sentence is long is led by its short form, without what is only for a voice', () => {
    const text = `${'word '.repeat(30)}end. Then more.`;
    const { lead, how } = phrasesOf({ text, spoken: 'Do the thing. Say done.' });
    expect(lead).toBe('Do the thing.');
    expect(how.join(' ')).toBe(text);
  });
});

describe('sentences', () => {
  it('end where another begins, and not after an abbreviation', () => {
    expect(sentencesOf('It beeps, e.g. Twice. Then wait! 10 seconds do.')).toEqual([
      'It beeps, e.g. Twice.',
      'Then wait!',
      '10 seconds do.',
    ]);
  });
});

describe('what is counted up in a sentence', () => {
  it('is a list', () => {
    expect(cutList('Have at hand: a clip; fresh batteries; the old code, if known.')).toEqual({
      head: 'Have at hand:',
      items: ['A clip', 'Fresh batteries', 'The old code, if known'],
    });
  });

  it('is none where there is only a colon', () => {
    expect(cutList('Known of this model: a switch; it beeps.')).toBeUndefined();
  });
});
