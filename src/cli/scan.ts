// latchbridge scan: locks that can be heard, and what can be done with each.
import { sleep } from '../base/clock.ts';
import type { Candidate } from '../flow/flow.ts';
import { lowerFirst } from '../flow/nature.ts';
import type { LockView } from '../lock/lock.ts';
import { mustHear } from './bluetooth.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { dateTime, table, time } from './text.ts';

/** A sleeping lock says something every few seconds. */
const USUAL_S = 6;

export const scan = command({
  name: 'scan',
  about: 'look for locks nearby, and say what can be done with each',
  words: '',
  options: {
    seconds: { type: 'number', value: 'N', least: 0, most: 300, about: `how long to look, default ${USUAL_S}` },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'pairable  can be paired now',
    'taken     belongs to somebody else',
    'ours      we hold its key',
    'refused   of a kind that we cannot speak to',
    '',
    'Most locks sleep: touch the keypad or the handle, and a new one shows itself for some seconds.',
    'Others are always heard and offer themselves while somebody holds their button: it is said below the list.',
  ],
  async run({ values, io, self, daemon }) {
    const client = await daemon();
    await mustHear(client);
    const seconds = values.seconds ?? USUAL_S;
    if (seconds > 0) {
      if (!values.json) io.err(`Looking for ${seconds} s; touch the lock to wake it.`);
      await sleep(io.clock, seconds * 1000, io.signal);
    }
    const { nearby, open, until } = await client.get<{ nearby: Candidate[]; open: boolean; until?: number }>(
      '/api/nearby',
    );
    if (values.json) {
      io.out(JSON.stringify(nearby));
      return 0;
    }
    const sorted = nearby.toSorted((a, b) => b.rssi - a.rssi);
    const rows = sorted.map(it => [
      it.state,
      it.name ?? it.model,
      it.model,
      it.address,
      `${it.rssi} dBm`,
      time(it.heardAt, io.zone),
    ]);
    if (rows.length === 0) io.out('No lock was heard. Touch it, go closer, or look again.');
    else for (const line of table(['STATE', 'NAME', 'MODEL', 'ADDRESS', 'SIGNAL', 'HEARD'], rows)) io.out(line);
    const { locks } = await client.get<{ locks: LockView[] }>('/api/locks');
    const named = new Map(locks.map(({ id, name }) => [id, name]));
    for (const it of sorted) io.out(`${it.address}: ${adviceFor(it, self, named.get(it.lock ?? ''))}`);
    if (open && until) io.out(`The pairing window is open until ${dateTime(until, io.zone)}.`);
    return 0;
  },
});

function adviceFor({ state, advice, address, asks }: Candidate, self: string, name: string | undefined): string {
  const code = asks === undefined ? '' : `   (it asks for its code: ${lowerFirst(asks.text)})`;
  if (state === 'pairable') return `pair it with: ${self} pair ${address}${code}`;
  if (state === 'ours') return `it is ours${name === undefined ? '' : `, called ${name}`}.`;
  if (advice !== undefined) return `${state}: ${advice}`;
  if (state === 'refused') return 'refused: it is of a kind that Latchbridge cannot speak to.';
  return `taken: delete it in the maker's app first (this erases its codes), or bring its keys along: ${self} import FILE`;
}
