// The command line: finds the command, parses its options, runs it, turns errors into words and exit codes.
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { nearest } from '../base/nearest.ts';
import { explain, parse, usage } from './args.ts';
import type { Command, Start } from './command.ts';
import { commands } from './commands.ts';
import { findDaemon } from './daemon.ts';
import type { Io } from './io.ts';
import { self, version } from './self.ts';

const DONE = 0;
const REFUSED = 1;
const MISTYPED = 2;

/** Resolves with the exit code: 0 done, 1 the lock or the daemon said no, 2 mistyped. */
export async function cli(argv: readonly string[], io: Io, start: Start): Promise<number> {
  const [name, ...rest] = argv;
  const known = commands.find(command => command.name === name);
  try {
    if (name === undefined) throw usage(`Say what to do. ${self()} --help lists the commands.`);
    if (name === '--version' || name === '-v') return say(io, [version()]);
    if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) return say(io, overview());
    const wanted = name === 'help' ? commands.find(command => command.name === rest[0]) : known;
    if (!wanted) throw unknown(name === 'help' ? (rest[0] ?? '') : name);
    if (name === 'help' || wantsHelp(rest)) return say(io, helpOf(wanted));
    return await run(wanted, rest, { io, start });
  } catch (thrown) {
    return failed(thrown, io, { json: rest.includes('--json'), name: known?.name });
  }
}

async function run(wanted: Command, argv: readonly string[], { io, start }: { io: Io; start: Start }): Promise<number> {
  const { values, words } = parse(argv, wanted.options, wanted.words);
  const where = values as { data?: string; config?: string };
  const daemon = async () => {
    const found = await findDaemon(where, { clock: io.clock, self: self() });
    if (found.demo) io.err('(in the demo)');
    return found.client;
  };
  return wanted.run({ words, values, io, start, self: self(), daemon });
}

function failed(thrown: unknown, io: Io, { json, name }: { json: boolean; name: string | undefined }): number {
  if (!(thrown instanceof LockError)) throw thrown;
  const { code, reason, message, acted } = thrown;
  if (json) io.out(JSON.stringify({ error: { code, reason, text: message, acted } }));
  else io.err(message);
  if (reason !== 'usage') return REFUSED;
  if (!json && name !== undefined) io.err(`How it is written: ${self()} ${name} --help`);
  return MISTYPED;
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some(word => word === '--help' || word === '-h');
}

function unknown(name: string): LockError {
  const near = nearest(
    name,
    commands.map(command => command.name),
  );
  return usage(
    `There is no command "${shown(name)}".${near ? ` Did you mean ${near}?` : ''} ${self()} --help lists the commands.`,
  );
}

function say(io: Io, lines: readonly string[]): number {
  for (const line of lines) io.out(line);
  return DONE;
}

function overview(): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Latchbridge brings Bluetooth locks to MQTT: pair, lock, unlock, unpair, without any cloud.',
    '',
    `Usage: ${self()} COMMAND [...]`,
    '',
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    `${self()} COMMAND --help says more. --version prints the version.`,
    'Exit codes: 0 done, 1 the lock or the daemon said no, 2 mistyped; of flows 3: it waits for somebody or goes on.',
  ];
}

function helpOf({ name, about, words, options, more = [] }: Command): string[] {
  const table = explain(options);
  return [
    `${about[0]?.toUpperCase()}${about.slice(1)}.`,
    '',
    `Usage: ${[self(), name, words].filter(Boolean).join(' ')}${table.length > 0 ? ' [options]' : ''}`,
    ...(table.length > 0 ? ['', ...table] : []),
    ...(more.length > 0 ? ['', ...more] : []),
  ];
}
