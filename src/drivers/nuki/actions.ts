// What a lock does besides the three verbs (nuki.md 8.2, 8.11, 9.3), and what its timers may do.
import { lockState } from './state-wire.ts';
import { action } from './wire.ts';

/** `guarded`: the lock wants its PIN. `reached`: states after which it has done what was asked, whatever it does then. */
export interface Action {
  name: string;
  label: string;
  moves: boolean;
  guarded: boolean;
  code?: number;
  reached?: readonly number[];
}

const UNLOCKED: readonly number[] = [lockState.unlocked, lockState.unlockedLockNGo];
/** While somebody is let out the bolt waits, and then locks by itself. */
const GOING: readonly number[] = [lockState.unlockedLockNGo, lockState.unlatched];

export const verbs = {
  lock: { code: action.lock, reached: [lockState.locked] },
  unlock: { code: action.unlock, reached: UNLOCKED },
  unlatch: { code: action.unlatch, reached: [lockState.unlatched] },
} as const;

/** In the order in which pages show them. */
export const actions: readonly Action[] = [
  { ...moving('lock_n_go', 'Lock ’n’ go: unlock, wait, lock', action.lockNGo), reached: GOING },
  { ...moving('lock_n_go_unlatch', 'Lock ’n’ go with the latch pulled', action.lockNGoUnlatch), reached: GOING },
  { ...moving('full_lock', 'Lock with all turns', action.fullLock), reached: [lockState.locked] },
  moving('fob_1', 'What one press of a fob does', action.fob1),
  moving('fob_2', 'What two presses of a fob do', action.fob2),
  moving('fob_3', 'What three presses of a fob do', action.fob3),
  { name: 'calibrate', label: 'Calibrate (open the door first)', moves: true, guarded: true },
  { name: 'reboot', label: 'Restart the lock', moves: false, guarded: true },
];

const timed: Readonly<Record<string, number>> = {
  unlock: action.unlock,
  lock: action.lock,
  unlatch: action.unlatch,
  lock_n_go: action.lockNGo,
  lock_n_go_unlatch: action.lockNGoUnlatch,
  full_lock: action.fullLock,
};

/** Undefined for what a timer cannot do. */
export function timedCode(name: string): number | undefined {
  return Object.hasOwn(timed, name) ? timed[name] : undefined;
}

/** The reverse; what nobody has described keeps its number. */
export function timedName(code: number): string {
  return Object.keys(timed).find(name => timed[name] === code) ?? `other:${code}`;
}

function moving(name: string, label: string, code: number): Action & { code: number } {
  return { name, label, moves: true, guarded: false, code };
}
