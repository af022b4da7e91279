// What waits to be published: bounded, newest first where it is retained, and all of it again after a connect.
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { Outbox, type Outgoing, type Send } from '../../../src/bridge/mqtt/outbox.ts';

interface Wire {
  sent: Outgoing[];
  /** Answers the oldest message that has no answer. */
  acknowledge(): void;
  send: Send;
}

function makeWire(): Wire {
  const waiting: ((ok: boolean) => void)[] = [];
  const wire: Wire = {
    sent: [],
    acknowledge: () => waiting.shift()?.(true),
    send(message, done) {
      wire.sent.push(message);
      waiting.push(done);
    },
  };
  return wire;
}

describe('without a connection', () => {
  test('only the newest of every retained topic is kept', () => {
    const outbox = new Outbox(new VirtualClock());
    for (let i = 0; i < 1000; i++) outbox.keep('state', String(i));
    const wire = makeWire();
    outbox.attach(wire.send);
    expect(wire.sent.map(one => one.payload)).toEqual(['999']);
  });

  test('events wait for 300 s and then are of no use', async () => {
    const clock = new VirtualClock();
    const outbox = new Outbox(clock);
    outbox.say('event', 'old');
    await clock.advance(200_000);
    outbox.say('event', 'new');
    await clock.advance(150_000);
    const wire = makeWire();
    outbox.attach(wire.send);
    expect(wire.sent.map(one => one.payload)).toEqual(['new']);
  });

  test('at most 256 events wait; the oldest go and are counted', () => {
    const outbox = new Outbox(new VirtualClock());
    for (let i = 0; i < 1000; i++) outbox.say('event', String(i));
    expect(outbox.dropped).toBe(744);
  });

  test('a topic that is to be cleared is cleared after the next connect', () => {
    const outbox = new Outbox(new VirtualClock());
    outbox.clear('old');
    const wire = makeWire();
    outbox.attach(wire.send);
    expect(wire.sent).toEqual([expect.objectContaining({ topic: 'old', payload: '', retain: true })]);
  });
});

describe('with a connection', () => {
  test('the same value is sent once, unless it is to be sent always', () => {
    const outbox = new Outbox(new VirtualClock());
    const wire = makeWire();
    outbox.attach(wire.send);
    outbox.keep('state', 'a');
    outbox.keep('state', 'a');
    outbox.keep('state', 'a', { always: true });
    expect(wire.sent).toHaveLength(2);
  });

  test('no more are in flight than the broker allows', () => {
    const outbox = new Outbox(new VirtualClock());
    const wire = makeWire();
    outbox.attach(wire.send, 3);
    for (let i = 0; i < 10; i++) outbox.keep(`t${i}`, 'x');
    expect(wire.sent).toHaveLength(3);
    wire.acknowledge();
    expect(wire.sent).toHaveLength(4);
  });

  test('a broker that answers nothing gets the newest value when it does', () => {
    const outbox = new Outbox(new VirtualClock());
    const wire = makeWire();
    outbox.attach(wire.send, 1);
    outbox.keep('first', 'x');
    for (let i = 0; i < 100; i++) outbox.keep('state', String(i));
    wire.acknowledge();
    expect(wire.sent.map(one => one.payload)).toEqual(['x', '99']);
  });

  test('states go before events', () => {
    const outbox = new Outbox(new VirtualClock());
    const wire = makeWire();
    outbox.attach(wire.send, 1);
    outbox.keep('first', 'x');
    outbox.say('event', 'e');
    outbox.keep('state', 's');
    wire.acknowledge();
    expect(wire.sent.at(-1)?.topic).toBe('state');
  });
});

describe('after a reconnect', () => {
  test('everything retained is sent again, and late answers of the old connection count for nothing', () => {
    const outbox = new Outbox(new VirtualClock());
    const old = makeWire();
    outbox.attach(old.send, 1);
    outbox.keep('a', '1');
    outbox.keep('b', '2');
    outbox.detach();
    const wire = makeWire();
    outbox.attach(wire.send, 1);
    old.acknowledge();
    expect(wire.sent.map(one => one.topic)).toEqual(['a']);
    wire.acknowledge();
    expect(wire.sent.map(one => one.topic)).toEqual(['a', 'b']);
  });

  test('what has been cleared is not cleared again', () => {
    const outbox = new Outbox(new VirtualClock());
    const old = makeWire();
    outbox.attach(old.send);
    outbox.clear('gone');
    old.acknowledge();
    outbox.detach();
    const wire = makeWire();
    outbox.attach(wire.send);
    expect(wire.sent).toEqual([]);
  });
});
