// What a virtual Nuki lock does and tells when it is ordered to move.
import { describe, expect, test } from 'vitest';
import type { Client } from './client.ts';
import { said } from './client.ts';
import { type Options, World } from './world.ts';

/** An order, and everything that is told until it is over. */
async function order(client: Client, action: string, ms = 60_000): Promise<string[]> {
  const before = client.heard.length + 1;
  await client.challenged(0x0d, `${action}0000000000`);
  await client.clock.advance(ms);
  return short(client, before);
}

/** States by their lock state alone: `0c:02`. */
function short(client: Client, from: number): string[] {
  return client.heard
    .slice(from)
    .map(each => (each.command === 0x0c ? `state ${each.payload.slice(2, 4)}` : said([each])));
}

const ACCEPTED = '0e 01';
const COMPLETE = '0e 00';
const patient: Options = { knobs: { hangsUpIdle: 0 } };

async function paired(options: Options = patient): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  return { world, client: await world.pair() };
}

describe.each(['smart_lock_4', 'ultra'] as const)('%s', variant => {
  test('unlocks: accepted, unlocking, unlocked, complete', async () => {
    const { world, client } = await paired({ ...patient, variant });
    expect(await order(client, '01')).toEqual([ACCEPTED, 'state 02', 'state 03', COMPLETE]);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['unlocked', 1]);
  });

  test('locks again', async () => {
    const { world, client } = await paired({ ...patient, variant });
    await order(client, '01');
    expect(await order(client, '02')).toEqual([ACCEPTED, 'state 04', 'state 01', COMPLETE]);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['locked', 2]);
  });

  test('unlatches, holds the latch and lets it go', async () => {
    const { world, client } = await paired({ ...patient, variant });
    const places: string[] = [];
    world.lock.onMove = bolt => void places.push(bolt);
    expect(await order(client, '03')).toEqual([ACCEPTED, 'state 07', 'state 05', 'state 03', COMPLETE]);
    expect(places).toEqual(['unlatched', 'unlocked']);
  });
});
