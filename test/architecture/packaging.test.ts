// What is shipped agrees with itself: versions, options and their texts, what a backup leaves out, what is installed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { LIVE } from '../../src/store/copies.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Package {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}
interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
interface App {
  version: string;
  slug: string;
  options: object;
  schema: Record<string, unknown>;
  backup_exclude: string[];
}
type Texts = Record<string, { name: string; description: string; fields?: Texts }>;

const ours = JSON.parse(read('package.json')) as Package;
const { '': top, ...packages } = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> })
  .packages;
const app = parse(read('config.yaml')) as App;

describe('the Home Assistant app', () => {
  test('has the version of the package everywhere', () => {
    expect(app.version).toBe(ours.version);
    expect(read('Dockerfile')).toContain(`ARG BUILD_VERSION=${ours.version}\n`);
    expect(read('CHANGELOG.md')).toContain(`\n## [${ours.version}]`);
  });

  test('explains every option and sub-option, and no other', () => {
    const texts = (parse(read('translations/en.yaml')) as { configuration: Texts }).configuration;
    const names = (group: Readonly<Record<string, unknown>>): unknown =>
      Object.keys(group)
        .toSorted()
        .map(key => {
          const inner = [group[key]].flat()[0];
          return typeof inner === 'object' && inner !== null ? [key, names(inner as Record<string, unknown>)] : key;
        });
    const named = (group: Texts): unknown =>
      Object.keys(group)
        .toSorted()
        .map(key => {
          const fields = group[key]?.fields;
          return fields ? [key, named(fields)] : key;
        });
    expect(named(texts)).toEqual(names(app.schema));
    expect(Object.keys(app.options).filter(key => !(key in app.schema))).toEqual([]);
  });

  test('leaves the live database and the vault key out of backups', () => {
    const out = [LIVE, `${LIVE}-wal`, `${LIVE}-shm`, 'vault.key'].map(name => `*/${name}`);
    expect(app.backup_exclude).toEqual(expect.arrayContaining(out));
  });

  test('has the profile that bears its name', () => {
    expect(read('apparmor.txt')).toContain(`\nprofile ${app.slug} `);
  });

  test('is built from files that are there and that .dockerignore lets in', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      found => found[1]?.split(' ') ?? [],
    );
    expect(copied).toContain('src');
    expect(copied.filter(path => !existsSync(join(root, path)))).toEqual([]);
    const admitted = read('.dockerignore').split('\n');
    expect(copied.filter(path => !admitted.includes(`!${path}`))).toEqual([]);
  });
});

describe('what is installed', () => {
  test('is listed in the README with its reason, each package and no other', () => {
    const section = read('README.md').split('\n## Dependencies\n')[1] ?? '';
    const listed = [...section.matchAll(/^\| (\S+) \| .{4,} \|$/gm)].map(found => found[1] ?? '');
    expect(listed.filter(name => name !== 'package').toSorted()).toEqual(Object.keys(ours.dependencies).toSorted());
  });

  test('is locked to exact versions, in step with package.json', () => {
    const asked = { ...ours.dependencies, ...ours.devDependencies };
    expect({ ...top?.dependencies, ...top?.devDependencies }).toEqual(asked);
    const locked = Object.keys(asked).map(name => [name, packages[`node_modules/${name}`]?.version]);
    expect(Object.fromEntries(locked)).toEqual(asked);
  });

  test('is named by its hash and not by an address', () => {
    expect(Object.keys(packages).filter(path => !packages[path]?.integrity)).toEqual([]);
    expect(Object.keys(packages).filter(path => packages[path]?.resolved)).toEqual([]);
  });

  test('runs no script at installation', () => {
    expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
    const scripted = Object.keys(packages).filter(
      path => packages[path]?.hasInstallScript && !path.endsWith('/fsevents'),
    );
    expect(scripted.map(path => path.replace(/^.*node_modules\//, '')).toSorted()).toEqual(
      Object.keys(ours.allowScripts).toSorted(),
    );
  });

  test('may be shipped with an Apache-2.0 program', () => {
    // MPL-2.0 only in tools that are not shipped.
    const fine = new Set([
      'MIT',
      'ISC',
      'Apache-2.0',
      'BSD-2-Clause',
      'BSD-3-Clause',
      '0BSD',
      'BlueOak-1.0.0',
      'MPL-2.0',
      'Unlicense',
    ]);
    const admitted = (license: string): boolean =>
      license
        .replace(/[()]/g, '')
        .split(' OR ')
        .some(one => one.split(' AND ').every(part => fine.has(part)));
    expect(Object.keys(packages).filter(path => !admitted(packages[path]?.license ?? ''))).toEqual([]);
  });
});
