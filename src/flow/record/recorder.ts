// Issues the record of each destructive flow once it is closed, and keeps it.
import type { LockView } from '../../lock/lock.ts';
import type { FlowShelf, JournalLine, KeptFlow } from '../journal.ts';
import { CLOSED, DESTRUCTIVE } from '../words.ts';
import { type About, issue } from './issue.ts';
import { type KeyPlace, publicKey, seal } from './seal.ts';

export interface RecorderParts {
  shelf: FlowShelf;
  secrets: KeyPlace;
  lock(id: string): LockView | undefined;
}

export interface KeptRecord {
  id: string;
  flow: string;
  at: number;
  /** The signed document: what `record verify` reads. */
  text: string;
}

export class Recorder {
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** The record of a closed flow, made at the first call; undefined where there is nothing to vouch for. */
  of(flowId: string, lock?: LockView): KeptRecord | undefined {
    const { shelf } = this.#parts;
    const [kept] = shelf.records({ flow: flowId, most: 1 });
    if (kept) return kept;
    const flow = shelf.get(flowId);
    if (!flow) return undefined;
    const lines = shelf.lines(flowId);
    const about = lock ?? this.#parts.lock(flow.lock ?? '') ?? removed(lines);
    if (!about) return undefined;
    if (!worthy(flow, lines)) return undefined;
    const { record, signature } = seal(issue({ flow, lines, lock: about }), this.#parts.secrets);
    const made = { id: record.id, flow: flowId, at: flow.endedAt ?? flow.startedAt };
    const text = JSON.stringify({ record, signature }, undefined, 2);
    shelf.keepRecord({ ...made, text, lock: about.id });
    return { ...made, text };
  }

  /** Newest first. */
  all(query: { lock?: string; most?: number } = {}): KeptRecord[] {
    return this.#parts.shelf.records(query);
  }

  get(id: string): KeptRecord | undefined {
    return this.all().find(record => record.id === id || record.flow === id);
  }

  /** With which a reader compares the signer. */
  publicKey(): string {
    return publicKey(this.#parts.secrets);
  }
}

/** One that was given up has its record too when something of it was erased, or may have been. */
function worthy(flow: KeptFlow, lines: readonly JournalLine[]): boolean {
  if (!DESTRUCTIVE.includes(flow.type) || !CLOSED.includes(flow.state)) return false;
  return (
    !flow.state.startsWith('aborted') || lines.some(({ kind, data }) => kind === 'intent' && data['pivot'] === true)
  );
}

/** What the flow noted of the lock before it removed it. */
function removed(lines: readonly JournalLine[]): About['lock'] | undefined {
  const noted = lines.findLast(({ kind, data }) => kind === 'remembered' && data['name'] === 'subject');
  return noted?.data['value'] as About['lock'] | undefined;
}
