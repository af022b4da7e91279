// From nothing: the first owner of a new installation, and a lock that is paired from the list of what is nearby.
import { expect, test } from 'vitest';
import { House, axe, useBrowser } from './browser.ts';
import { Installed, PASSWORD } from './installed.ts';

const openPage = useBrowser();

test('the first owner: a link from the command line, a name, a password; later it signs in with these', async () => {
  const daemon = await Installed.open();
  const { page, errors } = await openPage();
  try {
    await daemon.setUp(page);
    await page.getByRole('heading', { level: 1, name: /first lock/ }).waitFor();
    expect(page.url()).not.toContain('link');
    // What is missing on this machine, and what to do about it.
    await page.getByRole('link', { name: 'Write it down' }).waitFor();
    expect(await axe(page)).toEqual([]);

    const other = await openPage();
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
    await daemon.end();
  }
});

test('a lock that somebody wakes shows up nearby, and is paired from there', async () => {
  const house = await House.open(['--locks', 'ttlock:front_door:unpaired']);
  const { page, errors } = await openPage();
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
