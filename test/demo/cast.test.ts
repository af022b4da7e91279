import { describe, expect, it } from 'vitest';
import { castOf } from '../../src/demo/cast.ts';
import { startBroker } from '../../src/demo/broker.ts';

describe('the cast of a demo', () => {
  it('is a paired door and an unpaired box, each in a unit, when nothing is said', () => {
    expect(castOf()).toMatchObject([
      { family: { name: 'ttlock' }, variant: 'deadbolt', name: 'front_door', unpaired: false, unit: 'Flat 1' },
      { family: { name: 'ttlock' }, variant: 'key_box', name: 'key_box', unpaired: true, unit: 'Flat 2' },
    ]);
  });

  it('is what --locks says', () => {
    expect(castOf('ttlock:hall,ttlock:lever:back-door:unpaired')).toMatchObject([
      { variant: 'deadbolt', name: 'hall', unpaired: false },
      { variant: 'lever', name: 'back-door', unpaired: true },
    ]);
  });

  it('gives the same lock the same address each time, and different locks different ones', () => {
    const [first, second] = castOf('ttlock:a,ttlock:b');
    expect(castOf('ttlock:a')[0]?.address).toBe(first?.address);
    expect(first?.address).not.toBe(second?.address);
    expect(first?.address).toMatch(/^[c-f][0-9a-f](:[0-9a-f]{2}){5}$/);
  });

  it.each([
    ['acme:flat_2', 'family'],
    ['ttlock:dedbolt:door', 'did you mean deadbolt'],
    ['ttlock:a,ttlock:a', 'two locks'],
    ['ttlock', 'form'],
    ['ttlock:deadbolt:Door!', 'not a name'],
    ['', 'family'],
    ['ttlock:bridge', 'topic'],
  ])('names what is wrong with %j', (text, words) => {
    expect(() => castOf(text)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining(words) }),
    );
  });
});

describe('the demo’s broker', () => {
  it('says which port is taken and what to do', async () => {
    const first = await startBroker(0);
    const { port } = new URL(first.url);
    await expect(startBroker(Number(port))).rejects.toMatchObject({
      reason: 'port_taken',
      message: expect.stringContaining(`Port ${port} is taken`),
    });
    await first.stop();
  });

  it('listens on the loopback interface only', async () => {
    const broker = await startBroker(0);
    expect(new URL(broker.url).hostname).toBe('127.0.0.1');
    await broker.stop();
  });
});
