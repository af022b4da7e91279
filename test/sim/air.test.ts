// The air: who hears whom, who may connect, and what can happen to a piece under way.
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { AirChunk, AirLink, Fate } from '../../src/sim/air-link.ts';
import { Air, type AirOptions, type Central, type Peripheral, type SimAdvert } from '../../src/sim/air.ts';

const ADDRESS = 'c0:00:00:00:00:01';

class Echo implements Peripheral {
  readonly address = ADDRESS;
  readonly addressType = 'random';
  readonly advertEveryMs = 1000;
  readonly services = [
    {
      uuid: '1910',
      characteristics: [
        { uuid: 'fff4', properties: ['notify'] as const },
        { uuid: 'fff2', properties: ['write', 'writeWithoutResponse'] as const },
        { uuid: '2a19', properties: ['read'] as const },
      ],
    },
  ];
  central: Central | undefined;
  awake = true;
  welcome = true;
  name = 'one';
  written_: string[] = [];
  drops = 0;
  #ears = new Set<() => void>();

  advert(): SimAdvert | undefined {
    return this.awake && !this.central ? { connectable: true, services: [], name: this.name } : undefined;
  }
  rename(name: string): void {
    this.name = name;
    for (const ear of this.#ears) ear();
  }
  watchAdvert(changed: () => void): () => void {
    this.#ears.add(changed);
    return () => void this.#ears.delete(changed);
  }
  connected(central: Central): boolean {
    if (this.welcome) this.central = central;
    return this.welcome;
  }
  subscribed(): void {
    // Nothing to do.
  }
  written(_: string, bytes: Uint8Array): void {
    this.written_.push(Buffer.from(bytes).toString('hex'));
    this.central?.notify('fff4', bytes);
  }
  read(): Uint8Array {
    return Uint8Array.of(100);
  }
  disconnected(): void {
    this.central = undefined;
    this.drops++;
  }
}

function setUp(options: Partial<AirOptions> = {}): { clock: VirtualClock; air: Air; echo: Echo } {
  const clock = new VirtualClock();
  let drawn = 0;
  const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => (drawn = (drawn + 37) % 256));
  const air = new Air({ clock, random, ...options });
  const echo = new Echo();
  air.add(echo);
  return { clock, air, echo };
}

async function joined(
  options: Partial<AirOptions> = {},
): Promise<ReturnType<typeof setUp> & { link: AirLink; heard: string[] }> {
  const made = setUp(options);
  const link = await made.clock.run(made.air.connect(ADDRESS));
  const heard: string[] = [];
  await made.clock.run(link.subscribe('fff4', bytes => heard.push(Buffer.from(bytes).toString('hex'))));
  return { ...made, link, heard };
}

const fault =
  (direction: AirChunk['direction'], fate: Fate, kind?: AirChunk['kind']) =>
  (chunk: AirChunk): Fate =>
    chunk.direction === direction && (kind ?? (direction === 'up' ? 'notify' : 'command')) === chunk.kind
      ? fate
      : 'deliver';

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

describe('a link', () => {
  test('carries pieces both ways in order', async () => {
    const { clock, echo, link, heard } = await joined({ chunkMs: 8 });
    await clock.run(Promise.all([1, 2, 3].map(byte => link.write('fff2', Uint8Array.of(byte)))));
    await clock.advance(20);
    expect([echo.written_, heard]).toEqual([
      ['01', '02', '03'],
      ['01', '02', '03'],
    ]);
  });

  test('never calls back from inside a call', async () => {
    const { link, heard } = await joined();
    const sent = link.write('fff2', Uint8Array.of(1));
    expect(heard).toEqual([]);
    await sent;
  });

  test('takes no piece that is larger than its MTU allows', async () => {
    const { link } = await joined({ mtu: 23 });
    await expect(link.write('fff2', new Uint8Array(21))).rejects.toMatchObject({ code: 'invalid' });
  });

  test('knows what a characteristic can do', async () => {
    const { link } = await joined();
    await expect(link.read('fff2')).rejects.toMatchObject({ code: 'invalid' });
  });

  test('reads a value', async () => {
    const { clock, link } = await joined();
    expect(await clock.run(link.read('2a19'))).toEqual(Uint8Array.of(100));
  });

  test('is heard only by who subscribed', async () => {
    const { clock, air } = setUp();
    const link = await clock.run(air.connect(ADDRESS));
    const seen: string[] = [];
    air.knobs.fault = chunk => {
      seen.push(chunk.kind);
      return 'deliver';
    };
    await clock.run(link.write('fff2', Uint8Array.of(1)));
    await clock.settle();
    expect(seen).toEqual(['command']);
  });

  test('says what the peripheral said before it hung up', async () => {
    const { clock, echo, link, heard } = await joined({ chunkMs: 8 });
    echo.central?.notify('fff4', Uint8Array.of(9));
    echo.central?.hangUp();
    await clock.run(link.closed);
    expect([heard, echo.drops]).toEqual([['09'], 1]);
  });

  test('rejects every call once it is closed', async () => {
    const { link } = await joined();
    await link.close();
    await expect(link.write('fff2', Uint8Array.of(1))).rejects.toMatchObject({ code: 'gone' });
  });

  test('that was cut is believed in for a while by the peripheral', async () => {
    const { clock, air, echo, link } = await joined({ lingerMs: 4000 });
    link.cut();
    await clock.advance(3999);
    const before = [echo.drops, air.links().length];
    await clock.advance(1);
    expect([before, echo.drops, air.links().length]).toEqual([[0, 1], 1, 0]);
  });
});

