// latchbridge lock NAME, unlock NAME, unlatch NAME
import type { Outcome, Verb } from '../lock/lock.ts';
import { lockPath } from './client.ts';
import { type Command, command, jsonOption, whereOptions } from './command.ts';

const DONE: Readonly<Record<Verb, string>> = { lock: 'locked', unlock: 'unlocked', unlatch: 'unlatched' };

export const lock = verbCommand('lock', 'lock a lock');
export const unlock = verbCommand('unlock', 'unlock a lock');
export const unlatch = verbCommand('unlatch', 'pull the latch, so that the door can be pushed open');

function verbCommand(verb: Verb, about: string): Command {
  return command({
    name: verb,
    about,
    words: 'LOCK',
    options: { ...jsonOption, ...whereOptions },
    more: [
      'Done means that the lock itself said yes. Anything else is an error, and says whether the lock may have moved.',
    ],
    async run({ words: [name = ''], values, io, daemon }) {
      const client = await daemon();
      const outcome = await client.ask<Outcome>('POST', lockPath(name, '/command'), { body: { verb } });
      const seconds = Math.round(outcome.tookMs / 100) / 10;
      io.out(values.json ? JSON.stringify(outcome) : `${name}: ${DONE[verb]} (${seconds} s).`);
      return 0;
    },
  });
}
