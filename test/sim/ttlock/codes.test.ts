// PIN codes of a virtual TTLock: what 03 and 07 do, and what then opens at the keypad.
import { describe, expect, test } from 'vitest';
import type { HandResult } from '../../../src/sim/hands.ts';
import { Client, World, bytes, hex, u16 } from './world.ts';

const text = (digits: string): string => hex(Uint8Array.of(digits.length)) + Buffer.from(digits).toString('hex');
const FROM_2000 = '0001010000';
/** The clock of the world stands on 2026-05-11 14:23. */
const YESTERDAY = '1a050a0e17';
const TOMORROW = '1a050c0e17';
const NEXT_WEEK = '1a05120e17';

const permanent = (digits: string): string => `0201${text(digits)}${FROM_2000}`;
const period = (digits: string, start: string, end: string): string => `0203${text(digits)}${start}${end}`;
const typed = (world: World, digits: string): HandResult => world.lock.hands.act('type_code', { digits });

async function setUp(): Promise<[World, Client]> {
  const world = new World();
  return [world, await world.admin()];
}

/** [type, digits now, digits at first, dates] of every page. */
async function listed(client: Client): Promise<string[]> {
  const rows: string[] = [];
  for (let next = 0; next !== 0xffff;) {
    const page = bytes(await client.get(0x07, u16(next)));
    if (page[0] === 0 && page[1] === 0) break;
    next = (page[2] as number) * 256 + (page[3] as number);
    rows.push(hex(page.subarray(4)));
  }
  return rows;
}

describe('adding', () => {
  test('a permanent code opens the door', async () => {
    const [world, client] = await setUp();
    expect(await client.get(0x03, permanent('654321'))).toBe('6402');
    expect([typed(world, '654321'), world.lock.bolt]).toEqual([expect.objectContaining({ opened: true }), 'unlocked']);
  });

  test('a permanent code may carry five bytes of nothing for its end', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, `${permanent('654321')}0000000000`);
    expect(typed(world, '654321').opened).toBe(true);
  });

  test('a period opens only inside it', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, period('1111', YESTERDAY, TOMORROW));
    await client.get(0x03, period('2222', TOMORROW, NEXT_WEEK));
    const now = [typed(world, '1111').opened, typed(world, '2222').opened];
    world.lock.wall += 2 * 86_400_000;
    expect([now, [typed(world, '1111').opened, typed(world, '2222').opened]]).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('a period counts by the clock of the lock', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, period('1111', YESTERDAY, TOMORROW));
    await client.get(0x43, '11010100000000'.slice(0, 12));
    expect(typed(world, '1111').opened).toBe(false);
  });

  test('a code for once opens once', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, `0202${text('1111')}${YESTERDAY}${TOMORROW}`);
    expect([typed(world, '1111').opened, typed(world, '1111').opened]).toEqual([true, false]);
  });

  test.each([
    ['three digits', permanent('123'), '0f'],
    ['ten digits', permanent('1234567890'), '0f'],
    ['letters', permanent('12a4'), '20'],
    ['an unknown type', `0209${text('1234')}${FROM_2000}`, '20'],
    ['a cyclic one', `0204${text('1234')}${FROM_2000}`, '20'],
    ['no date', `0201${text('1234')}`, '20'],
    ['a period without an end', `0203${text('1234')}${FROM_2000}`, '20'],
    ['an end before its start', period('1234', TOMORROW, YESTERDAY), '20'],
    ['digits that end early', '020109313233', '20'],
  ])('%s is refused', async (_, payload, said) => {
    const [, client] = await setUp();
    expect(await client.ask(0x03, payload)).toMatchObject({ said });
  });

  test('the same digits twice are refused', async () => {
    const [, client] = await setUp();
    await client.get(0x03, permanent('654321'));
    expect(await client.ask(0x03, period('654321', YESTERDAY, TOMORROW))).toMatchObject({ said: '14' });
  });

  test('the digits of the administrator are refused', async () => {
    const [, client] = await setUp();
    await client.get(0x53, '07070707');
    expect(await client.ask(0x03, permanent('7777'))).toMatchObject({ said: '14' });
  });

  test('more than it can hold is refused', async () => {
    const world = new World({ variant: 'key_box' });
    const client = await world.admin();
    for (let code = 0; code < 50; code++) await client.get(0x03, permanent(String(5000 + code)));
    expect(await client.ask(0x03, permanent('9999'))).toMatchObject({ said: '16' });
  });

  test('on a lock without keypad is unknown', async () => {
    const client = await new World({ variant: 'cylinder' }).admin();
    expect(await client.ask(0x03, permanent('1234'))).toMatchObject({ said: '1b' });
  });
});

describe('listing', () => {
  test('says nothing when there is nothing', async () => {
    const [, client] = await setUp();
    expect(await client.get(0x07, '0000')).toBe('0000');
  });

  test('gives one code a page, as it was put in', async () => {
    const [, client] = await setUp();
    await client.get(0x03, permanent('123456'));
    await client.get(0x03, period('2222', YESTERDAY, TOMORROW));
    expect(await listed(client)).toEqual([
      `1401${text('123456')}${text('123456')}${FROM_2000}`,
      `1503${text('2222')}${text('2222')}${YESTERDAY}${TOMORROW}`,
    ]);
  });
});