describe('a piece under way', () => {
  async function sent(
    options: Partial<AirOptions>,
    how: { response?: boolean } = {},
  ): Promise<{ said: string; written: string[]; heard: string[]; open: boolean; ms: number }> {
    const { clock, echo, link, heard } = await joined(options);
    const from = clock.elapsed();
    let said = 'pending';
    let ms = -1;
    const done = (word: string) => () => {
      said = word;
      ms = clock.elapsed() - from;
    };
    void link.write('fff2', Uint8Array.of(1, 2, 3), how).then(done('sent'), done('failed'));
    await clock.advance(5000);
    return { said, written: echo.written_, heard, open: link.open, ms };
  }

  test('arrives', async () => {
    expect(await sent({})).toMatchObject({ said: 'sent', written: ['010203'], heard: ['010203'], open: true });
  });

  test('down can be lost, which a command does not notice', async () => {
    expect(await sent({ fault: fault('down', 'drop') })).toMatchObject({ said: 'sent', written: [], open: true });
  });

  test('down can be lost, for whose answer a request waits in vain', async () => {
    const lost = { fault: fault('down', 'drop', 'request') };
    expect(await sent(lost, { response: true })).toMatchObject({ said: 'pending', written: [], open: true });
  });

  test('down can drop the link instead', async () => {
    expect(await sent({ fault: fault('down', 'cut') })).toMatchObject({ said: 'failed', written: [], open: false });
  });

  test('down can arrive in part before the link drops', async () => {
    const cut = { fault: fault('down', { cutAfter: 2 }) };
    expect(await sent(cut)).toMatchObject({ said: 'failed', written: ['0102'], heard: [], open: false });
  });

  test('up can drop the link instead', async () => {
    expect(await sent({ fault: fault('up', 'cut') })).toMatchObject({ written: ['010203'], heard: [], open: false });
  });

  test('up can arrive in part before the link drops', async () => {
    expect(await sent({ fault: fault('up', { cutAfter: 1 }) })).toMatchObject({ heard: ['01'], open: false });
  });

  test('can arrive twice', async () => {
    expect(await sent({ fault: fault('up', 'repeat') })).toMatchObject({ heard: ['010203', '010203'] });
  });

  test('can be late', async () => {
    expect(await sent({ fault: fault('down', { stall: 700 }) })).toMatchObject({ ms: 700, written: ['010203'] });
  });

  test('can be something else when it arrives', async () => {
    const other = { fault: fault('up', { replace: Uint8Array.of(9) }) };
    expect(await sent(other)).toMatchObject({ written: ['010203'], heard: ['09'] });
  });

  test('gets lost by chance, half of the time when asked for half', async () => {
    const { clock, echo, link } = await joined({ loss: 0.5 });
    for (let round = 0; round < 400; round++) await clock.run(link.write('fff2', Uint8Array.of(1)));
    expect(echo.written_.length).toBeGreaterThan(150);
    expect(echo.written_.length).toBeLessThan(250);
  });

  test('is numbered over both directions and over its own', async () => {
    const { clock, air } = setUp();
    const seen: [string, string, number, number][] = [];
    air.knobs.fault = ({ direction, kind, index, indexInDirection }) => {
      seen.push([direction, kind, index, indexInDirection]);
      return 'deliver';
    };
    const link = await clock.run(air.connect(ADDRESS));
    await clock.run(link.subscribe('fff4', () => undefined));
    await clock.run(link.write('fff2', new Uint8Array(5)));
    await clock.run(link.write('fff2', new Uint8Array(1), { response: true }));
    await clock.run(link.read('2a19'));
    expect(seen).toEqual([
      ['down', 'subscribe', 0, 0],
      ['down', 'command', 2, 2],
      ['up', 'notify', 7, 0],
      ['down', 'request', 12, 7],
      ['up', 'notify', 13, 5],
      ['up', 'read', 14, 6],
    ]);
  });
});

test('thousands of exchanges leave no timer', async () => {
  const { clock, link, heard } = await joined({ chunkMs: 1 });
  for (let round = 0; round < 3000; round++) await clock.run(link.write('fff2', Uint8Array.of(1)));
  await clock.advance(10);
  expect([heard.length, clock.armed]).toEqual([3000, 0]);
});
