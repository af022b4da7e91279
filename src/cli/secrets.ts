// Passphrases, PINs and codes: typed unseen or piped in, never on the command line, where other users could read them.
import { LockError } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import { usage } from './args.ts';
import type { Io } from './io.ts';

export interface Wanted {
  /** What it is, e.g. "passphrase". */
  what: string;
  /** The option that says that it is piped in. */
  option: string;
  piped: boolean | undefined;
  /** Typed a second time, for what cannot be looked up again. */
  twice?: boolean;
}

export async function readSecret(io: Io, { what, option, piped, twice = false }: Wanted): Promise<Secret<string>> {
  if (piped) {
    const text = (await io.input()).replace(/\r?\n$/, '');
    if (text === '' || text.includes('\n')) throw usage(`Pipe in exactly one line: the ${what}.`);
    return new Secret(text);
  }
  if (!io.interactive) throw usage(`Nobody can be asked for the ${what} here; pipe it in with --${option}.`);
  const typed = await io.ask(`${what[0]?.toUpperCase()}${what.slice(1)}: `, { hidden: true });
  if (typed === '')
    throw new LockError('stopped', 'Nothing was typed, so nothing was done.', { reason: 'not_confirmed' });
  if (twice && (await io.ask('Once more: ', { hidden: true })) !== typed) {
    throw new LockError('invalid', 'The two were different, so nothing was done.', { reason: 'not_the_same' });
  }
  return new Secret(typed);
}
