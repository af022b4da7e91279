// latchbridge matter show|open|close|fabrics|remove|reset|selftest|ctl: other homes that see our locks.
import { writeFileSync } from 'node:fs';
import { renderSVG, renderUnicodeCompact } from 'uqr';
import { LockError, textOf } from '../base/errors.ts';
import type { MatterFabric, MatterNode, MatterStatus } from '../lock/matter-port.ts';
import { usage } from './args.ts';
import type { Client } from './client.ts';
import { type Asked, command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { control } from './matter-control.ts';
import { table, time } from './text.ts';

/** Saying goodbye to every controller and starting anew. */
const RESET_MS = 60_000;

const options = {
  node: { type: 'string', value: 'NODE', about: 'which node; default bridge, the one that has all locks' },
  svg: { type: 'string', value: 'FILE', about: 'show: write the QR code as a picture into this file' },
  yes: { type: 'boolean', about: 'reset: do it without asking' },
  'pin-stdin': { type: 'boolean', about: 'ctl: the PIN is piped in' },
  person: { type: 'string', value: 'NAME', about: 'ctl pin: whose it is, at most 10 characters' },
  ...jsonOption,
  ...whereOptions,
} as const;
type Matter = Asked<typeof options>;

const ACTS: Readonly<Record<string, (asked: Matter) => Promise<number>>> = {
  show,
  open,
  close,
  fabrics,
  remove,
  reset,
  selftest: ({ start, io, values }) => start.selftest(line => io.out(line), values.json ?? false),
  ctl: ({ words, values, io, daemon }) => control({ words: words.slice(1), values, io, daemon }),
};

export const matter = command({
  name: 'matter',
  about: 'show the code for Apple, Google, Alexa and others; manage who has used it',
  words: 'ACT [WORD...]',
  options,
  more: [
    'matter show                 the code and its QR code, while it can be used',
    'matter open [SECONDS]       lets one more app in: a new code for 180 to 900 seconds',
    'matter close                ends that early',
    'matter fabrics              the homes that have used a code',
    'matter remove INDEX         takes a home off: it sees and opens nothing here any more',
    'matter reset                takes all homes off and makes new codes; locks are not touched',
    'matter selftest             tries everything on a virtual lock and a simulated network; needs no daemon',
    'matter ctl                  the controller of the demo:',
    '  ctl locks, ctl events [LOCK], ctl lock|unlock|unbolt LOCK, ctl users LOCK, ctl pin LOCK [USER], ctl clear LOCK USER',
  ],
  async run(asked) {
    const [act = ''] = asked.words;
    const work = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!work) throw usage(`ACT must be ${Object.keys(ACTS).slice(0, -1).join(', ')} or ctl.`);
    return work(asked);
  },
});

async function show({ values, io, daemon }: Matter): Promise<number> {
  const client = await daemon();
  const status = await client.get<MatterStatus>('/api/matter');
  if (values.svg !== undefined) writePicture(values.svg, nodeOf(status, values.node));
  if (values.json) {
    io.out(JSON.stringify(status));
    return 0;
  }
  if (status.state === 'off') io.out('Matter is switched off (matter.enabled).');
  if (status.state === 'starting') io.out('Matter is still starting; try again in a few seconds.');
  if (status.reason !== undefined) io.err(status.fix === undefined ? status.reason : `${status.reason} ${status.fix}`);
  const wanted = status.nodes.filter(node => values.node === undefined || node.id === values.node);
  for (const node of wanted) printNode(node, io);
  if (status.locks.length > 0) printLocks(status, io);
  return status.state === 'failed' ? 1 : 0;
}

function printNode(node: MatterNode, io: Io): void {
  io.out(
    node.lock === undefined ? `The bridge, UDP port ${node.port}` : `"${node.lock}" by itself, UDP port ${node.port}`,
  );
  if (node.fabrics > 0) io.out(`  in use by ${node.fabrics} home(s); latchbridge matter fabrics lists them`);
  if (!node.codes) {
    io.out('  no code now; latchbridge matter open makes one for another app');
    return;
  }
  for (const line of renderUnicodeCompact(node.codes.qr).split('\n')) io.out(`  ${line}`);
  io.out(`  ${spaced(node.codes.manual)}   ${node.codes.qr}`);
  if (node.windowUntil !== undefined) io.out(`  until ${time(node.windowUntil, io.zone)}`);
}

