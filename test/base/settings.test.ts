// The small parts behind settings: trees of keys, and what a mistyped word was meant to be.
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/base/nearest.ts';
import { at, leaves, merge, put, withoutEmpty } from '../../src/base/tree.ts';

describe('a mistyped word', () => {
  test.each([
    ['unlok', 'unlock'],
    ['UNLOCK', 'unlock'],
    ['permit_join', 'permit-join'],
    ['lokc', 'lock'],
    ['banana', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%j is taken for %j', (word, meant) => {
    expect(nearest(word, ['lock', 'unlock', 'permit-join'])).toBe(meant);
  });
});

describe('a tree', () => {
  test('is written and read by dotted keys', () => {
    const tree = {};
    put(tree, 'mqtt.url', 'x');
    put(tree, 'mqtt.port', 1);
    expect(tree).toEqual({ mqtt: { url: 'x', port: 1 } });
    expect([at(tree, 'mqtt.url'), at(tree, 'mqtt.none.deeper'), at({ list: ['a', 'b'] }, 'list.1')]).toEqual([
      'x',
      undefined,
      'b',
    ]);
  });

  test('merges group by group; a list is replaced whole', () => {
    const low = { a: { b: 1, c: 2 }, list: [1, 2] };
    expect(merge(low, { a: { c: 3 }, list: [9] })).toEqual({ a: { b: 1, c: 3 }, list: [9] });
    expect(low).toEqual({ a: { b: 1, c: 2 }, list: [1, 2] });
  });

  test('loses what says nothing, and only that', () => {
    expect(withoutEmpty({ a: null, b: '', c: 0, d: false, e: { f: null } })).toEqual({ c: 0, d: false, e: {} });
  });

  test('lists its leaves', () => {
    expect(leaves({ a: { b: 1 }, c: [2] })).toEqual([
      ['a.b', 1],
      ['c', [2]],
    ]);
  });

  test('never reaches the prototype of all objects', () => {
    const tree = {};
    put(tree, '__proto__.polluted', true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(at({}, 'constructor.name')).toBeUndefined();
    expect(Object.getPrototypeOf(merge({}, JSON.parse('{"__proto__":{"x":1}}')))).toBe(Object.prototype);
  });
});
