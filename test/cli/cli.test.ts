// Finding the command: help, version, mistakes, exit codes, and what starts a daemon.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { self, version } from '../../src/cli/self.ts';
import { useKit } from './kit.ts';

const kit = useKit({ running: false });

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s lists every command', async word => {
    expect(await kit.typeRaw(word)).toBe(0);
    for (const { name, about } of commands) expect(kit.io.all).toMatch(new RegExp(`^ {2}${name} +${about}$`, 'm'));
  });

  test.each(commands.map(({ name }) => name))('%s --help says what it does and takes', async name => {
    expect(await kit.typeRaw(name, '--help')).toBe(0);
    const { options, words } = commands.find(command => command.name === name) as (typeof commands)[number];
    expect(kit.io.all).toContain(` ${name}${words === '' ? '' : ` ${words}`}`);
    for (const option of Object.keys(options)) expect(kit.io.all).toContain(`--${option}`);
  });

  test('help of a command does not run it, wherever the word stands', async () => {
    await kit.typeRaw('run', '--json', '--help');
    await kit.typeRaw('help', 'run');
    expect(kit.start.ran).toBeUndefined();
    expect(kit.io.outs.filter(line => line === 'Start the daemon.')).toHaveLength(2);
  });
});

describe('mistakes', () => {
  test('no command at all', async () => {
    expect(await kit.typeRaw()).toBe(2);
    expect(kit.io.errs[0]).toMatch(/--help lists the commands\.$/);
  });

  test('a command that is nearly one', async () => {
    expect(await kit.typeRaw('unlok', 'front_door')).toBe(2);
    expect(kit.io.errs[0]).toContain('There is no command "unlok". Did you mean unlock?');
  });

  test('an option that is nearly one, with the way to help', async () => {
    expect(await kit.typeRaw('demo', '--sed', '1')).toBe(2);
    expect(kit.io.errs[0]).toBe('There is no option --sed here. Did you mean --seed?');
    expect(kit.io.errs[1]).toMatch(/^How it is written: .* demo --help$/);
    expect(kit.start.demoed).toBeUndefined();
  });

  test('a fault of ours is not dressed up as a refusal', async () => {
    kit.start.run = () => Promise.reject(new TypeError('a bug'));
    await expect(kit.typeRaw('run')).rejects.toThrow('a bug');
  });
});

test('run and demo hand their options over', async () => {
  expect(await kit.typeRaw('run', '--config', 'x.yaml', '--json')).toBe(0);
  expect(kit.start.ran).toEqual({ config: 'x.yaml', json: true });
  const words = ['demo', '--locks', 'ttlock:door', '--mqtt-port', '1884', '--seed', '7', '--keep', '--tour'];
  expect(await kit.typeRaw(...words)).toBe(0);
  expect(kit.start.demoed).toEqual({ locks: 'ttlock:door', 'mqtt-port': 1884, seed: 7, keep: true, tour: true });
});

describe('the version', () => {
  test.each([['--version'], ['-v'], ['version']])('%s prints it', async word => {
    await kit.typeRaw(word);
    expect(kit.io.outs).toEqual([version()]);
    expect(version()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('what to type', () => {
  function install(path: string, name = 'latchbridge'): string {
    const root = join(kit.folder, path);
    mkdirSync(join(root, 'dist', 'cli'), { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '9.8.7' }));
    return join(root, 'dist', 'cli', 'self.js');
  }

  test('in a checkout npx finds the clone, also from a folder in it', () => {
    const module = install('clone');
    mkdirSync(join(kit.folder, 'clone', '.git'));
    expect(self(module, join(kit.folder, 'clone'))).toBe('npx -q latchbridge');
    expect(self(module, join(kit.folder, 'clone', 'dist'))).toBe('npx -q latchbridge');
  });

  test('outside of it npx would ask the registry for somebody else, so the path is named', () => {
    const module = install('clone');
    mkdirSync(join(kit.folder, 'clone', '.git'));
    expect(self(module, kit.folder)).toBe(`node ${join(kit.folder, 'clone', 'dist', 'main.js')}`);
  });

  test('installed, the plain name is enough', () => {
    expect(self(install('node_modules/latchbridge'), kit.folder)).toBe('latchbridge');
    expect(self(install('container'), kit.folder)).toBe('latchbridge');
    expect(version(install('container'))).toBe('9.8.7');
  });

  test("as a part of another program, that program's version is not ours", () => {
    expect(version(install('other', 'something-else'))).toBe('unknown');
  });
});
