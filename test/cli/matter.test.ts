// latchbridge matter ...
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '../support/fake-matter.ts';
import { useKit } from './kit.ts';

const kit = useKit();

describe('matter show', () => {
  test('prints the code with its QR code and the locks', async () => {
    expect(await kit.type('matter show')).toBe(0);
    expect(kit.io.all).toContain('0631-872-1098');
    expect(kit.io.all).toContain('▄▄▄');
    expect(kit.io.all).toMatch(/front +2 +yes +User/);
  });

  test('says how to get a code when there is none', async () => {
    kit.daemon.matter.commission();
    expect(await kit.type('matter show')).toBe(0);
    expect(kit.io.all).toContain('latchbridge matter open makes one');
    expect(await kit.type(`matter show --svg ${join(kit.folder, 'qr.svg')}`)).toBe(1);
  });

  test('writes the picture for nobody else to read', async () => {
    const file = join(kit.folder, 'qr.svg');
    expect(await kit.type(`matter show --svg ${file}`)).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /);
  });

  test('prints JSON for programs', async () => {
    await kit.type('matter show --json');
    expect(kit.printed()).toMatchObject({ nodes: [{ codes: CODES }] });
  });
});

describe('matter manages', () => {
  test('a window for another app', async () => {
    expect(await kit.type('matter open 240')).toBe(0);
    expect(kit.daemon.matter.done).toMatchObject([{ what: 'open', detail: [240, undefined] }]);
    expect(kit.io.all).toContain('0631-872-1098');
    expect(await kit.type('matter close')).toBe(0);
  });

  test('the homes that have used it', async () => {
    kit.daemon.matter.commission();
    await kit.type('matter fabrics');
    expect(kit.io.all).toMatch(/1 +bridge +Home +Apple/);
    expect(await kit.type('matter remove 1')).toBe(0);
    expect(await kit.type('matter remove one')).toBe(2);
  });

  test('a reset only when somebody means it', async () => {
    expect(await kit.type('matter reset')).toBe(1);
    expect(kit.daemon.matter.done).toEqual([]);
    expect(await kit.type('matter reset --yes')).toBe(0);
    expect(kit.daemon.matter.done.map(({ what }) => what)).toEqual(['reset']);
  });
});

describe('matter ctl', () => {
  test('drives the controller of the demo', async () => {
    expect(await kit.type('matter ctl lock front')).toBe(0);
    await kit.type('matter ctl locks');
    await kit.type('matter ctl users front');
    await kit.type('matter ctl events');
    expect(kit.daemon.remote.done).toEqual([['front', 'lock', undefined]]);
    expect(kit.io.all).toMatch(/front +2 +locked +80 %/);
    expect(kit.io.all).toMatch(/1 +Ann +1/);
    expect(kit.io.all).toContain('lockState');
  });

  test('takes a PIN from a pipe and never as a word', async () => {
    kit.io.piped = '123456\n';
    expect(await kit.type('matter ctl pin front --pin-stdin')).toBe(0);
    expect(kit.daemon.remote.done).toEqual([['front', undefined, undefined, '123456']]);
    expect(kit.io.all).not.toContain('123456');
  });

  test('wants to know which lock', async () => {
    expect(await kit.type('matter ctl unlock')).toBe(2);
    expect(await kit.type('matter ctl dance front')).toBe(2);
  });
});

test('matter selftest needs no daemon', async () => {
  expect(await kit.typeRaw('matter', 'selftest')).toBe(0);
  expect(kit.io.outs).toEqual(['tested']);
});

test('what nobody can do with Matter is mistyped', async () => {
  expect(await kit.type('matter dance')).toBe(2);
});
