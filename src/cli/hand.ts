// latchbridge hand NAME ACT: the hands of a virtual lock, in a demo.
import { usage } from './args.ts';
import { command, jsonOption, whereOptions } from './command.ts';

/** What a single word after the act means. */
const MEANING: Readonly<Record<string, string>> = {
  type_code: 'code',
  hold_reset: 'seconds',
  thumb: 'to',
  door: 'to',
  battery: 'percent',
};

export const hand = command({
  name: 'hand',
  about: 'do something at a virtual lock of the demo, as if by hand',
  words: 'LOCK ACT [DETAIL...]',
  options: { ...jsonOption, ...whereOptions },
  more: [
    'Acts: press_key, type_code CODE, thumb locked|unlocked, door open|closed, batteries_out, batteries_in,',
    '      hold_reset SECONDS, and what else the lock has; a detail may also be written name=value.',
  ],
  async run({ words: [name = '', act = '', ...details], values, io, daemon }) {
    const body = { act, ...Object.fromEntries(details.map(word => detailOf(act, word))) };
    const client = await daemon();
    const { result } = await client.ask<{ result: unknown }>('POST', `/api/demo/${encodeURIComponent(name)}/hand`, {
      body,
    });
    if (values.json) io.out(JSON.stringify(result));
    else io.out(`${name}: ${act}${result === null ? '' : ` ${JSON.stringify(result)}`}`);
    return 0;
  },
});

function detailOf(act: string, word: string): [key: string, value: string | number | boolean] {
  const [key, ...rest] = word.split('=');
  const named = rest.length > 0;
  const meaning = named ? (key as string) : MEANING[act];
  if (meaning === undefined) throw usage(`What is "${word}"? Write it as name=value.`);
  return [meaning, valueOf(meaning, named ? rest.join('=') : word)];
}

/** A code keeps its leading zeros. */
function valueOf(meaning: string, word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true';
  return meaning !== 'code' && /^\d+$/.test(word) ? Number(word) : word;
}
