// The operation log of a virtual TTLock: which act leaves which record, and how it is read.
import { describe, expect, test } from 'vitest';
import { Client, World, bytes, u16 } from './world.ts';

interface Entry {
  number: number;
  type: number;
  tail: string;
}

/** Reads by number from a cursor to the end. */
async function read(client: Client, from = 0): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let cursor = from; ;) {
    const page = bytes(await client.get(0x25, u16(cursor)));
    if (page[0] === 0 && page[1] === 0) return entries;
    cursor = (page[2] as number) * 256 + (page[3] as number);
    entries.push({
      number: cursor - 1,
      type: page[5] as number,
      tail: Buffer.from(page.subarray(13)).toString('hex'),
    });
  }
}

const text = (digits: string): string =>
  Buffer.from([digits.length]).toString('hex') + Buffer.from(digits).toString('hex');
const twice = (digits: string): string => text(digits) + text(digits);
const SHORT = 'deadbeef';
const ALWAYS = '0001010000630c1f173b';
const OVER = '00010100001a050a0e17';

type Act = (world: World, client: Client) => Promise<unknown>;
const hand =
  (name: string, value = ''): Act =>
  world =>
    Promise.resolve(world.lock.hands.act(name, { value }));
const ask =
  (command: number, payload: string): Act =>
  (_, client) =>
    client.get(command, payload);
const all =
  (...acts: Act[]): Act =>
  async (world, client) => {
    for (const act of acts) await act(world, client);
  };
const finger: Act = async (world, client) => {
  await client.get(0x06, '02');
  for (let press = 0; press < 4; press++) world.lock.hands.act('present_finger', { value: 'thumb' });
  await world.clock.advance(1000);
};
const code = (digits: string): Act => ask(0x03, `0201${text(digits)}0001010000`);
const privacy = all(ask(0x68, '020000001700000007'), hand('privacy', 'on'));

test.each<[string, number, string, Act]>([
  ['unlocking by app', 1, '000000006a01e64b', (_, client) => client.turn(0x47)],
  ['locking by app', 26, '000000006a01e64b', (_, client) => client.turn(0x58)],
  ['a code', 4, twice('1111'), all(code('1111'), hand('type_code', '1111'))],
  [
    'a code that was changed',
    4,
    text('2222') + text('1111'),
    all(code('1111'), ask(0x03, `0501${text('1111')}${text('2222')}`), hand('type_code', '2222')),
  ],
  ['the code of the administrator', 92, twice('77777'), all(ask(0x53, '0707070707'), hand('type_code', '77777'))],
  ['a wrong code', 7, text('4321'), hand('type_code', '4321')],
  ['a code that is over', 11, twice('1111'), all(ask(0x03, `0203${text('1111')}${OVER}`), hand('type_code', '1111'))],
  ['a code that was taken away', 6, twice('1111'), all(code('1111'), ask(0x03, `0301${text('1111')}`))],
  ['all codes gone', 8, '1a050b0e17', ask(0x03, '01')],
  ['the erase code', 10, twice('99999'), all(ask(0x44, '0909090909'), hand('type_code', '99999'))],
  ['a card added', 15, SHORT, ask(0x05, `02${SHORT}${ALWAYS}`)],
  ['a card enrolled', 15, SHORT, all(ask(0x05, '02'), hand('present_card', '3735928559'))],
  ['a card', 17, SHORT, all(ask(0x05, `02${SHORT}${ALWAYS}`), hand('present_card', '3735928559'))],
  ['an unknown card of 8 bytes', 25, '0123456789abcdef', hand('present_card', '81985529216486895')],
  ['a card taken away', 18, SHORT, all(ask(0x05, `02${SHORT}${ALWAYS}`), ask(0x05, `03${SHORT}`))],
  ['all cards gone', 16, '', ask(0x05, '04')],
  ['a finger enrolled', 21, '010000000000', finger],
  ['a finger', 20, '010000000000', all(finger, hand('present_finger', 'thumb'))],
  ['an unknown finger', 22, '000000000000', hand('present_finger', 'thumb')],
  ['a finger taken away', 23, '010000000000', all(finger, ask(0x06, '03010000000000'))],
  ['all fingers gone', 24, '', ask(0x06, '04')],
  ['the app, double-locked', 41, '000000006a01e64b', all(privacy, (_, client) => client.turn(0x47))],
  ['a code, double-locked', 38, twice('1111'), all(code('1111'), privacy, hand('type_code', '1111'))],
  [
    'a card, double-locked',
    39,
    SHORT,
    all(ask(0x05, `02${SHORT}${ALWAYS}`), privacy, hand('present_card', '3735928559')),
  ],
  ['a finger, double-locked', 40, '010000000000', all(finger, privacy, hand('present_finger', 'thumb'))],
  ['a mechanical key', 27, '', hand('turn_key', 'unlock')],
  ['locking by mechanical key', 36, '', hand('turn_key', 'lock')],
  ['opening from inside', 32, '', hand('thumb', 'unlock')],
  ['force', 29, '', hand('force')],
])('%s is record %i', async (_, type, tail, act) => {
  const world = new World();
  const client = await world.admin();
  await act(world, client);
  await world.clock.advance(200);
  expect((await read(client)).at(-1)).toMatchObject({ type, tail });
});

