// What the motor does: actions, step by step, what is told of each and what is written down. Source: nuki.md 9.3, 16.7.
import { action, completion, entryType, error, lockState } from './codes.ts';
import type { Device, Mover } from './device.ts';
import type { BoltPlace } from './kept.ts';
import { actionData } from './layouts.ts';
import { armAutoLock } from './mechanism.ts';

/** What stands in the way of an action. */
export type Hindrance = 'already' | 'busy' | 'uncalibrated' | 'unknown';

/** One action: who asked for it, and who hears of it. */
export interface Deed {
  action: number;
  trigger: number;
  by: Mover;
  who: { authId: number; name: string };
  flags: number;
  /** Its state is another one. */
  told?: () => void;
  /** It is over; the error where it failed. */
  ended?: (error: number | undefined) => void;
  /** Instead of an entry of the usual kind. */
  log?: (result: number) => void;
}

export interface Motion {
  state: number;
  /** When it locks again, by the monotonic clock. */
  lockNGoUntil?: number;
  deed?: Deed;
  stop(): void;
}

interface Step {
  state: number;
  ms: number;
  /** Where the bolt is at its end. */
  bolt?: BoltPlace;
}

const RESTING: Readonly<Record<BoltPlace, number>> = {
  locked: lockState.locked,
  unlocked: lockState.unlocked,
  unlatched: lockState.unlatched,
};
/** A motor that is too weak gives up early. */
const WEAK_MS = 500;

/** Whether this can begin now. */
export function hindrance(device: Device, wanted: number): Hindrance | undefined {
  if (!stepsOf(device, wanted)) return 'unknown';
  if (device.motion) return 'busy';
  if (!device.kept.calibrated) return 'uncalibrated';
  const { lockState: now } = device.kept;
  if (wanted === action.unlock && now === lockState.unlocked) return 'already';
  const locks = wanted === action.lock || wanted === action.fullLock;
  return locks && now === lockState.locked ? 'already' : undefined;
}

/** Begins it; the caller has asked for hindrances. */
export function begin(device: Device, deed: Deed): void {
  const steps = stepsOf(device, deed.action) ?? [];
  run(device, deed, steps);
}

/** Somebody pressed the button while it moved. */
export function cancel(device: Device): void {
  const deed = device.motion?.deed;
  stopMotion(device);
  if (deed) finish(device, deed, { result: completion.canceled, error: error.canceled });
}

/** As without batteries: it stops where it is, and nobody is told. */
export function stopMotion(device: Device): void {
  device.motion?.stop();
  device.motion = undefined;
}

/** Another thing than an action keeps the motor busy: a calibration, the run after power-up. */
export function occupy(device: Device, state: number, ms: number, then: () => void): void {
  const stop = device.after(ms, () => {
    device.motion = undefined;
    then();
    device.commit();
  });
  device.motion = { state, stop };
  device.stateChanged();
}

/** The bolt moves, whether or not the lock notices. */
export function shift(device: Device, place: BoltPlace, by: Mover): void {
  if (device.kept.bolt === place) return;
  device.kept.bolt = place;
  device.moves++;
  device.changed();
  device.onMove?.(place, by);
}

/** What the lock takes the bolt to be at rest. */
export function believe(device: Device, place: BoltPlace): void {
  device.kept.lockState = device.kept.calibrated ? RESTING[place] : lockState.uncalibrated;
  device.stateChanged();
}

/** Which action a fob button, or `intelligent`, comes to now. */
export function intelligent(device: Device): number {
  return device.kept.lockState === lockState.locked ? action.unlock : action.lock;
}

/** The steps of an action; undefined where there is no such action. */
function stepsOf(device: Device, wanted: number): Step[] | undefined {
  const { knobs, kept } = device;
  const { unlatchSeconds, lockNGoSeconds } = kept.advanced;
  const ms = knobs.motorMs;
  const open: Step = { state: lockState.unlocking, ms, bolt: 'unlocked' };
  const close: Step = { state: lockState.locking, ms, bolt: 'locked' };
  const pull: readonly Step[] = [
    { state: lockState.unlatching, ms, bolt: 'unlatched' },
    { state: lockState.unlatched, ms: unlatchSeconds * 1000, bolt: 'unlocked' },
  ];
  const wait: Step = { state: lockState.lockNGo, ms: lockNGoSeconds * 1000 };
  const isOpen = kept.lockState === lockState.unlocked;
  if (wanted === action.unlock) return [open];
  if (wanted === action.lock || wanted === action.fullLock) return [close];
  if (wanted === action.unlatch) return [...pull];
  if (wanted === action.lockNGo) return [...(isOpen ? [] : [open]), wait, close];
  return wanted === action.lockNGoUnlatch ? [...pull, wait, close] : undefined;
}

function run(device: Device, deed: Deed, steps: readonly Step[]): void {
  const [step, ...rest] = steps;
  if (!step) return finish(device, deed, { result: completion.success });
  const weak = device.knobs.lowVoltage;
  const ms = weak ? WEAK_MS : step.ms;
  const stop = device.after(ms, () => {
    device.motion = undefined;
    const trouble = weak ? low : step.bolt && obstacle(device, step.state);
    if (trouble) return finish(device, deed, trouble);
    if (step.bolt) arrive(device, step.bolt, deed);
    run(device, deed, rest);
  });
  const waits = step.state === lockState.lockNGo ? { lockNGoUntil: device.elapsed() + ms } : {};
  device.motion = { state: step.state, ...waits, deed, stop };
  device.kept.trigger = deed.trigger;
  device.stateChanged();
  device.commit();
  deed.told?.();
}

function arrive(device: Device, place: BoltPlace, deed: Deed): void {
  if (device.knobs.jam !== 'lie') shift(device, place, deed.by);
  believe(device, place);
}

interface Outcome {
  result: number;
  error?: number;
}

const low: Outcome = { result: completion.lowVoltage, error: error.motorLowVoltage };

/** The latch springs back by itself: only what the motor pushes can meet an obstacle. */
function obstacle(device: Device, state: number): Outcome | undefined {
  if (device.knobs.jam !== 'blocked' || state === lockState.unlatched) return undefined;
  device.kept.lockState = lockState.blocked;
  device.stateChanged();
  return { result: completion.blocked, error: error.motorBlocked };
}

function finish(device: Device, deed: Deed, outcome: Outcome): void {
  const { kept } = device;
  kept.last = { action: deed.action, trigger: deed.trigger, completion: outcome.result };
  kept.trigger = deed.trigger;
  device.lastActAt = device.elapsed();
  if (deed.log) deed.log(outcome.result);
  else {
    device.log(entryType.action, actionData({ ...deed, completion: outcome.result }), deed.who);
  }
  device.stateChanged();
  armAutoLock(device);
  device.commit();
  deed.told?.();
  deed.ended?.(outcome.error);
}
