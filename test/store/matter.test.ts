// What the Matter library keeps: places joined by dots, each with what is below it, and nothing half written.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { openMatterStore } from '../../src/store/matter.ts';
import { freshFolder } from './kit.ts';

describe('the store of the Matter library', () => {
  test('keeps values by place and key', () => {
    const store = openMatterStore();
    store.set('bridge.root', { one: '1', two: '2' });
    store.set('bridge.root', { two: '3' });
    expect([store.get('bridge.root', 'one'), store.get('bridge.root', 'two')]).toEqual(['1', '3']);
    expect(store.keys('bridge.root')).toEqual(['one', 'two']);
    store.remove('bridge.root', 'one');
    expect(store.get('bridge.root', 'one')).toBeUndefined();
    store.close();
  });

  test('knows what is below a place, and not what only begins alike', () => {
    const store = openMatterStore();
    for (const place of ['bridge', 'bridge.root', 'bridge.root.parts', 'bridge2', 'bridge-x', 'other']) {
      store.set(place, { key: 'value' });
    }
    expect(store.places('bridge')).toEqual(['bridge', 'bridge.root', 'bridge.root.parts']);
    store.clear('bridge');
    expect(store.places('')).toEqual(['bridge-x', 'bridge2', 'other']);
    store.clear('');
    expect(store.places('')).toEqual([]);
    store.close();
  });

  test('is there again after it was closed, and its file is for its owner only', () => {
    const folder = freshFolder();
    const first = openMatterStore(folder);
    first.set('bridge', { fabric: 'kept' });
    first.close();
    const second = openMatterStore(folder);
    expect(second.get('bridge', 'fabric')).toBe('kept');
    second.close();
  });

  test('writes all of several values or none', () => {
    const store = openMatterStore();
    const broken = { one: '1', two: undefined as unknown as string };
    expect(() => store.set('bridge', broken)).toThrow(LockError);
    expect(store.keys('bridge')).toEqual([]);
    store.close();
  });
});
