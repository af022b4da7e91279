// Options and words: what is taken, and how a mistake is told.
import { describe, expect, test } from 'vitest';
import { explain, parse } from '../../src/cli/args.ts';
import { demoOptions, runOptions } from '../../src/cli/start-options.ts';

const table = {
  json: { type: 'boolean', about: 'print JSON' },
  name: { type: 'string', value: 'NAME', about: 'what to call it' },
  mode: { type: 'string', value: 'MODE', choices: ['a', 'b'], about: 'how' },
  port: { type: 'number', value: 'PORT', least: 1, most: 65_535, about: 'where' },
} as const;

describe('what is taken', () => {
  test('options stand anywhere, with = or with a space, and the last one counts', () => {
    expect(parse(['--name=x', 'LOCK', '--port', '80', '--json', '--name', 'y'], table, 'LOCK')).toEqual({
      values: { name: 'y', port: 80, json: true },
      words: ['LOCK'],
    });
  });

  test('after -- everything is a word', () => {
    expect(parse(['--', '--json'], table, 'LOCK').words).toEqual(['--json']);
  });

  test('words may be left out where they are in brackets, and go on where there are dots', () => {
    expect(parse([], table, '[LOCK]').words).toEqual([]);
    expect(parse(['f', 'a', 'b', 'c'], table, 'FILE [LOCK...]').words).toEqual(['f', 'a', 'b', 'c']);
  });
});

describe('mistakes', () => {
  test.each([
    ['an unknown option', ['--nmae', 'x'], '', 'There is no option --nmae here. Did you mean --name?'],
    ['a short option', ['-x'], '', 'There is no option -x here.'],
    ['a name out of every object', ['--constructor'], '', 'There is no option --constructor here.'],
    ['a value for a switch', ['--json=yes'], '', '--json takes no value.'],
    ['an option at the end without its value', ['--name'], '', '--name needs a value: --name NAME.'],
    ['a choice that is none', ['--mode', 'c'], '', '--mode is c, but must be one of a, b.'],
    ['a number that is none', ['--port', '80x'], '', '--port is 80x, but must be a whole number from 1 to 65535.'],
    ['a number too large', ['--port', '65536'], '', '--port is 65536, but must be a whole number from 1 to 65535.'],
    ['a word too few', ['a'], 'LOCK SLOT', 'SLOT is missing.'],
    ['a word where none is taken', ['a'], '', 'Only options may follow this command.'],
    ['a word too many', ['a', 'b'], 'LOCK', 'Nothing may follow LOCK.'],
  ])('%s', (_what, argv, words, text) => {
    expect(() => parse(argv, table, words)).toThrow(expect.objectContaining({ message: text, reason: 'usage' }));
  });
});

test('help shows every option with its value', () => {
  expect(explain(table)).toEqual([
    '  --json       print JSON',
    '  --name NAME  what to call it',
    '  --mode MODE  how',
    '  --port PORT  where',
  ]);
});

test.each([
  'locks',
  'mqtt-port',
  'http-port',
  'data',
  'json',
  'tour',
  'matter-interface',
  'matter-port',
  'log-level',
  'keep',
  'seed',
])('demo takes --%s', name => {
  expect(demoOptions).toHaveProperty([name]);
});

test('a daemon is started with the settings that are also options', () => {
  const { values } = parse(['--mqtt-url', 'mqtt://h', '--http-port', '8099', '--log-level', 'debug'], runOptions, '');
  expect(values).toEqual({ 'mqtt-url': 'mqtt://h', 'http-port': 8099, 'log-level': 'debug' });
});
