// The catalogue of how real locks are paired, reset and woken, with how sure each fact is.
import type { LockView } from '../lock/lock.ts';

/** seen: read in a good source. weak: one secondary source, or remembered: only shown, never acted upon (R07). */
export type Sureness = 'seen' | 'weak' | 'unknown';
export interface Fact {
  readonly text: string;
  readonly sure: Sureness;
  /** Titles of the sources. */
  readonly sources: readonly string[];
}

/** One entry, as flows use it. Absent facts are unknown. */
export interface Procedure {
  readonly id: string;
  readonly title: string;
  readonly form:
    | 'deadbolt'
    | 'lever'
    | 'mortise'
    | 'rim'
    | 'retrofit'
    | 'keybox'
    | 'padlock'
    | 'cylinder'
    | 'module'
    | 'unknown';
  readonly facts: Readonly<Partial<Record<FactName, Fact>>>;
  readonly conflicts: readonly string[];
  readonly sourceTitles: readonly string[];
  /** Machine-readable values drawn from the facts, each only as sure as its fact. Seconds, per cent. */
  readonly values: {
    readonly resetHoldSeconds?: { readonly least: number; readonly most: number; readonly sure: Sureness };
    /** Public code that opens it after a reset. */
    readonly defaultCode?: { readonly digits: string; readonly sure: Sureness };
    /** maker: no button resets it, only the maker's app or a sequence that it shows. */
    readonly resetBy?: 'button' | 'maker';
    readonly opensAfterReset: 'nobody' | 'default_code' | 'any_code' | 'unknown';
    readonly hasOrientation: boolean;
    readonly leastBattery?: number;
    readonly wrongCodesAllowed?: number;
  };
}
export type FactName =
  | 'wake'
  | 'pairing_mode'
  | 'reset_physical'
  | 'reset_radio'
  | 'soft_ops'
  | 'exposure_after_reset'
  | 'default_code'
  | 'erases'
  | 'keeps'
  | 'account_binding'
  | 'orientation'
  | 'battery'
  | 'needs_on_hand'
  | 'evidence';

export interface Procedures {
  all(): readonly Procedure[];
  /** The best fit for a lock (family, kind, model), else the generic entry in which everything is a question. */
  for(lock: Pick<LockView, 'family' | 'facts' | 'abilities'> | undefined): Procedure;
  get(id: string): Procedure | undefined;
}
