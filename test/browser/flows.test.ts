// Whole flows on a phone, done by somebody who has only the page: the questions, the hands of the demo, the hold drill, a
// reload and a killed daemon in the middle.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { House, axe, useBrowser } from './browser.ts';

/** A whole flow waits for motors, links and the lock's own pauses. */
const FLOW_MS = 240_000;
/** What is on the screen can be pressed within this, or is not there any more. */
const SOON_MS = 1000;
/** Where the instruction is still the same after this, it is followed once more; so often. */
const AGAIN_MS = 5000;
const MOST_GOES = 18;

const openPage = useBrowser();
let house: House;
let page: Page;
let errors: string[];

beforeEach(async () => {
  house = await House.open(['--locks', 'ttlock:front_door']);
  ({ page, errors } = await openPage());
  await page.goto(house.program.ready.link);
  await page.getByRole('article', { name: 'front_door' }).waitFor();
});
afterEach(async () => {
  await page.context().close();
  await house.end();
});

interface Rule {
  /** Of the instruction on the screen. */
  when: RegExp;
  act: () => Promise<unknown>;
}

const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
/** If it is there: what the radio sees answers a question as well, and takes its buttons away. */
const tap = (name: string): Promise<boolean> => {
  const button = page.getByRole('button', { name, exact: true }).first();
  return button.click({ timeout: SOON_MS }).then(
    () => true,
    () => false,
  );
};
const lead = (): Promise<string> => page.locator('.flow-lead').innerText();

/** What somebody does at an instruction, before it is answered. */
const rules: Rule[] = [
  // Later in a flow the door stands open already.
  { when: /^Open the door and prop it/, act: () => tap('Open the door') },
  { when: /^(Erase|Go ahead with) /, act: () => confirm() },
  { when: /^Find the reset button/, act: () => tap('My tool is on it') },
  { when: /^Hold the reset button/, act: () => holdButton() },
  { when: /Touch|Press any key|Wake/, act: () => tap('Touch the keypad') },
];
/** The answers to every question: it is done, it is left out, the lock did nothing, it is tried once more. */
const ANSWERS = ['Done', 'Skip', 'Nothing', 'Try again', 'Go on'];

async function obey(instruction: string): Promise<void> {
  await rules.find(({ when }) => when.test(instruction))?.act();
  // Of this question alone: the radio may have answered it by now, and another one may stand there.
  const heading = page.getByRole('heading', { level: 1, name: instruction, exact: true });
  const card = page.locator('.flow-card').filter({ has: heading });
  for (const name of ANSWERS) {
    const button = card.getByRole('button', { name, exact: true }).first();
    if (await button.isVisible()) return button.click({ timeout: SOON_MS }).catch(() => undefined);
  }
}

async function confirm(): Promise<void> {
  const shown = page.locator('.flow-digits-shown');
  const digits = (await shown.innerText({ timeout: SOON_MS }).catch(() => '')).replace(/\D/g, '');
  if (digits === '') return;
  await page.getByLabel(`Type ${digits} to confirm`).fill(digits);
  await tap('Confirm');
}

/** The drill: press, hold until it says to let go. A hand that was too slow is asked once more. */
async function holdButton(): Promise<void> {
  const hand = page.getByRole('button', { name: 'Reset button: press and hold' }).first();
  if (!(await page.getByRole('button', { name: 'I press it now' }).isVisible())) return;
  await hand.scrollIntoViewIfNeeded();
  if (!(await tap('I press it now'))) return;
  await hand.hover();
  await page.mouse.down();
  await page.locator('.drill-release').waitFor();
  await page.mouse.up();
}

async function begin(type: string, reason: RegExp): Promise<void> {
  await page.goto(`${house.url}#/start/${type}/front_door`);
  await page.getByRole('radio', { name: reason }).check();
  await press('Show the plan');
  await press('Start');
  await page.locator('.flow-lead').waitFor();
}

/** Waits for another instruction, and not for long: an answer may have met a daemon that was just being started. */
function changed(instruction: string): Promise<boolean> {
  const differs = (before: string): boolean => {
    const { document } = globalThis as unknown as { document: { querySelector(s: string): { innerText: string } } };
    return document.querySelector('.flow-lead')?.innerText !== before;
  };
  return page.waitForFunction(differs, instruction, { timeout: AGAIN_MS }).then(
    () => true,
    () => false,
  );
}

/** Follows the instructions to the end; gives them as they were read. `at` is called at each one that is new. */
async function follow(at: (instruction: string) => Promise<void> = async () => undefined): Promise<string[]> {
  const read: string[] = [];
  for (let goes = 1; goes <= MOST_GOES; goes += 1) {
    const instruction = await lead();
    // It may have ended between the two looks.
    if (await page.locator('.flow-card-ended').isVisible()) return [...read, await lead()];
    if (read.at(-1) !== instruction) {
      read.push(instruction);
      await at(instruction);
    }
    await obey(instruction);
    if (await changed(instruction)) goes = 0;
  }
  throw new RangeError(`nothing follows on this page:\n${await page.locator('main').innerText()}`);
}

test(
  'an unpairing, then a pairing again',
  async () => {
    await begin('unpair', /another door/);
    const unpaired = await follow(async () => expect(await axe(page)).toEqual([]));
    expect(unpaired.at(-1)).toBe('Unpairing: done.');
    expect(unpaired.some(text => text.startsWith('Erase'))).toBe(true);
    await page.getByRole('link', { name: 'Pair it again' }).click();
    await press('Show the plan');
    await press('Start');
    await page.locator('.flow-lead').waitFor();
    const paired = await follow();
    expect(paired.at(-1)).toBe('Pairing: done.');
    await page.goto(`${house.url}#/home`);
    const door = page.getByRole('article', { name: 'front_door' });
    await door.getByRole('button', { name: 'Lock front_door', exact: true }).click();
    await door.getByText('Locked', { exact: true }).waitFor();
    expect(errors).toEqual([]);
  },
  FLOW_MS,
);

test(
  'a reset with the hold drill, reloaded at one question and its daemon killed at the next',
  async () => {
    await begin('reset', /Nobody has the admin code/);
    const trouble = [() => page.reload().then(() => undefined), () => house.killAndRestart()];
    const instructions = await follow(async instruction => {
      const next = /^Open the door|^Find the reset/.test(instruction) ? trouble.shift() : undefined;
      if (!next) return;
      await next();
      // The same question is there again, and its answer still counts.
      await page.locator('.flow-lead', { hasText: instruction.slice(0, 20) }).waitFor({ timeout: 60_000 });
    });
    expect(trouble).toEqual([]);
    expect(instructions.filter(text => text.startsWith('Hold the reset')).length).toBeGreaterThan(0);
    expect(instructions.at(-1)).toMatch(/^Reset: done/);
    expect(errors).toEqual([]);
  },
  FLOW_MS,
);
