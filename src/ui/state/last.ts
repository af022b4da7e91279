// What was last done with each lock, from the audit: so that a page that has just been opened can say it. Pure.
import type { AuditRow, Happening } from '../api.d.ts';

const TYPES: Readonly<Record<string, Happening['type']>> = { lock: 'locked', unlock: 'unlocked', unlatch: 'opened' };

/** `lines` newest first; one happening for each lock that something was done with. */
export function lastOf(lines: readonly AuditRow[]): [lock: string, Happening][] {
  const found = new Map<string, Happening>();
  for (const { what, lock, detail, at, via, who } of lines) {
    const type = TYPES[detail ?? ''];
    if (what !== 'done' || lock === undefined || type === undefined || found.has(lock)) continue;
    found.set(lock, {
      type,
      source: via as Happening['source'],
      ok: true,
      at,
      ...(who === via ? {} : { person: who }),
    });
  }
  return [...found];
}
