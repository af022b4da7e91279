// latchbridge import FILE: our own export, or what another program left behind.
import { readFileSync, statSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import type { Json } from '../lock/driver.ts';
import { type CarriedLock, EXPORT_FORMAT } from '../lock/upkeep.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { readSecret } from './secrets.ts';

/** Unsealing is slow on purpose, and every key is synced to the disk. */
const IMPORT_MS = 60_000;
/** What the daemon takes. */
const MOST_BYTES = 4 * 1024 * 1024;

const OUTCOMES: Readonly<Record<CarriedLock['outcome'], string>> = {
  added: 'is new here',
  renewed: 'was here; its keys were taken over',
  kept: 'was here already, with the same keys',
};

export const importing = command({
  name: 'import',
  about: 'take locks and their keys in from a file',
  words: 'FILE',
  options: {
    'passphrase-stdin': { type: 'boolean', about: 'the passphrase is piped in' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'Reads what export has written, and lockData.json of the TTLock add-on for Home Assistant.',
    'A Nuki needs no import from another program: it takes many clients, so pair it beside that.',
    'Stop the other program first: a lock talks to one at a time.',
  ],
  async run({ words: [file = ''], values, io, self, daemon }) {
    const client = await daemon();
    const document = read(file);
    const passphrase = isSealed(document)
      ? await readSecret(io, { what: 'passphrase', option: 'passphrase-stdin', piped: values['passphrase-stdin'] })
      : undefined;
    const body = { document, ...(passphrase ? { passphrase: passphrase.reveal() } : {}) };
    const { locks } = await client.ask<{ locks: CarriedLock[] }>('POST', '/api/import', { body, withinMs: IMPORT_MS });
    if (values.json) io.out(JSON.stringify(locks));
    else if (locks.length === 0) io.out('There was no lock in it.');
    else for (const line of locks.flatMap(lock => lines(lock, self))) io.out(line);
    return 0;
  },
});

function lines({ name, family, outcome, weak }: CarriedLock, self: string): string[] {
  const first = `${name} (${family}) ${OUTCOMES[outcome]}.`;
  return weak === undefined
    ? [first]
    : [first, `  Weak keys: ${weak} To change them: ${self} unpair ${name}, then pair it again.`];
}

function isSealed(document: Json): boolean {
  return typeof document === 'object' && document !== null && 'format' in document && document.format === EXPORT_FORMAT;
}

function read(file: string): Json {
  const wrong = (text: string, cause?: unknown) =>
    new LockError('invalid', `${shown(file, 200)} ${text}.`, { reason: 'file', cause });
  let text: string;
  try {
    if (statSync(file).size > MOST_BYTES) throw wrong('is too large; it can hold 4 MiB at most');
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw thrown instanceof LockError ? thrown : wrong('cannot be read', thrown);
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Without a cause: its text quotes the file, which holds keys.
    throw wrong('is not JSON, so it is none of the files that can be imported');
  }
}
