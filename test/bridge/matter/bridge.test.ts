// The bridge against our controller, on the simulated network, with a real virtual lock behind it.
import { afterEach, describe, expect, test } from 'vitest';
import { Rig, type RigOptions } from './rig.ts';

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.stop();
  rig = undefined;
});
async function make(options?: RigOptions): Promise<Rig> {
  rig = await Rig.make(options);
  return rig;
}

describe('a lock on the bridge', () => {
  test('has its own endpoint number, its name and what it can do', async () => {
    const { seen, view } = await make();
    expect(view.endpoint).toBe(2);
    expect(seen).toMatchObject({ name: 'front_door', reachable: true, lockState: 'unlocked' });
  });

  test('is locked by a controller, which hears of it as its own doing before the state', async () => {
    const { us, at, place, news } = await make();
    await us.operate(at, 'lock');
    expect(place.lock.bolt).toBe('locked');
    await expect.poll(() => rig?.seen?.lockState).toBe('locked');
    expect(rig?.events('lockOperation')).toMatchObject([{ lockOperationType: 0, operationSource: 7, fabricIndex: 1 }]);
    expect(news.length).toBeGreaterThan(0);
  });
});
