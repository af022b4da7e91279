import { describe, expect, it } from 'vitest';
import { ascii } from '../../src/base/bytes.ts';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { Exchange, type Framer } from '../../src/lock/exchange.ts';
import type { Link } from '../../src/radio/radio.ts';
import { failureOf } from '../support/fake-family.ts';

/** Frames end at a newline; `boom` makes the framer throw. */
class Lines implements Framer<string> {
  #text = '';
  feed(bytes: Uint8Array): string[] {
    const text = Buffer.from(bytes).toString('latin1');
    if (text.includes('boom')) throw new TypeError('a bug in the framer');
    const parts = (this.#text + text).split('\n');
    this.#text = parts.pop() as string;
    return parts;
  }
  clear(): void {
    this.#text = '';
  }
}

class FakeLink implements Link {
  readonly mtu = 23;
  readonly closed: Promise<void>;
  readonly written: string[] = [];
  drop!: () => void;
  closes = 0;
  heard: (bytes: Uint8Array) => void = () => undefined;
  onWrite: (text: string) => Promise<void> | void = () => undefined;

  constructor() {
    this.closed = new Promise(resolve => (this.drop = resolve));
  }
  async write(_characteristic: string, bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString('latin1');
    this.written.push(text);
    await this.onWrite(text);
  }
  async read(): Promise<Uint8Array> {
    return new Uint8Array();
  }
  async subscribe(_characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    this.heard = heard;
  }
  /** How long an adapter takes to hang up; undefined: it never says that it has. */
  hangUp: () => Promise<void> = async () => undefined;
  async close(): Promise<void> {
    this.closes += 1;
    await this.hangUp();
    this.drop();
  }
  say(text: string): void {
    this.heard(ascii(text));
  }
}

async function setUp() {
  const clock = new VirtualClock();
  const link = new FakeLink();
  const unasked: string[] = [];
  const abort = new AbortController();
  const exchange = new Exchange<string>(link, { write: 'w', notify: 'n', pieceSize: 4 }, new Lines(), {
    clock,
    signal: abort.signal,
    log: silent,
    unasked: frame => {
      if (frame === 'poison') throw new TypeError('a bug in the ear');
      unasked.push(frame);
    },
  });
  await exchange.start(1000);
  const ask = (text: string, more: { act?: boolean; optional?: boolean } = {}): Promise<string> =>
    exchange.ask(ascii(text), {
      what: 'to the test',
      withinMs: 2500,
      take: frame => {
        if (frame === 'no') throw new LockError('rejected', 'The lock said no.');
        if (frame === 'bad') throw new LockError('malformed', 'That makes no sense.');
        return frame.startsWith('yes') ? frame : undefined;
      },
      ...more,
    });
  return { clock, link, exchange, unasked, abort, ask };
}

describe('a lock that answers on two characteristics', () => {
  async function two() {
    const clock = new VirtualClock();
    const link = new FakeLink();
    const ears = new Map<string, (bytes: Uint8Array) => void>();
    link.subscribe = async (characteristic, heard) => void ears.set(characteristic, heard);
    const channel = { write: 'w', notify: 'n', pieceSize: 4, beside: { e: new Lines() } };
    const around = { clock, signal: new AbortController().signal, log: silent, unasked: () => undefined };
    const exchange = new Exchange<string>(link, channel, new Lines(), around);
    await exchange.start(1000);
    const ask = (): Promise<string> =>
      exchange.ask(ascii('ask'), { what: 'to the test', withinMs: 1000, optional: true, take: frame => frame });
    return { clock, ears, ask };
  }

  it('is heard on both, and what began on one is not finished on the other', async () => {
    const { clock, ears, ask } = await two();
    const answer = ask();
    await clock.settle();
    ears.get('n')?.(ascii('half'));
    ears.get('e')?.(ascii('whole\n'));
    expect([[...ears.keys()], await answer]).toEqual([['n', 'e'], 'whole']);
  });

  it('finishes nothing from before a silence on either', async () => {
    const { clock, ears, ask } = await two();
    const lost = ask();
    await clock.settle();
    ears.get('e')?.(ascii('lost '));
    await clock.run(failureOf(lost));
    const answer = ask();
    await clock.settle();
    ears.get('e')?.(ascii('new\n'));
    expect(await answer).toBe('new');
  });
});

describe('a question and its answer', () => {
  it('is written in pieces and answered by the frame that matches', async () => {
    const { clock, link, ask } = await setUp();
    const answer = ask('0123456789');
    await clock.settle();
    link.say('ye');
    link.say('s 1\n');
    expect(await answer).toBe('yes 1');
    expect(link.written).toEqual(['0123', '4567', '89']);
  });

  it('is not answered by what comes before its last piece is out', async () => {
    const { clock, link, ask, unasked } = await setUp();
    const answer = ask('012345');
    link.say('yes, but to an older question\n');
    await clock.settle();
    link.say('yes\n');
    expect(await answer).toBe('yes');
    expect(unasked).toEqual(['yes, but to an older question']);
  });

  it('lets a push in the middle go to the ear and goes on waiting', async () => {
    const { link, unasked, ask } = await setUp();
    const answer = ask('q');
    link.say('push\nyes\n');
    expect(await answer).toBe('yes');
    expect(unasked).toEqual(['push']);
  });

  it('fails by its one deadline even when the write never settles', async () => {
    const { clock, link, ask } = await setUp();
    link.onWrite = () => new Promise(() => undefined);
    const error = await clock.run(ask('q').catch((e: unknown) => e as LockError));
    expect(error).toMatchObject({ code: 'timeout', acted: 'no' });
    expect(clock.elapsed()).toBe(2500);
    expect(link.closes).toBe(1);
  });

  it('keeps the session after the lock’s own no', async () => {
    const { link, ask } = await setUp();
    const refused = ask('q');
    link.say('no\n');
    await expect(refused).rejects.toMatchObject({ code: 'rejected', acted: 'no' });
    const next = ask('more');
    link.say('yes\n');
    expect(await next).toBe('yes');
  });

  it('ends the session after an answer that makes no sense', async () => {
    const { link, ask } = await setUp();
    const bad = ask('q');
    link.say('bad\n');
    await expect(bad).rejects.toMatchObject({ code: 'malformed' });
    expect(link.closes).toBe(1);
    await expect(ask('more')).rejects.toMatchObject({ code: 'malformed' });
  });

  it('keeps the link when an optional question is not answered', async () => {
    const { clock, link, ask } = await setUp();
    const error = await clock.run(ask('q', { optional: true }).catch((e: unknown) => e as LockError));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(link.closes).toBe(0);
  });

  it('refuses a second question while one is open', async () => {
    const { ask, link } = await setUp();
    const first = ask('q');
    await expect(ask('r')).rejects.toMatchObject({ code: 'busy' });
    link.say('yes\n');
    await first;
  });
});

describe('whether the lock may have acted', () => {
  it('is no while the last piece has not been handed over', async () => {
    const { link, ask } = await setUp();
    link.onWrite = () => link.drop();
    await expect(ask('012345', { act: true })).rejects.toMatchObject({ code: 'unreachable', acted: 'no' });
  });

  it('is maybe once the last piece has been handed over', async () => {
    const { clock, link, ask } = await setUp();
    const answer = ask('012345', { act: true }).catch((e: unknown) => e as LockError);
    await clock.settle();
    link.drop();
    expect(await answer).toMatchObject({ code: 'unreachable', acted: 'maybe' });
  });

  it('is no after the lock’s own no', async () => {
    const { link, ask } = await setUp();
    const answer = ask('q', { act: true });
    link.say('no\n');
    await expect(answer).rejects.toMatchObject({ acted: 'no' });
  });
});

describe('a throw inside a notification', () => {
  for (const [what, text] of [
    ['the framer', 'boom'],
    ['the ear', 'poison\n'],
  ] as const) {
    it(`by ${what} fails the question and closes the link`, async () => {
      const { link, ask } = await setUp();
      const answer = ask('q');
      link.say(text);
      await expect(answer).rejects.toMatchObject({ code: 'malformed' });
      expect(link.closes).toBe(1);
    });
  }
});

describe('the end', () => {
  it('fails the open question at once when the link drops', async () => {
    const { clock, link, ask } = await setUp();
    const answer = ask('q');
    link.drop();
    await expect(answer).rejects.toMatchObject({ code: 'unreachable' });
    expect(clock.elapsed()).toBe(0);
  });

  it('fails the open question with the reason of an abort and hangs up', async () => {
    const { link, ask, abort } = await setUp();
    const answer = ask('q');
    abort.abort(new LockError('timeout', 'Too late.'));
    await expect(answer).rejects.toMatchObject({ code: 'timeout', message: 'Too late.' });
    expect(link.closes).toBe(1);
  });

  it('that a silence began is waited for by whoever closes, so that nobody takes the dying link for an open one', async () => {
    const { clock, link, ask, exchange } = await setUp();
    link.hangUp = () => new Promise(resolve => void clock.after(300, resolve));
    const silence = failureOf(ask('q')).then(() => clock.elapsed());
    const began = await clock.run(silence);
    await clock.run(exchange.close());
    expect(clock.elapsed() - began).toBe(300);
  });

  it('is not waited for longer than a second when the adapter does not hang up', async () => {
    const { clock, link, ask, exchange } = await setUp();
    link.hangUp = () => new Promise(() => undefined);
    const silence = failureOf(ask('q')).then(() => clock.elapsed());
    const began = await clock.run(silence);
    await clock.run(exchange.close());
    expect(clock.elapsed() - began).toBe(1000);
  });

  it('leaves no timer', async () => {
    const { clock, link, ask, exchange } = await setUp();
    const answer = ask('q');
    link.say('yes\n');
    await answer;
    await exchange.close();
    expect(clock.armed).toBe(0);
  });

  it('does not send the rest of what was given up into the next question', async () => {
    const { clock, link, ask } = await setUp();
    let release!: () => void;
    link.onWrite = () => new Promise<void>(resolve => (release = resolve));
    const slow = failureOf(ask('abcdefgh', { optional: true }));
    await clock.advance(3000);
    expect((await slow).code).toBe('timeout');
    link.onWrite = () => undefined;
    const next = ask('1234');
    release();
    await clock.settle();
    expect(link.written).toEqual(['abcd', '1234']);
    link.say('yes\n');
    expect(await next).toBe('yes');
  });
});
