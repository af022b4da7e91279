// latchbridge record list|show|key|verify: the signed record of each flow that erased something.
import { readFileSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { open } from '../flow/record/seal.ts';
import type { RecordBody } from '../flow/record/words.ts';
import { usage } from './args.ts';
import { type Asked, command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { dateTime, table } from './text.ts';

const options = {
  key: {
    type: 'string',
    value: 'KEY',
    about: 'verify: the public key that must have signed it (record key shows ours)',
  },
  lock: { type: 'string', value: 'LOCK', about: 'list: of this lock only' },
  ...jsonOption,
  ...whereOptions,
} as const;
type Asking = Asked<typeof options>;

const ACTS: Readonly<Record<string, (asked: Asking, word: string | undefined) => Promise<number>>> = {
  list,
  show,
  key,
  verify,
};

export const record = command({
  name: 'record',
  about: 'list, show and check the signed records of unpairings, resets and turnovers',
  words: 'ACT [ID]',
  options,
  more: [
    'record list            all of them, newest first',
    'record show ID         one, by its own id or the flow’s; the signed file, to keep or to pass on',
    'record key             our public key: whoever gets a record compares it with this',
    'record verify FILE     whether a file is whole and claims no more than was verified; needs no daemon',
  ],
  async run(asked) {
    const [act = '', word] = asked.words;
    const work = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!work) throw usage(`ACT must be ${Object.keys(ACTS).slice(0, -1).join(', ')} or verify.`);
    return work(asked, word);
  },
});

interface Listed {
  id: string;
  flow: string;
  at: number;
  kind: RecordBody['kind'];
  title: string;
}

async function list({ values, io, daemon }: Asking): Promise<number> {
  const query = values.lock === undefined ? '' : `?lock=${encodeURIComponent(values.lock)}`;
  const client = await daemon();
  const { records } = await client.get<{ records: Listed[] }>(`/api/records${query}`);
  if (values.json) io.out(JSON.stringify(records));
  else if (records.length === 0) io.out('There are no records yet: a flow that erases something leaves one.');
  else {
    const rows = records.map(({ id, at, title }) => [id, dateTime(at, io.zone), title]);
    for (const line of table(['ID', 'ENDED', 'WHAT'], rows)) io.out(line);
  }
  return 0;
}

/** The file as it was signed: nothing is added. */
async function show({ io, daemon }: Asking, id: string | undefined): Promise<number> {
  if (id === undefined) throw usage('record show needs the ID of a record or of a flow.');
  const client = await daemon();
  const { document } = await client.get<{ document: string }>(`/api/records/${encodeURIComponent(id)}`);
  io.out(document);
  return 0;
}

async function key({ values, io, daemon }: Asking): Promise<number> {
  const client = await daemon();
  const found = await client.get<{ public_key: string }>('/api/record-key');
  io.out(values.json ? JSON.stringify(found) : found.public_key);
  return 0;
}

async function verify({ values, io }: Asking, file: string | undefined): Promise<number> {
  if (file === undefined) throw usage('record verify needs a FILE, or - for what is piped in.');
  const text = file === '-' ? await io.input() : read(file);
  const { record: body, publicKey } = open(text, values.key);
  if (values.json) io.out(JSON.stringify({ valid: true, public_key: publicKey, record: body }));
  else print(body, publicKey, { io, compared: values.key !== undefined });
  return 0;
}

function print(body: RecordBody, publicKey: string, { io, compared }: { io: Io; compared: boolean }): void {
  io.out(body.title);
  io.out(`The signature is good; signed with ${publicKey}${compared ? ', as expected' : '. Compare it: record key'}.`);
  for (const missing of body.missing) io.out(`  ! ${shown(missing, 400)}`);
  const { flow, people } = body;
  io.out(`From ${flow.started_at} to ${flow.ended_at}, started by ${shown(people.starter, 200)}.`);
  for (const { kind, before, after } of body.erased) {
    io.out(`  ${shown(kind)}: ${before} before, ${after ?? 'wiped, or not read'} after`);
  }
  for (const { word, what, by } of body.statements) {
    io.out(`  ${by === undefined ? word : `stated by ${shown(by, 200)}`}: ${shown(what, 400)}`);
  }
  if (flow.exposure_seconds > 0)
    io.out(`  open to the public, with nobody bound to watch it, for ${flow.exposure_seconds} s`);
  io.out(
    body.residual_access.length === 0
      ? 'Nothing else is known to open it.'
      : 'What could still open it, or was not tried:',
  );
  for (const { text, until } of body.residual_access) {
    io.out(`  - ${shown(text, 400)}${until === undefined ? '' : ` (until ${until})`}`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    throw new LockError('invalid', `${shown(file, 200)} cannot be read (${why}).`, { reason: 'file', cause });
  }
}
