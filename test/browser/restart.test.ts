// The daemon starts anew because somebody on the page wants it, and the page comes back by itself.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { axe, useBrowser } from './browser.ts';
import { Installed, PASSWORD } from './installed.ts';

const openPage = useBrowser();
let daemon: Installed;
let page: Page;
let errors: string[];

beforeEach(async () => {
  daemon = await Installed.open();
  ({ page, errors } = await openPage({ acceptDownloads: true }));
  await daemon.setUp(page);
});
afterEach(async () => {
  await page.context().close();
  await daemon.end();
});

const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
const dialog = (): ReturnType<Page['getByRole']> => page.getByRole('dialog');

test('a setting that counts from the next start: saved, started anew from there, and in force when the page is back', async () => {
  await page.goto(`${daemon.url}#/system/config`);
  await press('Change policy.flows.escrow_days');
  await dialog().getByLabel('Value').fill('12');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByText('From the next start: 12').waitFor();
  await press('Restart now');
  await dialog().getByText('systemd starts it again').waitFor();
  await dialog().getByText('Every door stays as it is').waitFor();
  await dialog().getByText('No flow is open.').waitFor();
  expect(await axe(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Restart now' }).click();
  await page.getByText('Latchbridge is back.').waitFor();
  await page.getByText('From the next start: 12').waitFor({ state: 'detached' });
  const row = page.getByRole('listitem').filter({ hasText: 'policy.flows.escrow_days' });
  await row.getByText('set here').waitFor();
  expect([daemon.starts, errors]).toEqual([2, []]);
});

test('a backup taken along, a change, and the way back to it: what differs, the word, a new start, the login, the lock of then', async () => {
  await daemon.bring('front_door');
  await page.goto(`${daemon.url}#/system/backup`);
  const [download] = await Promise.all([page.waitForEvent('download'), press('Take one along')]);
  const file = await download.path();

  await page.goto(`${daemon.url}#/lock/front_door/settings`);
  await page.getByLabel('Name', { exact: true }).fill('cellar');
  await press('Save');
  await page.getByRole('heading', { level: 1, name: 'cellar' }).waitFor();

  await page.goto(`${daemon.url}#/system/backup`);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('"cellar" is called "front_door" again.').waitFor();
  expect(await axe(page)).toEqual([]);
  await press('Restore this …');
  await dialog().getByLabel('Type RESTORE to go on').fill('restore');
  await dialog().getByRole('button', { name: 'Restore' }).click();
  await dialog().getByText('Type RESTORE, in capitals.').waitFor();
  await dialog().getByLabel('Type RESTORE to go on').fill('RESTORE');
  await dialog().getByRole('button', { name: 'Restore' }).click();

  // Nobody reloads it: sessions are those of the backup, so it asks who is there.
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await page.getByLabel('Name').fill('Anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await press('Sign in');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${daemon.url}#/home`);
  await page.getByRole('article', { name: 'front_door' }).waitFor();
  expect(await page.getByRole('article', { name: 'cellar' }).count()).toBe(0);
  expect([daemon.starts, errors]).toEqual([2, []]);
});
