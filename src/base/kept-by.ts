// Who starts this process again when it has ended, as far as can be seen from inside.
import { existsSync } from 'node:fs';

export type KeptBy = 'home_assistant' | 'systemd' | 'container' | 'nobody';

/** What container engines put into every container. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];

interface Seen {
  env: Readonly<Record<string, string | undefined>>;
  pid: number;
  parent: number;
  exists(path: string): boolean;
}

/** `env`: of this process. Whether it is really started again is up to its keeper's settings. */
export function keptBy({
  env,
  pid = process.pid,
  parent = process.ppid,
  exists = existsSync,
}: Pick<Seen, 'env'> & Partial<Seen>): KeptBy {
  if (env['SUPERVISOR_TOKEN']) return 'home_assistant';
  // Handed down to everything that a unit starts, a shell in a terminal too: only the unit's own process has its own number in it.
  if (env['SYSTEMD_EXEC_PID'] === String(pid)) return 'systemd';
  // The container ends with its first process, or with what that one is the init for.
  return (pid === 1 || parent === 1) && MARKS.some(exists) ? 'container' : 'nobody';
}
