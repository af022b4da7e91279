// Whether the process is alive: how late its timers come, and whether its store takes anything.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clock, every } from '../base/clock.ts';
import { textOf } from '../base/errors.ts';
import type { Pulse } from '../lock/upkeep.ts';

/** Long enough that one long task (a library being loaded) is not a dead process. */
const WINDOW_MS = 10_000;
/** A process whose timers come that late on the average answers nobody (reliability.md 5.3). */
const MOST_DELAY_MS = 1000;
/** A write for each look would wear out a card. */
const WRITE_AGAIN_MS = 60_000;
const NS_PER_MS = 1e6;

export interface PulseParts {
  clock: Clock;
  /** Throws when nothing can be written. */
  write: () => void;
}

export function startPulse({ clock, write }: PulseParts): { pulse: () => Pulse; stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let last = { mean: 0, max: 0 };
  let written: { at: number; trouble?: string } | undefined;
  const stopWindow = every(clock, WINDOW_MS, () => {
    last = { mean: msOf(histogram.mean), max: msOf(histogram.max) };
    histogram.reset();
  });
  const writes = (): string | undefined => {
    if (written && clock.elapsed() - written.at < WRITE_AGAIN_MS) return written.trouble;
    try {
      write();
      written = { at: clock.elapsed() };
    } catch (thrown) {
      written = { at: clock.elapsed(), trouble: textOf(thrown) };
    }
    return written.trouble;
  };
  const pulse = (): Pulse => {
    const trouble = writes();
    const { rss, heapUsed } = process.memoryUsage();
    const isLate = last.mean > MOST_DELAY_MS;
    return {
      live: trouble === undefined && !isLate,
      meanDelayMs: last.mean,
      mostDelayMs: last.max,
      memoryBytes: rss,
      heapBytes: heapUsed,
      cpuSeconds: cpuSeconds(),
    };
  };
  return {
    pulse,
    stop: () => {
      stopWindow();
      histogram.disable();
    },
  };
}

/** Nothing measured yet is NaN. */
function msOf(ns: number): number {
  return Number.isFinite(ns) ? Math.round(ns / NS_PER_MS) : 0;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