describe('changing', () => {
  test('gives a code other digits and remembers the first ones', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, permanent('111111'));
    await client.get(0x03, `0501${text('111111')}${text('222222')}`);
    expect(await listed(client)).toEqual([`1401${text('222222')}${text('111111')}${FROM_2000}`]);
    expect([typed(world, '111111').opened, typed(world, '222222').opened]).toEqual([false, true]);
  });

  test('gives a code another time', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, period('1111', YESTERDAY, TOMORROW));
    await client.get(0x03, `0503${text('1111')}${text('1111')}${TOMORROW}${NEXT_WEEK}`);
    expect(typed(world, '1111').opened).toBe(false);
  });

  test('a code that is not there is refused', async () => {
    const [, client] = await setUp();
    expect(await client.ask(0x03, `0501${text('1111')}${text('2222')}`)).toMatchObject({ said: '15' });
  });

  test('into the digits of another is refused', async () => {
    const [, client] = await setUp();
    await client.get(0x03, permanent('1111'));
    await client.get(0x03, permanent('2222'));
    expect(await client.ask(0x03, `0501${text('1111')}${text('2222')}`)).toMatchObject({ said: '14' });
  });

  test('is unknown to a lock whose codes cannot be changed', async () => {
    const world = new World({ features: [0x71c4f577] });
    const client = await world.admin();
    await client.get(0x03, permanent('1111'));
    expect(await client.ask(0x03, `0501${text('1111')}${text('2222')}`)).toMatchObject({ said: '1b' });
  });
});

describe('taking away', () => {
  test('one code', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, permanent('1111'));
    await client.get(0x03, permanent('2222'));
    expect(await client.get(0x03, `0301${text('1111')}`)).toBe('6403');
    expect([typed(world, '1111').opened, typed(world, '2222').opened]).toEqual([false, true]);
  });

  test('one that is not there is refused', async () => {
    const [, client] = await setUp();
    expect(await client.ask(0x03, `0301${text('1111')}`)).toMatchObject({ said: '15' });
  });

  test('all', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, permanent('1111'));
    await client.get(0x03, '01');
    expect([await listed(client), typed(world, '1111').opened]).toEqual([[], false]);
  });

  test('all, by the erase code at the keypad', async () => {
    const [world, client] = await setUp();
    await client.get(0x03, permanent('1111'));
    await client.get(0x44, '0909090909');
    expect(typed(world, '99999')).toMatchObject({ done: true, opened: false });
    await world.clock.advance(100);
    expect(await listed(client)).toEqual([]);
  });
});

describe('writing back', () => {
  test('a code with its history', async () => {
    const [, client] = await setUp();
    await client.get(0x03, `0603${text('2222')}${text('1111')}${YESTERDAY}${TOMORROW}`);
    expect(await listed(client)).toEqual([`1503${text('2222')}${text('1111')}${YESTERDAY}${TOMORROW}`]);
  });

  test('a cyclic code with its two bytes', async () => {
    const [, client] = await setUp();
    await client.get(0x03, `0604${text('2222')}${text('2222')}${FROM_2000}0103`);
    expect(await listed(client)).toEqual([`1204${text('2222')}${text('2222')}${FROM_2000}0103`]);
  });
});

describe('the codes of the administrator', () => {
  test('can be set and read', async () => {
    const [world, client] = await setUp();
    await client.get(0x53, '01020304050607');
    expect(await client.get(0x65)).toBe('640731323334353637');
    expect(typed(world, '1234567').opened).toBe(true);
  });

  test('have to have 4 to 9 digits', async () => {
    const [, client] = await setUp();
    expect([(await client.ask(0x53, '010203')).said, (await client.ask(0x53, '0102030a')).said]).toEqual(['0f', '20']);
  });

  test('may not be the same twice', async () => {
    const [, client] = await setUp();
    await client.get(0x44, '0909090909');
    expect(await client.ask(0x53, '0909090909')).toMatchObject({ said: '10' });
  });

  test('cannot be read from a lock without feature 18', async () => {
    const client = await new World({ features: [0x71c0f5f7] }).admin();
    expect(await client.ask(0x65)).toMatchObject({ said: '1b' });
  });

  test('are 123456 as long as nobody set one', async () => {
    const world = new World({ features: [0x71c0f5f7] });
    const factory = typed(world, '123456').opened;
    const client = await world.admin();
    const paired = typed(world, '123456').opened;
    await client.get(0x53, '07070707');
    expect([factory, paired, typed(world, '123456').opened]).toEqual([true, true, false]);
  });
});

test('the seeds of cloud-made codes are kept', async () => {
  const [, client] = await setUp();
  await client.get(0x31, `1a${'19a00a66f95d'.repeat(10)}`);
  expect((await client.get(0x32)).slice(0, 14)).toBe('6419a00a66f95d');
  expect(await client.ask(0x31, '1a')).toMatchObject({ said: '20' });
});
