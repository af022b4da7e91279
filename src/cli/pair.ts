// latchbridge pair: waits for a lock that offers itself, and says how it goes on.
import { LockError } from '../base/errors.ts';
import { given } from '../base/given.ts';
import type { PairRequest, PairingEvent } from '../flow/flow.ts';
import type { LockView } from '../lock/lock.ts';
import { mustHear } from './bluetooth.ts';
import type { DaemonEvent } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { pairingText } from './event-text.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';
import { modelText } from './text.ts';

const ADDRESS = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
const USUAL_S = 120;
/** After it was found: connection, keys, first questions; and once more what a keeper may still finish. */
const AFTER_MS = 120_000;

export const pair = command({
  name: 'pair',
  about: 'pair a lock',
  words: '[ADDRESS|LOCK]',
  options: {
    name: { type: 'string', value: 'NAME', about: 'what to call it: lower case letters, digits, _ and -' },
    unit: { type: 'string', value: 'UNIT', about: 'what it belongs to, e.g. a flat' },
    again: {
      type: 'string',
      value: 'LOCK',
      about: 'pair a lock again that is here already: it keeps its name and codes',
    },
    seconds: {
      type: 'number',
      value: 'N',
      least: 1,
      most: USUAL_S,
      about: `how long to wait for it, default ${USUAL_S}`,
    },
    'code-stdin': { type: 'boolean', about: 'the code that the lock asks for is piped in' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'LOCK is one that is on the list and not paired yet: pair key_box in the demo.',
    "Without a word there must be exactly one lock that offers itself, so that nobody pairs the neighbour's.",
    'Make it offer itself: most wake at a touch of the keypad, others are put into pairing mode by a button.',
    '"scan" says of each lock that is heard what it wants.',
  ],
  async run({ words: [which], values, io, daemon }) {
    const client = await daemon();
    await mustHear(client);
    const seconds = values.seconds ?? USUAL_S;
    const request: PairRequest = {
      seconds,
      ...wanted(which, values.again),
      ...given({ name: values.name, unit: values.unit }),
    };
    if (!values.json)
      io.err(
        `Waiting up to ${seconds} s for a lock; touch it to wake it, or hold its button where its kind wants that.`,
      );
    const watching = new AbortController();
    const tell = (event: DaemonEvent): void => {
      const pairing = event['pairing'] as PairingEvent | undefined;
      if (pairing?.kind === 'started' || pairing?.kind === 'candidate') io.err(pairingText(pairing));
    };
    // What it tells is a courtesy: without it pairing goes on.
    const told = values.json ? undefined : client.events('/api/events', tell, watching.signal).catch(() => undefined);
    try {
      const ask = (secret?: string): Promise<LockView> =>
        client.ask<LockView>('POST', '/api/pair', {
          body: { ...request, ...(secret !== undefined && { secret }) },
          withinMs: seconds * 1000 + AFTER_MS,
        });
      const piped = values['code-stdin'] ? await codeOf(io, true) : undefined;
      const view = await ask(piped).catch(async (thrown: unknown) => {
        // Before anything was sent: the lock wants a code that only a person knows.
        const needed = thrown instanceof LockError && thrown.reason === 'secret_needed';
        if (!needed || !io.interactive) throw thrown;
        io.err(thrown.message);
        return ask(await codeOf(io, false));
      });
      io.out(values.json ? JSON.stringify(view) : `Paired ${view.name} (${modelText(view)}).`);
      return 0;
    } finally {
      watching.abort();
      await told;
    }
  },
});

async function codeOf(io: Io, piped: boolean): Promise<string> {
  return (await readSecret(io, { what: 'code of the lock', option: 'code-stdin', piped })).reveal();
}

/** A word is an address or a lock of the list; an address beside `--again` says which one is that lock now. */
function wanted(which: string | undefined, again: string | undefined): Pick<PairRequest, 'address' | 'lock'> {
  const address = which !== undefined && ADDRESS.test(which) ? which : undefined;
  if (which !== undefined && address === undefined && again !== undefined) {
    throw new LockError('invalid', `"${which}" is not an address such as c0:00:00:00:00:09.`, { reason: 'usage' });
  }
  return given({ address, lock: again ?? (address === undefined ? which : undefined) });
}
