// What goes wrong inside the Matter library where nobody waits for it must not end the daemon: doors hang on it.
import { LockError, textOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';

const LIBRARY = /[\\/]node_modules[\\/]@(?:matter|project-chip)[\\/]/;
const OURS = /[\\/](?:src|dist)[\\/]/;

/** Whether a failure nobody caught began in the library, and none of our code was on the way. */
export function isLibrarys(thrown: unknown): boolean {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const lines = stack.split('\n').filter(line => line.trimStart().startsWith('at '));
  const last = lines.find(line => LIBRARY.test(line) || OURS.test(line.replace(LIBRARY, '')));
  return last !== undefined && LIBRARY.test(last);
}

/** Logs such failures from now on; all others end the process as before. The answer takes it back. */
export function outliveFaults(log: Log): () => void {
  const heard = (thrown: unknown): void => {
    // Our own words in it are those of its store: a disk that is full, say.
    const ours = causesOf(thrown).find(each => each instanceof LockError);
    if (!ours && !isLibrarys(thrown)) throw thrown;
    log.error({ err: ours ? textOf(ours) : thrown }, 'the Matter library failed inside; everything goes on');
  };
  process.on('unhandledRejection', heard);
  return () => void process.off('unhandledRejection', heard);
}

/** It wraps errors in others; the first is the outermost. */
export function causesOf(thrown: unknown): unknown[] {
  const found: unknown[] = [];
  const left = [thrown];
  for (let next = left.shift(); next !== undefined && found.length < 20; next = left.shift()) {
    found.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    left.push(cause, ...(Array.isArray(errors) ? (errors as unknown[]) : []));
    while (left.length > 0 && left[0] === undefined) left.shift();
  }
  return found;
}
