// People of a house on a phone: a code for some days of the week, and a technician who was let in for one flat.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../daemon/program.ts';
import { House, type Watched, axe, launch, open } from './browser.ts';

const PASSWORD = 'three green doors';

let browser: Browser;
let house: House;
let watched: Watched;

beforeAll(async () => {
  [browser, house] = await Promise.all([launch(), House.open(['--locks', 'ttlock:front_door,nuki:flat_2'])]);
});
afterAll(async () => {
  await browser.close();
  await house.end();
});
beforeEach(async () => {
  watched = await open(browser);
});
afterEach(() => watched.page.context().close());

test('a code for some days of the week: offered where the lock keeps to them, and on the lock with its hours', async () => {
  const { page, errors } = watched;
  await page.goto(await house.link());
  await page.getByRole('article', { name: 'flat_2' }).waitFor();
  const kinds = async (lock: string): Promise<string[]> => {
    await page.goto(`${house.url}#/lock/${lock}/people`);
    await page.getByRole('button', { name: 'New code' }).click();
    return page.getByLabel('When does it open?').locator('option').allInnerTexts();
  };
  expect(await kinds('front_door')).not.toContain('On some days of the week');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await kinds('flat_2')).toContain('On some days of the week');

  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Whose is it?').fill('Cleaner');
  await dialog.getByLabel('Digits').fill('345678');
  await dialog.getByLabel('When does it open?').selectOption('cyclic');
  const put = dialog.getByRole('button', { name: 'Put it on the lock' });
  await put.click();
  await dialog.getByText('Mark the days of the week on which it opens.').waitFor();
  for (const day of ['Tuesday', 'Friday']) await dialog.getByLabel(day).check({ force: true });
  await dialog.getByLabel('Each day from').fill('09:00');
  await dialog.getByLabel('Each day until').fill('12:00');
  expect(await axe(page)).toEqual([]);
  await put.click();
  await page.getByText('Slot 1 · Tue, Fri 09:00–12:00').waitFor();
  expect(errors).toEqual([]);
});

test('a technician finds out what is wrong in one flat, sees no other, and sees a lock no more that is gone', async () => {
  const { page, errors } = watched;
  const words = ['web', 'add', 'Tom', '--role', 'technician', '--units', 'Flat 1', '--password-stdin'];
  const added = await run([...words, '--data', house.folder], { input: `${PASSWORD}\n` });
  expect(added).toMatchObject({ code: 0 });
  await page.goto(house.url);
  await page.getByLabel('Name').fill('Tom');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const door = page.getByRole('article', { name: 'front_door' });
  await door.waitFor();
  expect(await page.getByRole('article').count()).toBe(1);

  await page.goto(`${house.url}#/lock/front_door`);
  await page.getByRole('link', { name: 'Find out what is wrong' }).click();
  await page.getByRole('button', { name: 'Show the plan' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Diagnosis: done.' }).waitFor();
  await page.getByRole('heading', { name: 'What to do' }).waitFor();
  expect(await axe(page)).toEqual([]);

  await page.goto(`${house.url}#/home`);
  await door.waitFor();
  const removed = await run(['remove', 'front_door', '--force', '--data', house.folder], { input: 'front_door\n' });
  expect(removed).toMatchObject({ code: 0 });
  await door.waitFor({ state: 'detached' });
  await page.getByText('None is yours to see now.').waitFor();
  expect(errors).toEqual([]);
});
