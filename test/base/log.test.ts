import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { Secret, makeLog, shown } from '../../src/base/log.ts';

const CANARY = 'canary-4711';

describe('a secret', () => {
  const secret = new Secret(CANARY);

  it.each<[string, () => string]>([
    ['a template string', () => `${String(secret)} ${[secret].join()}`],
    ['JSON', () => JSON.stringify({ deep: { secret, list: [secret] } })],
    ['inspect', () => inspect({ secret }, { depth: 5, showHidden: true })],
    ['an error', () => inspect(new LockError('invalid', 'No.', { cause: { secret } }))],
    ['a spread object', () => JSON.stringify(Object.assign({}, secret))],
    ['Object.values', () => JSON.stringify(Object.values(secret))],
  ])('does not show in %s', (_where, print) => {
    expect(print()).not.toContain(CANARY);
  });

  it('does not show in the log at any level, however deep it sits', () => {
    const lines: string[] = [];
    const log = makeLog('trace', { write: line => void lines.push(line) });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
      log[level](
        { secret, deep: { secret }, err: new LockError('invalid', 'x', { cause: secret }) },
        'said %s',
        secret,
      );
    }
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('gives its value only when asked by name', () => {
    expect(secret.reveal()).toBe(CANARY);
  });
});

describe('text from outside', () => {
  it('is cut, and loses what could fool a terminal or a reader', () => {
    expect(shown('x'.repeat(100))).toHaveLength(64);
    expect(shown('a\u001b[31mb\u202Ec\u200Bd\ne')).toBe('a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}e');
    expect(shown('Haustür 🔒')).toBe('Haustür 🔒');
  });
});
