// How strongly a lock is heard, in words. Nothing is decided by it, and nothing here can reach a lock.
import type { LockView } from '../../lock/lock.ts';

/** Below this a long conversation breaks off often. */
const WEAK_DBM = -85;

export function signalOf({ rssi, name }: LockView): { what: string; advice?: string } | undefined {
  if (rssi === undefined) return undefined;
  const what = `"${name}" is heard with ${rssi} dBm.`;
  if (rssi >= WEAK_DBM) return { what };
  return { what, advice: `"${name}" is heard weakly (${rssi} dBm): bring the adapter nearer.` };
}
