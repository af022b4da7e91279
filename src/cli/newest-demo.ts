// Where the newest running demo keeps its things, so that commands find it without being told.
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The folder of temporary files is everybody's: the name says whose demo it is, the checks below that it is so. */
function place(folder: string): string {
  return join(folder, `latchbridge-demo-${userInfo().uid}.json`);
}

/** Says where a demo has started; the answer takes it back, if no newer one has said so since. */
export function tellDemo(data: string, folder = tmpdir()): () => void {
  const file = place(folder);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ data }), { mode: 0o600, flag: 'wx' });
  return () => {
    if (newestDemo(folder) === data) rmSync(file, { force: true });
  };
}

/** Undefined when there is none, or when the file is not ours alone. */
export function newestDemo(folder = tmpdir()): string | undefined {
  const file = place(folder);
  try {
    const { uid, mode } = lstatSync(file);
    const ours = lstatSync(file).isFile() && uid === userInfo().uid && (mode & 0o077) === 0;
    const { data } = (ours ? JSON.parse(readFileSync(file, 'utf8')) : {}) as { data?: unknown };
    return typeof data === 'string' && isAbsolute(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