test('the door is records 31 and 30, with the battery of its sensor', async () => {
  const world = new World({ doorSensor: true });
  const client = await world.admin();
  world.lock.hands.act('thumb', { to: 'unlock' });
  world.lock.hands.act('door', { to: 'open' });
  world.lock.hands.act('door', { to: 'closed' });
  await world.clock.advance(200);
  expect((await read(client)).slice(1)).toEqual([
    { number: 1, type: 31, tail: '64' },
    { number: 2, type: 30, tail: '64' },
  ]);
});

test('a restart is record 14', async () => {
  const world = new World();
  await world.pair();
  world.lock.hands.act('batteries_out');
  world.lock.hands.act('batteries_in');
  const client = await world.connect();
  expect(await read(client)).toEqual([{ number: 0, type: 14, tail: '' }]);
});

describe('reading', () => {
  async function three(options: ConstructorParameters<typeof World>[0] = {}): Promise<Client> {
    const world = new World(options);
    const client = await world.pair();
    for (const digits of ['1111', '2222', '3333']) world.lock.hands.act('type_code', { digits });
    return client;
  }
  const numberOf = async (client: Client, seq: string): Promise<string> =>
    (await client.get(0x25, seq)).slice(0, 8) || 'none';

  test('gives one record an answer, with its time and battery', async () => {
    const client = await three();
    expect(await client.get(0x25, '0000')).toMatch(/^001000010d071a050b0e17..640431313131$/);
  });

  test('FFFF gives each new record once', async () => {
    const client = await three();
    const seen = [];
    for (let round = 0; round < 4; round++) seen.push(await numberOf(client, 'ffff'));
    expect(seen).toEqual(['00100001', '00100002', '00100003', '0000']);
  });

  test('by number moves nothing', async () => {
    const client = await three();
    await read(client);
    expect(await numberOf(client, 'ffff')).toBe('00100001');
  });

  test('by number can move the bookmark too', async () => {
    const client = await three({ knobs: { explicitReadsMoveBookmark: true } });
    await numberOf(client, '0001');
    expect(await numberOf(client, 'ffff')).toBe('00100003');
  });

  test('ends at the number behind the newest', async () => {
    const client = await three();
    expect(await client.get(0x25, '0003')).toBe('0000');
  });

  test('beyond that is stale, without a code', async () => {
    const client = await three();
    expect(await client.ask(0x25, '0004')).toMatchObject({ said: '' });
  });

  test('is stale as often as asked', async () => {
    const client = await three({ knobs: { staleCursor: 1 } });
    const first = await client.ask(0x25, '0000');
    expect([first.said, await numberOf(client, '0000')]).toEqual(['', '00100001']);
  });

  test('clears the bit in the advert when all has been read', async () => {
    const world = new World();
    await (await world.pair()).link.close();
    world.lock.hands.act('type_code', { digits: '1111' });
    const flag = (): number => (world.lock.advert()?.manufacturer?.[3] ?? 0) & 0x02;
    const before = flag();
    const client = await world.connect();
    await client.get(0x25, 'ffff');
    await client.link.close();
    expect([before, flag()]).toEqual([2, 0]);
  });

  test('forgets the oldest of more than it can hold', async () => {
    const world = new World();
    const client = await world.pair();
    for (let round = 0; round < 510; round++) world.lock.hands.act('turn_key', { to: 'unlock' });
    await world.clock.advance(60_000);
    const again = client.link.open ? client : await world.connect();
    expect((await again.get(0x25, '0000')).slice(0, 8)).toBe('000b000b');
  });
});
