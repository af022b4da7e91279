// latchbridge hand NAME ACT: the hands of a virtual lock, in a demo.
import { command, jsonOption, whereOptions } from './command.ts';

/** What the hands answer: whether it had its effect, and what a person would see and hear. */
interface Said {
  done?: boolean;
  said?: string;
}

export const hand = command({
  name: 'hand',
  about: 'do something at a virtual lock of the demo, as if by hand',
  words: 'LOCK ACT [VALUE...]',
  options: { ...jsonOption, ...whereOptions },
  more: [
    'Acts: press_key, type_code DIGITS, thumb lock|unlock, door open|closed, close_shackle (key box, padlock),',
    '      batteries_out, batteries_in, hold_reset SECONDS, and what else the lock has: a wrong one brings the list.',
  ],
  async run({ words: [name = '', act = '', ...value], values, io, daemon }) {
    const client = await daemon();
    const body = { act, ...(value.length > 0 ? { value: value.join(' ') } : {}) };
    const path = `/api/demo/${encodeURIComponent(name)}/hand`;
    const { result } = await client.ask<{ result: Said | null }>('POST', path, { body });
    const done = result?.done !== false;
    if (values.json) io.out(JSON.stringify(result));
    else if (done) io.out(result?.said ?? `${name}: ${act}.`);
    else io.err(result?.said ?? `${name}: ${act} had no effect.`);
    return done ? 0 : 1;
  },
});
