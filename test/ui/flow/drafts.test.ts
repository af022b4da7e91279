// What was typed and not sent yet.
import { expect, it } from 'vitest';
import { Drafts } from '../../../src/ui/views/flow/drafts.ts';

function shelf(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
  };
}

it('outlives a reload, for its own question only', () => {
  const place = shelf();
  new Drafts(place).write('f-1', 'p-1', 'half a sent');
  expect(new Drafts(place).read('f-1', 'p-1')).toBe('half a sent');
  expect(new Drafts(place).read('f-1', 'p-2')).toBe('');
});

it('leaves nothing behind once it was sent', () => {
  const place = shelf();
  const drafts = new Drafts(place);
  drafts.write('f-1', 'p-1', 'text');
  drafts.write('f-1', 'p-1', '');
  expect(place.kept.size).toBe(0);
});

it('is simply not kept where the browser forbids it', () => {
  const forbidden = { getItem: fail, setItem: fail, removeItem: fail };
  const drafts = new Drafts(forbidden);
  drafts.write('f-1', 'p-1', 'text');
  expect([drafts.read('f-1', 'p-1'), new Drafts(undefined).read('f-1', 'p-1')]).toEqual(['', '']);
});

function fail(): never {
  throw new DOMException('denied', 'SecurityError');
}
