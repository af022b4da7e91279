// From nothing: the first owner of a new installation, and a lock that is paired from the list of what is nearby.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { end, run } from '../daemon/program.ts';
import { House, axe, launch, open } from './browser.ts';

const PASSWORD = 'four quiet brass hinges';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test('the first owner: a link from the command line, a name, a password; later it signs in with these', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchbridge-first-'));
  const child = await daemon(folder);
  const { page, errors } = await open(browser);
  try {
    const { out } = await run(['web', 'link', '--data', folder]);
    await page.goto(/https?:\/\/\S+#\/link\/\S+/.exec(out)?.[0] ?? '');
    await page.getByLabel('Your name').fill('Anna');
    await page.getByLabel('A password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { level: 1, name: /first lock/ }).waitFor();
    expect(page.url()).not.toContain('link');
    // What is missing on this machine, and what to do about it.
    await page.getByRole('link', { name: 'Write it down' }).waitFor();
    expect(await axe(page)).toEqual([]);

    const other = await open(browser);
    await other.page.goto(page.url());
    await other.page.getByLabel('Name').fill('Anna');
    await other.page.getByLabel('Password').fill('something else');
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await other.page.getByLabel('Password').fill(PASSWORD);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('navigation', { name: 'Main' }).waitFor();
    expect([...errors, ...other.errors]).toEqual([]);
  } finally {
    await end(child, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a lock that somebody wakes shows up nearby, and is paired from there', async () => {
  const house = await House.open(['--locks', 'ttlock:front_door:unpaired']);
  const { page, errors } = await open(browser);
  try {
    await page.goto(house.program.ready.link);
    await page.getByRole('link', { name: 'Add a lock' }).click();
    await house.hand('front_door', 'press_key');
    const nearby = page.getByRole('list', { name: 'Locks nearby' });
    await nearby.getByRole('meter', { name: 'Signal' }).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await nearby.getByRole('button', { name: /^Pair / }).click();
    await page.getByRole('button', { name: 'Begin pairing' }).click();
    await page.locator('.flow-lead', { hasText: /Touch|Press|Stand OUTSIDE/ }).waitFor({ timeout: 60_000 });
    expect(errors).toEqual([]);
  } finally {
    await page.context().close();
    await house.end();
  }
});

/** The daemon as it is installed, without Matter: that would speak on the networks of this machine. */
async function daemon(folder: string): Promise<ChildProcess> {
  const words = [inject('main'), 'run', '--json', '--data', folder, '--http-port', String(await freePort())];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LATCHBRIDGE_MATTER_ENABLED: 'false', LATCHBRIDGE_LOG_LEVEL: 'silent' },
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', () => resolve());
    child.once('exit', code => reject(new RangeError(`the daemon ended with ${code}`)));
  });
  return child;
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
