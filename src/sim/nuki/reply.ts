// What a command handler gives back.
import { COMPLETE, command } from './codes.ts';
import type { Device } from './device.ts';
import type { Message } from './frames.ts';

/** Either messages or the code of the error, which is reported for the command at hand. */
export type Reply =
  | {
      messages: readonly Message[];
      /** Runs as soon as they are on their way, even where they get lost: what the lock does and then tells about. */
      start?: () => void;
      /** Runs when they have been handed to the radio. */
      after?: () => void;
    }
  | { error: number };

export function refused(error: number): Reply {
  return { error };
}

export function status(code: number): Message {
  return { command: command.status, payload: Uint8Array.of(code) };
}

export function complete(): Reply {
  return { messages: [status(COMPLETE)] };
}

/** One message, and nothing behind it. */
export function answer(message: Message): Reply {
  return { messages: [message] };
}

/** The id of something that was added, and COMPLETE. */
export function done(device: Device, message: Message): Reply {
  return { messages: device.knobs.completeAfterId ? [message, status(COMPLETE)] : [message] };
}

/** A count, the entries, and COMPLETE. */
export function listOf(device: Device, count: Message | undefined, entries: readonly Message[]): Reply {
  const { listCounts, listEnds } = device.knobs;
  return {
    messages: [...(count && listCounts ? [count] : []), ...entries, ...(listEnds ? [status(COMPLETE)] : [])],
  };
}
