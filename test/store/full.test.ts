import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildChild, freshFolder, start } from './kit.ts';

const MOUNT = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
/** Not every machine lets an ordinary user mount something in a namespace of his own. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', MOUNT, '/mnt', 'true']).status === 0;

describe.skipIf(!canMount)('a file system of 1 MiB that is full', () => {
  let script: string;
  beforeAll(async () => {
    script = await buildChild('full.child');
  });

  test('refuses new keys, counts lost audit lines, loses nothing, and goes on when there is space', async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const child = start('unshare', ['-rm', 'sh', '-c', MOUNT, folder, process.execPath, script, `${folder}/data`]);
    const said = await child.line();
    await child.ended;
    expect(JSON.parse(said ?? 'null')).toEqual({
      failure: 'disk_full',
      gaps: true,
      readable: true,
      backup: 'disk_full',
      chain: true,
      kept: true,
    });
  });

  test('that is read-only is a plain error at the start', async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const holder = await buildChild('holder.child');
    const readOnly = MOUNT.replace(' &&', ' && mkdir "$0/data" && mount -o remount,ro "$0" &&');
    const child = start('unshare', ['-rm', 'sh', '-c', readOnly, folder, process.execPath, holder, `${folder}/data`]);
    const said = await child.line();
    child.process.kill('SIGKILL');
    await child.ended;
    expect(said).toBe('disk disk_read_only');
  });
});
