// Whole flows on a phone, done by somebody who has only the page: the questions, the hands of the demo, the hold drill, a
// reload and a killed daemon in the middle.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { House, axe, launch, open } from './browser.ts';

/** A whole flow waits for motors, links and the lock's own pauses. */
const FLOW_MS = 240_000;

let browser: Browser;
let house: House;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await House.open(['--locks', 'ttlock:front_door']);
  ({ page, errors } = await open(browser));
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
  act: (instruction: string) => Promise<void>;
}

const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
const lead = (): Promise<string> => page.locator('.flow-lead').innerText();
/** What the radio sees answers a question as well: then it goes by itself, and its buttons with it. */
async function answer(name: string, instruction: string): Promise<void> {
  while ((await lead()) === instruction) {
    const pressed = page.getByRole('button', { name, exact: true }).first().click({ timeout: 1000 });
    if (await pressed.then(() => true).catch(() => false)) return;
  }
}
/** Where the instruction is about one; later in a flow the door stands open already. */
async function openDoor(): Promise<void> {
  const hand = page.locator('.hand-quick').getByRole('button', { name: 'Open the door', exact: true });
  await hand.click({ timeout: 2000 }).catch(() => undefined);
}

/** What somebody does at each question. Where the radio sees it, the question goes by itself. */
const rules: Rule[] = [
  {
    when: /^Open the door and prop it/,
    act: async instruction => {
      await openDoor();
      await answer('Done', instruction);
    },
  },
  { when: /^(Erase|Go ahead with) /, act: () => confirm() },
  { when: /^Have the tool/, act: instruction => answer('Done', instruction) },
  { when: /^Find the reset button/, act: () => press('My tool is on it') },
  { when: /^Hold the reset button/, act: () => holdButton() },
  // A hand that was too quick: the radio mostly says so first. Then it is held once more.
  { when: /^What did the lock do/, act: instruction => answer('Nothing', instruction) },
  { when: /Touch|Press any key|Wake/, act: () => press('Touch the keypad') },
  { when: /^Stand OUTSIDE/, act: () => press('Skip') },
  { when: /^Type \d+/, act: () => press('Skip') },
  { when: /^If anybody knows a code/, act: () => press('Skip') },
  { when: /is paired, set up/, act: instruction => answer('Done', instruction) },
];

async function confirm(): Promise<void> {
  const digits = (await page.locator('.flow-digits-shown').innerText()).replace(/\D/g, '');
  await page.getByLabel(`Type ${digits} to confirm`).fill(digits);
  await press('Confirm');
}

/** The drill: press, hold until it says to let go. */
async function holdButton(): Promise<void> {
  const hand = page.getByRole('button', { name: 'Reset button: press and hold' }).first();
  await hand.scrollIntoViewIfNeeded();
  await press('I press it now');
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

/** Waits for another instruction; where none comes, the page says what it shows instead. */
async function changed(instruction: string): Promise<void> {
  const other = page.waitForFunction(
    before => {
      const { document } = globalThis as unknown as { document: { querySelector(s: string): { innerText: string } } };
      return document.querySelector('.flow-lead')?.innerText !== before;
    },
    instruction,
    { timeout: 90_000 },
  );
  await other.catch(async () => {
    throw new RangeError(`nothing follows on this page:\n${await page.locator('main').innerText()}`);
  });
}

/** Follows the instructions to the end; gives them as they were read. `at` is called at each one that is a question. */
async function follow(at: (instruction: string) => Promise<void> = async () => undefined): Promise<string[]> {
  const read: string[] = [];
  for (;;) {
    const instruction = await lead();
    // It may have ended between the two looks.
    if (await page.locator('.flow-card-ended').isVisible()) return [...read, await lead()];
    const rule = rules.find(({ when }) => when.test(instruction));
    if (rule) {
      read.push(instruction);
      await at(instruction);
      await rule.act(instruction);
    }
    await changed(instruction);
  }
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
