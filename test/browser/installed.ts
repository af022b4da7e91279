// The daemon as it is installed, kept by something that starts it again when it asks for that; and its first owner.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { end, run } from '../daemon/program.ts';

export const PASSWORD = 'four quiet brass hinges';
/** What the program ends with so that it is started again. */
const AGAIN = 75;

export class Installed {
  readonly folder: string;
  readonly port: number;
  #child: ChildProcess | undefined;
  /** How often it was started. */
  starts = 0;
  #ended = false;

  static async open(): Promise<Installed> {
    const installed = new Installed(mkdtempSync(join(tmpdir(), 'latchbridge-installed-')), await freePort());
    await installed.#start();
    return installed;
  }

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  /** Ends with a slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async link(): Promise<string> {
    const { out, err } = await run(['web', 'link', '--data', this.folder]);
    const found = /https?:\/\/\S+#\/link\/\S+/.exec(out);
    if (!found) throw new RangeError(`no link: ${out}${err}`);
    return found[0];
  }

  /** The first owner, who is then in. */
  async setUp(page: Page): Promise<void> {
    await page.goto(await this.link());
    await page.getByLabel('Your name').fill('Anna');
    await page.getByLabel('A password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  }

  /** A lock whose keys were brought along from another program; it is nowhere near. */
  async bring(name: string): Promise<void> {
    const file = join(this.folder, 'lockData.json');
    const privateData = { aesKey: '00112233445566778899aabbccddeeff', admin: { adminPs: 11, unlockKey: 22 } };
    writeFileSync(file, JSON.stringify([{ address: 'C0:00:00:00:00:01', name, privateData }]));
    const { code, err } = await run(['import', file, '--data', this.folder]);
    if (code !== 0) throw new RangeError(`import: ${err}`);
  }

  async end(): Promise<void> {
    this.#ended = true;
    if (this.#child) await end(this.#child, 'SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves when it is ready. Without Matter: that would speak on the networks of this machine. */
  #start(): Promise<void> {
    const words = [inject('main'), 'run', '--json', '--data', this.folder, '--http-port', String(this.port)];
    // As a unit of systemd has it: the number of its own process.
    const shell = 'SYSTEMD_EXEC_PID=$$ exec "$0" "$@"';
    const child = spawn('/bin/sh', ['-c', shell, process.execPath, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LATCHBRIDGE_MATTER_ENABLED: 'false', LATCHBRIDGE_LOG_LEVEL: 'silent' },
    });
    this.#child = child;
    this.starts += 1;
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', () => resolve());
      child.once('exit', code => {
        if (code === AGAIN && !this.#ended) this.#start().then(resolve, reject);
        else reject(new RangeError(`the daemon ended with ${code}`));
      });
    });
  }
}

/** `run` wants a port that stays; this one was free a moment ago. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    }),
  );
}
