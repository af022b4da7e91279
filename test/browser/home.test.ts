// Home on a phone: how each lock is, locking by a tap, unlocking by holding, by keys too.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { House, launch, open } from './browser.ts';

/** Much longer than the button wants to be held. */
const HELD_MS = 2000;

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

/** Down and up in one go, however slow this machine is: what the button says then. */
function touched(button: Locator, kinds: readonly [string, string]): Promise<string> {
  return button.evaluate(async (element, both) => {
    const window = globalThis as unknown as Window;
    for (const kind of both) {
      const how = { bubbles: true, key: 'Enter', button: 0 };
      element.dispatchEvent(
        kind.startsWith('key') ? new window.KeyboardEvent(kind, how) : new window.PointerEvent(kind, how),
      );
    }
    await new Promise(resolve => window.requestAnimationFrame(resolve));
    return (element as unknown as { innerText: string }).innerText.trim();
  }, kinds);
}
type MakeEvent = new (kind: string, how: object) => Event;
interface Window {
  KeyboardEvent: MakeEvent;
  PointerEvent: MakeEvent;
  requestAnimationFrame(call: (at: number) => void): void;
}

test('a tap locks, and the card says what the lock said', async () => {
  await house.hand('front_door', 'thumb', 'unlock');
  expect(await shown('Unlocked')).toBe('Unlocked');
  await door.getByRole('button', { name: 'Lock front_door', exact: true }).click();
  expect(await shown('Locked')).toBe('Locked');
});

test('a touch does not unlock; holding does', async () => {
  const button = door.getByRole('button', { name: 'Unlock front_door', exact: true });
  expect(await touched(button, ['pointerdown', 'pointerup'])).toBe('Hold to act');
  expect(await shown('Locked')).toBe('Locked');
  await button.click({ delay: HELD_MS });
  expect(await shown('Unlocked')).toBe('Unlocked');
});

test('with keys: Enter held, or pressed twice', async () => {
  await door.getByRole('button', { name: 'Lock front_door', exact: true }).press('Enter');
  expect(await shown('Locked')).toBe('Locked');
  const button = door.getByRole('button', { name: /^Unlock front_door/ });
  expect(await touched(button, ['keydown', 'keyup'])).toBe('Press again');
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
