// Little memory, for a Pi: V8 is told to stay small, and gives back what loading and starting left behind.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Before the rest is loaded. We have little to compute: the way of a command takes as long as without it. */
export function staySmall(): void {
  setFlagsFromString('--optimize-for-size');
  // What is young stays in the 1 MiB that it begins with. Grown to 16, it would never be given back.
  setFlagsFromString('--semi-space-growth-factor=1');
  // The optimising compiler takes 5 to 10 MiB when it first runs, and what is left for it to win is little: ciphers, disk
  // and network are native code, and what computes most (large numbers, of Matter's pairing) is as fast without it.
  setFlagsFromString('--no-opt');
  // What has run once, such as all that loading does, is thrown away at the next collections instead of the sixth.
  setFlagsFromString('--bytecode-old-age=1');
}

/** For what computes for long, such as Matter's messages: the optimising compiler may work from now on. */
export function computeFast(): void {
  setFlagsFromString('--opt');
}

/**
 * After loading and after starting. V8 would keep the room that this took until it runs short, and on a Pi that room is
 * somebody else's.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
