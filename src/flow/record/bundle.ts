// One file for whoever helps: what this is, what was tried, what came of it, and no secret (S0-47 … S0-51).
import type { Secret } from '../../base/log.ts';
import { LockError } from '../../base/errors.ts';
import type { BlackBox } from '../../lock/black-box.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Audit } from '../../lock/ports.ts';
import type { AuditReader, Health } from '../../lock/upkeep.ts';
import type { Procedures } from '../procedures.ts';
import type { FlowView, PublicLine } from '../words.ts';
import { scrub } from './scrub.ts';

export interface BundleParts {
  version: string;
  /** Of this computer: system, runtime, memory. */
  host(): Readonly<Record<string, string | number>>;
  locks: { find(lock: string): LockView | undefined; all(): LockView[] };
  flows: { all(query?: { lock?: string; most?: number }): FlowView[]; lines(flow: string): PublicLine[] };
  blackBox: BlackBox;
  procedures: Procedures;
  health(): Health;
  radios(): unknown;
  auditor: AuditReader;
  audit: Audit;
  /** The newest lines of the log. */
  log(): readonly string[];
  secrets(): Secret<readonly string[]>;
  now(): number;
}

/** Flows told in full, and lines of audit and log: a file that a mail takes. */
const MOST_FLOWS = 5;
const MOST_ROWS = 200;

/** About one lock, or all of them. Owners and managers only. Throws `not_found`. */
export function bundle(parts: BundleParts, lock: string | undefined, asker: Asker): string {
  if (asker.role !== 'owner' && asker.role !== 'manager') {
    throw new LockError('forbidden', 'Only an owner or a manager may collect a support bundle.');
  }
  const one = lock === undefined ? undefined : parts.locks.find(lock);
  if (lock !== undefined && !one) throw new LockError('not_found', `There is no lock "${lock}".`);
  const views = one ? [one] : parts.locks.all();
  parts.audit.write({ ...(one && { lock: one.id }), via: asker.via, who: asker.who, what: 'support_bundle' });
  const flows = parts.flows.all({ ...(one && { lock: one.id }), most: MOST_FLOWS });
  const document = {
    format: 'latchbridge-bundle/1',
    made_at: new Date(parts.now()).toISOString(),
    version: parts.version,
    host: parts.host(),
    health: parts.health(),
    radios: parts.radios(),
    locks: views.map(view => about(view, parts)),
    flows: flows.map(view => ({ ...view, lines: parts.flows.lines(view.id) })),
    audit: parts.auditor.read({ ...(one && { lock: one.id }), most: MOST_ROWS }),
    log: parts.log().slice(-MOST_ROWS).map(parsed),
  };
  const open = new Set(views.flatMap(({ id, name, address, facts }) => [id, name, address, ...words(facts)]));
  return scrub(JSON.stringify(document, undefined, 1), parts.secrets(), open);
}

function about(view: LockView, { procedures, blackBox }: BundleParts): unknown {
  const { serial, ...facts } = view.facts;
  const procedure = procedures.for(view);
  return {
    ...view,
    facts: { ...facts, ...(serial !== undefined && { serial: `…${serial.slice(-4)}` }) },
    procedure: { id: procedure.id, facts: procedure.facts, conflicts: procedure.conflicts },
    messages: blackBox.of(view.id) ?? 'none since the start',
  };
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(words) : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
