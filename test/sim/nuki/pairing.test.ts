// Becoming known to a virtual Nuki lock, both ways, and all that it refuses.
import { describe, expect, test } from 'vitest';

import { World } from './world.ts';

describe.each(['smart_lock_2', 'smart_lock_3', 'smart_lock_4'] as const)('%s', variant => {
  test('pairs, and knows who it is afterwards', async () => {
    const world = new World({ variant });
    const client = await world.pair();
    expect([world.lock.paired, (await client.state()).slice(0, 4)]).toEqual([true, '0201']);
  });
});

describe.each(['ultra', 'go_5'] as const)('%s', variant => {
  test('pairs with its PIN, and knows who it is afterwards', async () => {
    const world = new World({ variant });
    const client = await world.pair();
    expect([world.lock.paired, (await client.state()).slice(0, 4)]).toEqual([true, '0201']);
  });
});
