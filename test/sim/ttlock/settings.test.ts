// Settings, clock and device information of a virtual TTLock.
import { describe, expect, test } from 'vitest';
import { type Client, World } from './world.ts';

const admin = (options: ConstructorParameters<typeof World>[0] = {}): Promise<Client> => new World(options).admin();

test.each([
  ['auto-lock', 0x36, '02012c', '6401012c00050384'],
  ['auto-lock off', 0x36, '020000', '6401000000050384'],
  ['sound off', 0x62, '0200', '64010003'],
  ['sound at volume 5', 0x62, '02010502', '64010105'],
  ['showing PINs', 0x59, '0201', '640101'],
  ['remote unlock', 0x37, '0201', '640101'],
  ['freeze', 0x61, '0201', '640101'],
  ['lamp', 0x67, '02001e', '6401001e'],
  ['switches', 0x68, '020000001700000010', '64010000001700000010'],
])('%s is set and read back', async (_, command, set, read) => {
  const client = await admin();
  expect(await client.get(command, set)).toBe('6402');
  expect(await client.get(command, '01')).toBe(read);
});

test.each([
  ['4 s to relock', 0x36, '020004'],
  ['1000 s to relock', 0x36, '0203e8'],
  ['half a number', 0x36, '0201'],
  ['volume 6', 0x62, '02010600'],
  ['a flag of 2', 0x59, '0202'],
  ['no operation', 0x61, '07'],
  ['switches it has not', 0x68, '02000000ff000000ff'],
])('%s is refused', async (_, command, payload) => {
  const client = await admin();
  expect(await client.ask(command, payload)).toMatchObject({ said: '20' });
});

test.each([0x36, 0x62, 0x59, 0x37, 0x61, 0x67, 0x66, 0x68])(
  'setting %i is unknown without its feature',
  async command => {
    const client = await admin({ features: [0x00000001] });
    expect(await client.ask(command, '01')).toMatchObject({ said: '1b' });
  },
);

test('sound has no volume without feature 43', async () => {
  const client = await admin({ features: [0x00008001] });
  expect(await client.get(0x62, '01')).toBe('640101');
  expect(await client.ask(0x62, '02010500')).toMatchObject({ said: '20' });
});

test('auto-lock tells its door flag where there is a sensor', async () => {
  const client = await admin({ doorSensor: true });
  await client.get(0x36, '02ffff01');
  expect(await client.get(0x36, '01')).toBe('640100000005038401');
});

test('a switch map is taken whole: who sends one bit clears the others', async () => {
  const client = await admin();
  const before = await client.get(0x68, '01');
  await client.get(0x68, '020000001000000010');
  expect([before, await client.get(0x68, '01')]).toEqual(['64010000001700000003', '64010000001700000010']);
});

describe('passage mode', () => {
  test('is listed one window a page, then an empty last page', async () => {
    const client = await admin();
    await client.get(0x66, '02010300081e112d');
    await client.get(0x66, '0202050c00000000');
    const pages = [];
    for (const page of ['00', '01', '02']) pages.push(await client.get(0x66, `01${page}`));
    expect(pages).toEqual(['640101010300081e112d', '64010202050c00000000', '6401ff']);
  });

  test('forgets one window and then all', async () => {
    const client = await admin();
    await client.get(0x66, '02010300081e112d');
    await client.get(0x66, '02010400081e112d');
    await client.get(0x66, '03010300081e112d');
    const one = await client.get(0x66, '0100');
    await client.get(0x66, '04');
    expect([one, await client.get(0x66, '0100')]).toEqual(['640101010400081e112d', '6401ff']);
  });

  test('refuses a window that is not there or makes no sense', async () => {
    const client = await admin();
    expect((await client.ask(0x66, '03010300081e112d')).said).toBe('1f');
    expect((await client.ask(0x66, '02030300081e112d')).said).toBe('20');
    expect((await client.ask(0x66, '02010300181e112d')).said).toBe('20');
  });
});

describe('the clock', () => {
  test('shows what it was set to, and runs', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x43, '1b0c1f173b3a');
    await world.clock.advance(3000);
    expect((await client.get(0x34)).slice(0, 10)).toBe('1c01010000');
  });

  test('takes no time that is none', async () => {
    const client = await admin();
    expect(await client.ask(0x43, '1b0d1f173b32')).toMatchObject({ said: '20' });
  });

  test('begins long ago in a new lock', async () => {
    const world = new World();
    world.lock.hands.act('press_key');
    const client = await world.connect();
    expect((await client.get(0x34)).slice(0, 10)).toBe('1101010000');
  });
});

describe('device information', () => {
  test.each([
    ['01', 'SN138-BL02_PV53'],
    ['02', '1.3'],
    ['03', '6.0.21.210519'],
    ['04', '20210519'],
    ['05', 'F2:C1:AD:4C:AE:FD'],
  ])('%s is a text with one byte too many', async (number, text) => {
    const client = await admin();
    expect(Buffer.from(await client.get(0x90, number), 'hex').toString('latin1')).toBe(`${text}Z`);
  });

  test('that it has not is refused', async () => {
    const client = await admin();
    expect(await client.ask(0x90, '07')).toMatchObject({ said: '20' });
  });

  test.each([
    ['deadbolt', '6473c4fff700000d14'],
    ['lever', '64344cd1f700002000'],
    ['cylinder', '640044d1e6'],
    ['padlock', '64200450e5'],
    ['key_box', '64200450e1'],
  ] as const)('the features of a %s', async (variant, features) => {
    const client = await admin({ variant });
    expect(await client.get(0x01)).toBe(features);
  });
});
