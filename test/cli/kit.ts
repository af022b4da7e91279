// A fake daemon behind a real control socket, and a terminal that remembers what was said and answers what it is told.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { unlessAborted } from '../../src/base/clock.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { utc } from '../../src/base/zone.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { ApiParts } from '../../src/bridge/web/parts.ts';
import { memoryLogins } from '../bridge/web/logins.ts';
import { openControlSocket } from '../../src/bridge/web/socket.ts';
import { cli } from '../../src/cli/cli.ts';
import type { Start } from '../../src/cli/command.ts';
import type { RadioFact } from '../../src/cli/examine.ts';
import type { Io } from '../../src/cli/io.ts';
import type { PageSettings } from '../../src/config/page.ts';
import type { DemoOptions, RunOptions } from '../../src/cli/start-options.ts';
import { FakeDaemon } from '../bridge/web/fake-parts.ts';

export class FakeIo implements Io {
  readonly outs: string[] = [];
  readonly errs: string[] = [];
  readonly asked: { question: string; hidden: boolean }[] = [];
  readonly answers: string[] = [];
  stopper = new AbortController();
  readonly clock = new VirtualClock();
  readonly zone = utc;
  interactive = true;
  piped = '';
  /** Called after each line of output. */
  heard: () => void = () => undefined;

  out(line: string): void {
    this.outs.push(line);
    this.heard();
  }
  err(line: string): void {
    this.errs.push(line);
    this.heard();
  }
  readonly statuses: string[] = [];
  status(text: string): void {
    this.statuses.push(text);
    this.heard();
  }
  /** Without an answer left nobody says anything until the question is withdrawn. */
  async ask(
    question: string,
    { hidden = false, signal }: { hidden?: boolean; signal?: AbortSignal } = {},
  ): Promise<string> {
    this.asked.push({ question, hidden });
    this.heard();
    const answer = this.answers.shift();
    if (answer !== undefined || !signal) return answer ?? '';
    return unlessAborted(signal, new Promise<string>(() => undefined));
  }
  async input(): Promise<string> {
    return this.piped;
  }
  get signal(): AbortSignal {
    return this.stopper.signal;
  }
  /** As if the next command was typed after Ctrl-C. */
  renew(): void {
    this.stopper = new AbortController();
  }
  /** Everything that anybody could see. */
  get all(): string {
    return [...this.outs, ...this.errs, ...this.asked.map(it => it.question)].join('\n');
  }
  /** Waits until it was said; the test's own deadline ends a wait for what is never said. */
  async until(so: (all: string) => boolean): Promise<void> {
    while (!so(this.all)) await new Promise<void>(resolve => (this.heard = resolve));
  }
}

export class FakeStart implements Start {
  ran: RunOptions | undefined;
  demoed: DemoOptions | undefined;
  probed: readonly string[] | undefined;
  radios: RadioFact[] = [{ code: 'ready', id: '00:1a:7d:da:71:13', reason: '', fix: '' }];

  async run(options: RunOptions): Promise<number> {
    this.ran = options;
    return 0;
  }
  async demo(options: DemoOptions): Promise<number> {
    this.demoed = options;
    return 0;
  }
  readonly selftest: Start['selftest'] = async out => {
    out('tested');
    return 0;
  };
  page: PageSettings = { values: new Map(), damaged: [], sealed: [] };
  readonly pageSettings: Start['pageSettings'] = async () => () => this.page;
  readonly probeRadios = async (devices: readonly string[]): Promise<RadioFact[]> => {
    this.probed = devices;
    return this.radios;
  };
}

export interface Kit {
  folder: string;
  daemon: FakeDaemon;
  io: FakeIo;
  start: FakeStart;
  /** Runs the words with the kit's daemon, split at spaces. */
  type(words: string): Promise<number>;
  /** As they are, without naming a daemon. */
  typeRaw(...argv: string[]): Promise<number>;
  /** The JSON that was printed last. */
  printed(): unknown;
}

function loginParts(clock: Clock): Pick<ApiParts, 'logins' | 'urls'> {
  return { logins: memoryLogins(clock).logins, urls: () => ['http://127.0.0.1:8099'] };
}

/** A new one for each test; with `running: false` no daemon serves its folder. */
export function useKit({ running = true, withLogins = false } = {}): Kit {
  let stop: (() => Promise<void>) | undefined;
  const kit: Kit = {
    folder: '',
    daemon: new FakeDaemon(),
    io: new FakeIo(),
    start: new FakeStart(),
    type: words => kit.typeRaw(...words.split(' '), '--data', kit.folder),
    typeRaw: (...argv) => cli(argv, kit.io, kit.start),
    printed: () => JSON.parse(kit.io.outs.at(-1) ?? 'null') as unknown,
  };
  beforeEach(async () => {
    kit.folder = mkdtempSync(join(tmpdir(), 'latchbridge-cli-'));
    kit.daemon = new FakeDaemon();
    kit.io = new FakeIo();
    kit.start = new FakeStart();
    if (!running) return;
    const served = { ...kit.daemon.parts(), ...(withLogins && loginParts(kit.daemon.clock)) };
    const socket = await openControlSocket(join(kit.folder, 'control.sock'), served);
    stop = () => socket.close();
  });
  afterEach(async () => {
    await stop?.();
    stop = undefined;
    rmSync(kit.folder, { recursive: true, force: true });
  });
  return kit;
}