function printLocks({ locks }: MatterStatus, io: Io): void {
  const rows = locks.map(lock => [
    lock.name,
    String(lock.endpoint),
    lock.reachable ? 'yes' : 'no',
    lock.features.join(', ') || 'lock and unlock only',
  ]);
  for (const line of table(['LOCK', 'ENDPOINT', 'REACHABLE', 'FEATURES'], rows)) io.out(line);
}

async function open({ words, values, io, daemon }: Matter): Promise<number> {
  const [, text] = words;
  if (text !== undefined && !/^\d{1,4}$/.test(text)) throw usage('SECONDS must be from 180 to 900.');
  const client = await daemon();
  const body = { ...at(values.node), ...(text === undefined ? {} : { seconds: Number(text) }) };
  const node = await client.ask<MatterNode>('POST', '/api/matter/window', { body });
  if (values.json) io.out(JSON.stringify(node));
  else printNode(node, io);
  return 0;
}

async function close({ values, io, daemon }: Matter): Promise<number> {
  const client = await daemon();
  await client.ask('DELETE', '/api/matter/window', { body: at(values.node) });
  if (!values.json) io.out('Nobody else can be let in now.');
  return 0;
}

async function fabrics({ values, io, daemon }: Matter): Promise<number> {
  const found = await listed(await daemon());
  if (values.json) io.out(JSON.stringify({ fabrics: found }));
  else if (found.length === 0) io.out('Nobody has used a code yet.');
  else {
    const rows = found.map(each => [String(each.index), each.node, each.label, each.vendor]);
    for (const line of table(['INDEX', 'NODE', 'LABEL', 'VENDOR'], rows)) io.out(line);
  }
  return 0;
}

async function remove({ words, values, io, daemon }: Matter): Promise<number> {
  const [, index = ''] = words;
  if (!/^\d{1,3}$/.test(index)) throw usage('INDEX is a number that "matter fabrics" shows.');
  const client = await daemon();
  await client.ask('DELETE', `/api/matter/fabrics/${index}`, { body: at(values.node) });
  io.out(values.json ? JSON.stringify({ removed: Number(index) }) : `Home ${index} is removed.`);
  return 0;
}

async function reset({ values, io, daemon }: Matter): Promise<number> {
  const client = await daemon();
  if (!values.yes) {
    if (!io.interactive) throw usage('Nobody can be asked here; say --yes.');
    const typed = await io.ask('Every app loses its locks and must be set up again. Type yes to do it: ');
    if (typed.trim().toLowerCase() !== 'yes')
      throw new LockError('stopped', 'Nothing was done.', { reason: 'not_confirmed' });
  }
  await client.ask('POST', '/api/matter/reset', { body: at(values.node), withinMs: RESET_MS });
  io.out(values.json ? JSON.stringify({ reset: true }) : 'Done. latchbridge matter show shows the new code.');
  return 0;
}

async function listed(client: Client): Promise<readonly MatterFabric[]> {
  return (await client.get<{ fabrics: MatterFabric[] }>('/api/matter/fabrics')).fabrics;
}

function at(node: string | undefined): { node?: string } {
  return node === undefined ? {} : { node };
}

function nodeOf({ nodes }: MatterStatus, wanted = 'bridge'): MatterNode {
  const found = nodes.find(each => each.id === wanted);
  if (found) return found;
  throw new LockError('not_found', 'There is no such Matter node, or Matter does not run.');
}

function writePicture(file: string, { codes }: MatterNode): void {
  if (!codes) {
    const text = 'It is in use and no window is open: latchbridge matter open makes a code.';
    throw new LockError('not_found', text, { reason: 'no_code' });
  }
  try {
    // Who has the code can open the doors.
    writeFileSync(file, renderSVG(codes.qr), { mode: 0o600 });
  } catch (cause) {
    throw new LockError('disk', `The picture could not be written to ${file}: ${textOf(cause)}`, { cause });
  }
}

/** Eleven digits as apps show them: 1234-567-8901. */
function spaced(manual: string): string {
  return manual.replace(/^(\d{4})(\d{3})(\d{4})$/, '$1-$2-$3');
}
