// What of a message may be shown to anybody (nuki.md 8): only what is named here. All else becomes zeros of equal length.
import type { Message } from './frame.ts';
import { command } from './wire.ts';

type Range = readonly [from: number, to: number];
const ALL: readonly Range[] = [[0, Number.POSITIVE_INFINITY]];

/** Said while pairing, and of no use to anybody. */
export const plainlyShown: readonly number[] = [command.requestData, command.status, command.error, command.pinInfo];

/** Names, places, numbers of users, codes, PINs, keys and challenges are in none of these. */
const shown: Readonly<Record<number, readonly Range[]>> = {
  [command.requestData]: ALL,
  [command.state]: ALL,
  [command.status]: ALL,
  [command.error]: ALL,
  [command.batteryReport]: ALL,
  [command.advancedConfig]: ALL,
  [command.authorisationCount]: ALL,
  [command.logCount]: ALL,
  [command.timerId]: ALL,
  [command.timerCount]: ALL,
  [command.timer]: ALL,
  [command.codeId]: ALL,
  [command.codeCount]: ALL,
  [command.action]: [
    [0, 1],
    [5, 6],
  ],
  [command.requestAuthorisations]: [[0, 4]],
  [command.authorisation]: [
    [4, 5],
    [37, 75],
  ],
  [command.invite]: [
    [32, 33],
    [65, 86],
  ],
  [command.invitedId]: [[4, 11]],
  [command.config]: [[44, Number.POSITIVE_INFINITY]],
  [command.setConfig]: [[40, 55]],
  [command.setAdvancedConfig]: [[0, 29]],
  [command.updateTime]: [[0, 7]],
  [command.requestLog]: [[0, 8]],
  [command.logEntry]: [
    [0, 11],
    [47, Number.POSITIVE_INFINITY],
  ],
  [command.enableLogging]: [[0, 1]],
  [command.addTimer]: [[0, 4]],
  [command.removeTimer]: [[0, 1]],
  [command.updateTimer]: [[0, 6]],
  [command.addCode]: [[24, 44]],
  [command.requestCodes]: [[0, 4]],
  [command.code]: [
    [0, 2],
    [26, 63],
  ],
  [command.updateCode]: [
    [0, 2],
    [26, 47],
  ],
  [command.removeCode]: [[0, 2]],
};

export function blanked({ command: of, payload }: Message): Uint8Array {
  const out = new Uint8Array(payload.length);
  for (const [from, to] of shown[of] ?? []) out.set(payload.subarray(from, to), Math.min(from, out.length));
  return out;
}
