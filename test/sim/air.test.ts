// The air: who hears whom, and who may connect.
import { describe, expect, test } from 'vitest';
import type { AirLink } from '../../src/sim/air-link.ts';
import { ADDRESS, joined, setUp } from './echo.ts';

describe('hearing', () => {
  test('a scan hears a peripheral once an interval', async () => {
    const { clock, air } = setUp();
    let heard = 0;
    air.scan(() => heard++);
    await clock.advance(10_500);
    expect(heard).toBeGreaterThanOrEqual(10);
    expect(heard).toBeLessThanOrEqual(11);
  });

  test('an advert says whose it is and how strong', async () => {
    const { clock, air, echo } = setUp();
    air.setSignal(ADDRESS, -71);
    const heard: unknown[] = [];
    air.scan(advert => heard.push(advert));
    await clock.advance(1000);
    expect(heard[0]).toMatchObject({ address: echo.address, addressType: 'random', rssi: -71, name: 'one' });
  });

  test('a changed advert is heard at once, not an interval later', async () => {
    const { clock, air, echo } = setUp();
    const names: (string | undefined)[] = [];
    air.scan(advert => names.push(advert.name));
    await clock.advance(1000);
    names.length = 0;
    echo.rename('two');
    await clock.advance(25);
    expect(names).toEqual(['two']);
  });

  test('nobody scans and no timer runs', async () => {
    const { clock, air } = setUp();
    const stop = air.scan(() => undefined);
    stop();
    expect(clock.armed).toBe(0);
  });

  test('a quiet air says each advert once until it changes', async () => {
    const { clock, air, echo } = setUp({ quiet: true });
    let heard = 0;
    air.scan(() => heard++);
    await clock.advance(60_000);
    echo.rename('two');
    await clock.advance(60_000);
    expect(heard).toBe(2);
  });

  test('adverts get lost as often as asked', async () => {
    const { clock, air } = setUp({ advertLoss: 1 });
    let heard = 0;
    air.scan(() => heard++);
    await clock.advance(5000);
    expect(heard).toBe(0);
  });

  test('adverts can be doubled', async () => {
    const { clock, air } = setUp({ duplicateAdverts: true });
    let heard = 0;
    air.scan(() => heard++);
    await clock.advance(1000);
    expect(heard).toBe(2);
  });

  test('a peripheral that was taken away is no longer heard', async () => {
    const { clock, air } = setUp();
    let heard = 0;
    air.scan(() => heard++);
    air.remove(ADDRESS);
    await clock.advance(5000);
    expect([heard, clock.armed]).toEqual([0, 0]);
  });
});

describe('connecting', () => {
  test('takes the configured time', async () => {
    const { clock, air } = setUp({ connectMs: 70 });
    await clock.run(air.connect(ADDRESS));
    expect(clock.elapsed()).toBe(70);
  });

  test('one central at a time: the second waits until the first has left', async () => {
    const { clock, air, link } = await joined();
    let second: AirLink | undefined;
    void air.connect(ADDRESS).then(opened => (second = opened));
    await clock.advance(30_000);
    const waited = second;
    await link.close();
    await clock.advance(2000);
    expect([waited, second?.number]).toEqual([undefined, 2]);
  });

  test('a refusal is said', async () => {
    const { clock, air, echo } = setUp();
    echo.welcome = false;
    await expect(clock.run(air.connect(ADDRESS))).rejects.toMatchObject({ code: 'refused' });
  });

  test('a sleeper never answers until it wakes', async () => {
    const { clock, air, echo } = setUp();
    echo.awake = false;
    let opened = false;
    void air.connect(ADDRESS).then(() => (opened = true));
    await clock.advance(60_000);
    const before = opened;
    echo.awake = true;
    await clock.advance(2000);
    expect([before, opened]).toEqual([false, true]);
  });

  test('to one that left it never settles, until it comes back', async () => {
    const { clock, air, echo } = setUp();
    air.remove(ADDRESS);
    let opened = false;
    void air.connect(ADDRESS).then(() => (opened = true));
    await clock.advance(60_000);
    const before = opened;
    air.add(echo);
    await clock.advance(2000);
    expect([before, opened]).toEqual([false, true]);
  });

  test('a cancelled attempt rejects, opens nothing later and leaves no timer', async () => {
    const { clock, air, echo } = setUp();
    echo.awake = false;
    const abort = new AbortController();
    const attempt = air.connect(ADDRESS, abort.signal);
    abort.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
    echo.awake = true;
    await clock.advance(5000);
    expect([echo.central, clock.armed]).toEqual([undefined, 0]);
  });

  test('without power there is no radio', async () => {
    const { air } = setUp();
    air.power(false);
    await expect(air.connect(ADDRESS)).rejects.toMatchObject({ code: 'radio_off' });
  });

  test('power off drops links, fails attempts and silences scans', async () => {
    const { clock, air, echo, link } = await joined();
    let heard = 0;
    air.scan(() => heard++);
    const attempt = air.connect(ADDRESS);
    air.power(false);
    await expect(attempt).rejects.toMatchObject({ code: 'radio_off' });
    await clock.advance(5000);
    expect([link.open, echo.drops, heard, clock.armed]).toEqual([false, 1, 0, 0]);
  });
});
