// latchbridge permit-join [SECONDS]: a single lock that offers itself meanwhile is paired by itself.
import { usage } from './args.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { time } from './text.ts';

const USUAL_S = 120;
const MOST_S = 120;

export const permitJoin = command({
  name: 'permit-join',
  about: 'open the pairing window: a single lock that offers itself is paired',
  words: '[SECONDS]',
  options: { ...jsonOption, ...whereOptions },
  more: [`SECONDS is 0 to ${MOST_S}, default ${USUAL_S}; 0 closes the window.`],
  async run({ words: [word = String(USUAL_S)], values, io, daemon }) {
    const seconds = Number(word);
    if (!/^\d{1,3}$/.test(word) || seconds > MOST_S) throw usage(`SECONDS must be a number from 0 to ${MOST_S}.`);
    const client = await daemon();
    const window = await client.ask<{ open: boolean; until?: number }>('POST', '/api/permit_join', {
      body: { seconds },
    });
    if (values.json) io.out(JSON.stringify(window));
    else if (window.until === undefined) io.out('The pairing window is closed.');
    else io.out(`The pairing window is open until ${time(window.until, io.zone)}. Touch the lock to wake it.`);
    return 0;
  },
});
