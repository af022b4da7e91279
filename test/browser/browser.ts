// The system's Chromium, a demo to look at, and what every test of the page asks of both.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Program, run, startDemo } from '../daemon/program.ts';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';
/** Nothing of it may look for its maker's servers: there is no network here but 127.0.0.1. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** One for all tests of a file; gives a page of it, of which errors are written down. */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<Watched> {
  let browser: Browser;
  beforeAll(async () => void (browser = await launch()));
  afterAll(() => browser.close());
  return options => open(browser, options);
}

/** A demo with its page. Its folder and ports stay over a kill. */
export class House {
  program: Program;
  readonly folder: string;
  readonly #words: readonly string[];

  static async open(words: readonly string[] = []): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'latchbridge-page-'));
    const program = await startDemo(folder, ['--http-port', '0', ...words]);
    return new House(program, folder, words);
  }

  private constructor(program: Program, folder: string, words: readonly string[]) {
    this.program = program;
    this.folder = folder;
    this.#words = words;
  }

  /** Ends with a slash. */
  get url(): string {
    return new URL('/', this.program.ready.http).href;
  }

  /** A link that logs in as the owner, once. */
  async link(): Promise<string> {
    const { out, err } = await run(['web', 'link', '--data', this.folder]);
    const found = /https?:\/\/\S+#\/link\/\S+/.exec(out);
    if (!found) throw new RangeError(`no link: ${out}${err}`);
    return found[0];
  }

  /** Kills the daemon without a word and starts it anew: same folder, same address. */
  async killAndRestart(): Promise<void> {
    const port = new URL(this.url).port;
    await this.program.kill('SIGKILL');
    this.program = await startDemo(this.folder, ['--http-port', port, ...this.#words]);
  }

  /** Somebody at the door. */
  async hand(lock: string, act: string, ...more: string[]): Promise<void> {
    const { code, err } = await run(['hand', lock, act, ...more, '--data', this.folder]);
    if (code !== 0) throw new RangeError(`hand ${act}: ${err}`);
  }

  async end(): Promise<void> {
    await this.program.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A page of which every error on its console, and every failed request to elsewhere, is written down. */
export interface Watched {
  page: Page;
  /** What went wrong in it, in words; empty at the end of a good test. */
  errors: string[];
}

export async function open(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(`thrown: ${error.message}`));
  page.on('console', message => {
    // Requests that are refused, or that meet a daemon that was killed, are part of the stories.
    if (message.type() === 'error' && !/Failed to load resource|ERR_CONNECTION/.test(message.text()))
      errors.push(`console: ${message.text()}`);
  });
  page.on('request', request => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1') errors.push(`asked ${request.url()}`);
  });
  return { page, errors };
}

export interface Finding {
  id: string;
  impact: string;
  where: string[];
}

/** Faults that axe calls serious or critical. */
export async function axe(page: Page): Promise<Finding[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await run.run()).violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(node => node.html.slice(0, 160)),
    }));
  });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

/** Whether something sticks out at the side, so that a phone scrolls sideways. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = (globalThis as unknown as { document: { documentElement: HTMLElement } })
      .document.documentElement;
    return scrollWidth > clientWidth;
  });
}
interface HTMLElement {
  scrollWidth: number;
  clientWidth: number;
}
