// Where the running demos keep their things, so that commands find the newest without being told.
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Killed demos cannot take their word back: only the newest few words count. */
const MOST = 8;

/** The folder of temporary files is everybody's: the name says whose demos they are, the checks below that it is so. */
function place(folder: string): string {
  return join(folder, `latchbridge-demo-${userInfo().uid}.json`);
}

/** Says where a demo has started; the answer takes it back, and older demos are found again. */
export function tellDemo(data: string, folder = tmpdir()): () => void {
  keep(folder, [data, ...others(data, folder)].slice(0, MOST));
  return () => keep(folder, others(data, folder));
}

/** The newest first; none when the file is not ours alone. Whether they still run is not known here. */
export function newestDemos(folder = tmpdir()): string[] {
  const file = place(folder);
  try {
    const { uid, mode } = lstatSync(file);
    const ours = lstatSync(file).isFile() && uid === userInfo().uid && (mode & 0o077) === 0;
    const { demos } = (ours ? JSON.parse(readFileSync(file, 'utf8')) : {}) as { demos?: unknown };
    const said: unknown[] = Array.isArray(demos) ? demos : [];
    return said.filter(data => typeof data === 'string').filter(isAbsolute);
  } catch {
    return [];
  }
}

function others(data: string, folder: string): string[] {
  return newestDemos(folder).filter(other => other !== data);
}

function keep(folder: string, demos: readonly string[]): void {
  const file = place(folder);
  if (demos.length === 0) return rmSync(file, { force: true });
  const fresh = `${file}.${process.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, JSON.stringify({ demos }), { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}
