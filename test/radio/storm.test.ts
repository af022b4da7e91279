// More adverts than anybody asked for.
import { expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { AdvertBook } from '../../src/radio/noble-advert.ts';
import { shareRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock } from './fake-radio.ts';

it('2,000 adverts a second from 300 devices for a minute all arrive, while a lock is connected to', async () => {
  const clock = new VirtualClock(undefined, 1);
  const radio = new FakeRadio(clock);
  radio.opensAfter = 50;
  const shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
  let heard = 0;
  shared.hear(() => void heard++);
  let sent = 0;
  for (let tick = 0; tick < 600; tick++) {
    for (let i = 0; i < 200; i++) radio.say(lock(sent++ % 300));
    if (tick === 300) {
      const link = await clock.run(
        shared.connect(lock(7), { urgency: 'person', signal: new AbortController().signal }),
      );
      await link.close();
    }
    await clock.advance(100);
  }
  expect([heard, shared.status()[0]?.addresses, shared.status()[0]?.connects]).toEqual([120_000, 300, 1]);
});

it('100,000 made-up addresses do not grow the memory, nor hide a lock from who waits for it', async () => {
  const clock = new VirtualClock(undefined, 1);
  const radio = new FakeRadio(clock);
  const shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
  void shared.connect(lock(1), { urgency: 'person', signal: new AbortController().signal });
  for (let i = 0; i < 100_000; i++) radio.say(`f0:00:00:${i.toString(16).padStart(6, '0')}`);
  radio.say(lock(1));
  await clock.settle();
  expect([radio.asked, shared.status()[0]?.addresses]).toEqual([[lock(1)], 2000]);
});

it('the book of adverts of a radio is bounded, too', () => {
  const book = new AdvertBook(100);
  const data = Buffer.from('020106', 'hex');
  for (let i = 0; i < 10_000; i++) {
    book.hear({ type: 0, address: `f0:00:00:${i}`, addressType: 'random', data, rssi: -70 }, 0);
  }
  expect(book.size).toBe(100);
});
