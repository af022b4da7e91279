// What a command is: its words and options for help and parsing, and what it does.
import type { PageSettings } from '../config/page.ts';
import type { Options, ValuesOf } from './args.ts';
import type { Client } from './client.ts';
import type { RadioFact } from './examine.ts';
import type { Io } from './io.ts';
import type { DemoOptions, RunOptions } from './start-options.ts';

/** What the command line hands over to: each resolves with the exit code. */
export interface Start {
  run(options: RunOptions): Promise<number>;
  demo(options: DemoOptions): Promise<number>;
  /** Matter against itself, on a virtual lock; prints how it goes. */
  selftest(out: (line: string) => void, json: boolean): Promise<number>;
  /** Loads what reads the settings of the page of the daemon that keeps its things in a folder. */
  pageSettings: () => Promise<(data: string) => PageSettings>;
  /** Tries the adapters that the settings name (the first one without); nothing is left open. */
  probeRadios: (devices: readonly string[]) => Promise<readonly RadioFact[]>;
}

export interface Asked<T extends Options = Options> {
  words: string[];
  values: ValuesOf<T>;
  io: Io;
  start: Start;
  /** What somebody types to start this program. */
  self: string;
  /** The daemon; rejects when none runs. */
  daemon: () => Promise<Client>;
}

export interface Command {
  name: string;
  /** One line of the list of commands. */
  about: string;
  /** What stands after the name: `NAME [SLOT]`. */
  words: string;
  options: Options;
  /** Further lines of help. */
  more?: readonly string[];
  /** The exit code: 0 done, 1 refused or failed. */
  run(asked: Asked): Promise<number>;
}

/** Options of every command that talks to the daemon. */
export const whereOptions = {
  data: { type: 'string', value: 'FOLDER', about: "the daemon's data folder" },
  config: { type: 'string', value: 'FILE', about: 'the settings file that names the data folder' },
} as const satisfies Options;

export const jsonOption = {
  json: { type: 'boolean', about: 'print JSON for programs' },
} as const satisfies Options;

/** Keeps the types of the options and of `run` together, then forgets them. */
export function command<const T extends Options>(
  given: Omit<Command, 'options' | 'run'> & { options: T; run(asked: Asked<T>): Promise<number> },
): Command {
  return given as unknown as Command;
}
