// Home on a phone: how each lock is, locking by a tap, unlocking by holding, by keys too.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { House, launch, open } from './browser.ts';

/** Longer than the button wants to be held. */
const HELD_MS = 1000;

let browser: Browser;
let house: House;
let page: Page;
let errors: string[];
let door: Locator;

beforeAll(async () => {
  [browser, house] = await Promise.all([launch(), House.open(['--locks', 'ttlock:front_door,ttlock:lever:office'])]);
  ({ page, errors } = await open(browser));
  await page.goto(house.program.ready.link);
  door = page.getByRole('article', { name: 'front_door' });
  await door.waitFor();
});
afterAll(async () => {
  await browser.close();
  await house.end();
});

/** Waits until the card says so. */
const shown = (text: string): Promise<string> =>
  door
    .getByText(text, { exact: true })
    .waitFor()
    .then(() => text);

test('a tap locks, and the card says what the lock said', async () => {
  await house.hand('front_door', 'thumb', 'unlock');
  expect(await shown('Unlocked')).toBe('Unlocked');
  await door.getByRole('button', { name: 'Lock front_door', exact: true }).click();
  expect(await shown('Locked')).toBe('Locked');
});

test('a touch does not unlock; holding does', async () => {
  const button = door.getByRole('button', { name: 'Unlock front_door', exact: true });
  await button.click();
  expect(await shown('Hold to act')).toBe('Hold to act');
  expect(await shown('Locked')).toBe('Locked');
  await button.click({ delay: HELD_MS });
  expect(await shown('Unlocked')).toBe('Unlocked');
});

test('with keys: Enter held, or pressed twice', async () => {
  await door.getByRole('button', { name: 'Lock front_door', exact: true }).press('Enter');
  expect(await shown('Locked')).toBe('Locked');
  const button = door.getByRole('button', { name: /^Unlock front_door/ });
  await button.press('Enter');
  expect(await shown('Press again')).toBe('Press again');
  await button.press('Enter');
  expect(await shown('Unlocked')).toBe('Unlocked');
});

test('what somebody does at the door shows without asking', async () => {
  await house.hand('front_door', 'thumb', 'lock');
  expect(await shown('Locked')).toBe('Locked');
});

test('a daemon that is killed is said to be gone, and is found again without a reload', async () => {
  await house.killAndRestart();
  expect(await shown('Locked')).toBe('Locked');
  await house.hand('front_door', 'thumb', 'unlock');
  expect(await shown('Unlocked')).toBe('Unlocked');
});

test('nothing was thrown in the page, and nothing asked of another machine', () => expect(errors).toEqual([]));
