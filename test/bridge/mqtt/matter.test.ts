// Matter over MQTT: what everybody sees of it, and what takes a token.
import { describe, expect, test } from 'vitest';
import { CODES, FakeMatter } from '../../support/fake-matter.ts';
import { makeCounter } from './counter.ts';
import { TOKEN } from './house.ts';

function house() {
  const matter = new FakeMatter();
  return { matter, counter: makeCounter({ options: { matter } }) };
}
const INFO = 'latchbridge/bridge/info';

describe('everybody', () => {
  test('sees how Matter is, and no code', async () => {
    const { counter, matter } = house();
    expect(counter.json(INFO).at(-1)?.['matter']).toMatchObject({
      state: 'running',
      nodes: [{ id: 'bridge', port: 5540, commissioned: false, window: false }],
      locks: [{ lock: 'front', node: 'bridge', endpoint: 2 }],
    });
    matter.commission();
    await counter.clock.settle();
    expect(counter.json(INFO).at(-1)?.['matter']).toMatchObject({ nodes: [{ commissioned: true, fabrics: 1 }] });
    expect(JSON.stringify(counter.json(INFO))).not.toContain(CODES.manual);
  });

  test.each(['show', 'open', 'close', 'fabrics', 'reset'])('is refused matter/%s', async what => {
    const { counter, matter } = house();
    expect(await counter.ask(`matter/${what}`, {})).toMatchObject({ status: 'error', code: 'not_authorised' });
    expect(matter.done).toEqual([]);
  });
});

describe('an owner', () => {
  test('is shown the codes, once and unretained', async () => {
    const { counter } = house();
    const answer = await counter.ask('matter/show', { token: TOKEN });
    expect(answer).toMatchObject({ status: 'ok', data: { nodes: [{ id: 'bridge', codes: CODES }] } });
  });

  test('opens a window, lists and removes homes, resets', async () => {
    const { counter, matter } = house();
    matter.commission();
    expect(await counter.ask('matter/open', { token: TOKEN })).toMatchObject({ data: { codes: CODES } });
    await counter.ask('matter/close', { token: TOKEN });
    expect(await counter.ask('matter/fabrics', { token: TOKEN })).toMatchObject({ data: { fabrics: [{ index: 1 }] } });
    await counter.ask('matter/remove', { token: TOKEN, index: 1 });
    await counter.ask('matter/reset', { token: TOKEN });
    expect(matter.done.map(({ what }) => what)).toEqual(['open', 'close', 'remove', 'reset']);
    expect(matter.done.every(({ asker }) => asker.role === 'owner')).toBe(true);
  });
});
