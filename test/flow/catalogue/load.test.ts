// The catalogue of procedures: how sure its facts are, and which entry a lock gets.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeProcedures } from '../../../src/flow/catalogue/load.ts';
import type { Abilities, LockKind } from '../../../src/lock/lock.ts';

const file = fileURLToPath(new URL('../../../src/flow/catalogue/procedures.yaml', import.meta.url));
const text = readFileSync(file, 'utf8');
const own = makeProcedures();

const kindOf = (kind: LockKind): Abilities => ({
  kind,
  verbs: ['unlock'],
  battery: true,
  door: false,
  pushes: true,
  clock: true,
  log: true,
  settings: [],
  orientation: 'none',
  holdEveryMs: 2000,
});

describe('the catalogue', () => {
  it('has the locks of the guide and the fallback', () => {
    const ids = own.all().map(entry => entry.id);
    expect(ids.length).toBeGreaterThan(55);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('ttlock-v3-generic');
  });

  it('calls what rests on one secondary source weak', () => {
    const weak = makeProcedures(text.replace(/ ttl_js: \{t: .*$/m, ' ttl_js: {t: "a blog", u: null, q: secondary}'));
    const pairing = (all: typeof own): unknown => all.get('ttlock-v3-generic')?.facts.pairing_mode?.sure;
    expect([pairing(own), pairing(weak)]).toEqual(['seen', 'weak']);
  });

  it('makes a value no surer than the fact that it comes from', () => {
    expect(own.get('ttlock-v3-generic')?.values.resetHoldSeconds).toEqual({ least: 2, most: 4, sure: 'seen' });
    expect(own.get('ttlock-v3-key-box')?.values.resetHoldSeconds?.sure).toBe('weak');
    expect(own.get('smonet-ttlock')?.values.defaultCode).toEqual({ digits: '123456', sure: 'weak' });
  });

  it('believes that nobody can open a lock after its reset only of a good source', () => {
    expect(own.get('nuki-1-4')?.values.opensAfterReset).toBe('unknown');
    expect(own.get('sesame-5')?.values.opensAfterReset).toBe('nobody');
  });
});

describe('the entry of a lock', () => {
  const entry = (kind: LockKind | undefined, facts = {}, family = 'ttlock'): string =>
    own.for({ family, facts, ...(kind && { abilities: kindOf(kind) }) }).id;

  it.each([
    ['deadbolt', 'ttlock-v3-generic'],
    ['lever', 'ttlock-v3-generic'],
    ['key_box', 'ttlock-v3-key-box'],
    ['padlock', 'ttlock-v3-padlock'],
  ] as const)('is the one for a %s of its family', (kind, id) => expect(entry(kind)).toBe(id));

  it('is the one that names its model, however that is spelled', () => {
    expect(entry('deadbolt', { model: 'TL99 v2', manufacturer: 'TurboLock' })).toBe('turbolock-tl99');
  });

  it('is the one in which everything is a question when nothing fits', () => {
    expect(entry('deadbolt', {}, 'somebody')).toBe('generic-unknown-lock');
    expect(own.for(undefined).id).toBe('generic-unknown-lock');
  });

  it('tells generations of a family apart by what the driver calls them', () => {
    const ids = ['Nuki Smart Lock 4.0', 'Nuki Smart Lock, 5th generation'].map(model =>
      entry(undefined, { model }, 'nuki'),
    );
    expect(ids).toEqual(['nuki-1-4', 'nuki-5-ultra-go']);
  });

  it('knows of every Nuki that it is emptied without a reset, so that nobody has to be there for a turnover', () => {
    const sure = ['nuki-1-4', 'nuki-5-ultra-go'].map(id => own.get(id)?.facts.soft_ops?.sure);
    expect(sure).toEqual(['seen', 'seen']);
  });

  it('has no orientation for key boxes and padlocks', () => {
    for (const kind of ['key_box', 'padlock'] as const) {
      expect(own.for({ family: 'ttlock', facts: {}, abilities: kindOf(kind) }).values.hasOrientation).toBe(false);
    }
  });
});

describe('a catalogue that was edited wrongly is refused with the place', () => {
  it.each([
    [
      'a confidence that does not exist',
      text.replace('c: seen, s:', 'c: sure, s:'),
      /confiden|conventions|locks|sources/,
    ],
    ['a source that is not there', text.replace('s: [ttl_js, seed0]', 's: [ttl_js, nobody]'), /nobody/],
    ['a code with letters', text.replace('code: "123456"', 'code: "12a456"'), /code/],
    [
      'an unknown key',
      text.replace('  radio: ble\n', '  radio: ble\n  colour: {v: x, c: seen}\n'),
      /colour|Unrecognized/,
    ],
    ['no YAML', '{', /not YAML/],
  ])('%s', (_what, wrong, words) => {
    expect(wrong).not.toBe(text);
    expect(() => makeProcedures(wrong)).toThrow(words);
  });
});
