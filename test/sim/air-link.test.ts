// A link through the air, and what can happen to a piece under way.
import { describe, expect, test } from 'vitest';
import type { AirChunk, Fate } from '../../src/sim/air-link.ts';
import type { AirOptions } from '../../src/sim/air.ts';
import { ADDRESS, joined, setUp } from './echo.ts';

const fault =
  (direction: AirChunk['direction'], fate: Fate, kind?: AirChunk['kind']) =>
  (chunk: AirChunk): Fate =>
    chunk.direction === direction && (kind ?? (direction === 'up' ? 'notify' : 'command')) === chunk.kind
      ? fate
      : 'deliver';

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

  test('takes a longer one with a response, and loses all of it when it is cut before its end', async () => {
    const { clock, air, echo, link } = await joined({ mtu: 23 });
    await clock.run(link.write('fff2', new Uint8Array(40).fill(7), { response: true }));
    expect(echo.written_).toEqual(['07'.repeat(40)]);
    air.knobs.fault = () => ({ cutAfter: 30 });
    const cut = link.write('fff2', new Uint8Array(40), { response: true }).catch((thrown: unknown) => thrown);
    expect(await clock.run(cut)).toMatchObject({ code: 'gone' });
    expect(echo.written_).toHaveLength(1);
  });

  test('has no larger MTU than the peripheral agrees to', async () => {
    const { clock, air, echo } = setUp({ mtu: 247 });
    echo.mostMtu = 100;
    expect((await clock.run(air.connect(ADDRESS))).mtu).toBe(100);
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
