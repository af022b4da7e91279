// Every view, on a phone and on a desk, light and dark: nothing that axe calls serious, nothing that sticks out sideways.
// Pictures go to build/page/ for people to look at.
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, House, PHONE, axe, launch, open, overflows } from './browser.ts';

const PICTURES = 'build/page';
const VIEWS: Readonly<Record<string, string>> = {
  home: 'Home',
  nearby: 'Nearby',
  flows: 'Flows',
  hands: 'Hands',
  start: 'Nearly there',
  'lock/front_door': 'front_door',
  'lock/front_door/people': 'front_door',
  'lock/front_door/settings': 'front_door',
  'lock/front_door/log': 'front_door',
  'lock/front_door/work': 'front_door',
  'start/reset/front_door': 'Reset',
  'start/turnover/front_door': 'Change of guests',
  system: 'System',
  'system/health': 'Health',
  'system/log': 'Live log',
  'system/audit': 'Audit',
  'system/radios': 'Bluetooth',
  'system/mqtt': 'MQTT',
  'system/matter': 'Matter',
  'system/people': 'People',
  'system/tokens': 'API tokens',
  'system/config': 'Settings',
  'system/backup': 'Backup and restore',
  'system/recovery': 'Recovery code',
  'system/support': 'Support bundle',
  'system/account': 'Your account',
};

let browser: Browser;
let house: House;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [browser, house] = await Promise.all([
    launch(),
    House.open(['--locks', 'ttlock:front_door,nuki:flat_2,ttlock:key_box:box:unpaired']),
  ]);
});
afterAll(async () => {
  await browser.close();
  await house.end();
});

describe.each([
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
  { name: 'desk-light', viewport: DESK, colorScheme: 'light' },
  { name: 'desk-dark', viewport: DESK, colorScheme: 'dark' },
] as const)('$name', ({ name, viewport, colorScheme }) => {
  test('every view is sound', async () => {
    const { page, errors } = await open(browser, { viewport, colorScheme, reducedMotion: 'reduce' });
    await page.goto(await house.link());
    await page.getByRole('article', { name: 'front_door' }).waitFor();
    const wrong: object[] = [];
    for (const [view, heading] of Object.entries(VIEWS)) {
      await page.goto(`${house.url}#/${view}`);
      await page.getByRole('heading', { level: 1, name: heading }).first().waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await page.screenshot({ path: `${PICTURES}/${view.replaceAll('/', '-')}-${name}.png` });
      const findings = await axe(page);
      if (findings.length > 0) wrong.push({ view, findings });
      if (await overflows(page)) wrong.push({ view, overflows: true });
    }
    expect({ wrong, errors }).toEqual({ wrong: [], errors: [] });
  }, 300_000);
});
