// Request Data 0x0001: what is to be had without a challenge. Source: nuki.md 7.1, 8.1, 8.3.
import { Reader, bytesOf } from './bytes.ts';
import { command, error } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptAuthorization } from './kept.ts';
import { batteryReport } from './layouts.ts';
import { type Reply, answer, refused } from './reply.ts';
import { batteryOf } from './state.ts';
import { stateMessage } from './voice.ts';

const CHALLENGE = 32;
const BRIDGE = 1;

export function requestData(device: Device, payload: Uint8Array, who: KeptAuthorization): Reply {
  if (payload.length < 2) return refused(error.badLength);
  const wanted = new Reader(payload).u16();
  const first = device.variant.stateSize === 15;
  if (wanted === command.challenge) return challenge(device, who);
  if (wanted === command.states) return states(device, who);
  if (wanted === command.batteryReport) {
    return answer({ command: command.batteryReport, payload: batteryReport(batteryOf(device)) });
  }
  if (wanted === command.mostRecentCommand && first) {
    return answer({ command: wanted, payload: bytesOf([device.kept.last.action, 0]) });
  }
  if (wanted === command.openings && first) return answer({ command: wanted, payload: new Uint8Array(8) });
  return refused(error.badParameter);
}

function challenge(device: Device, who: KeptAuthorization): Reply {
  const { session } = device;
  const value = device.random(CHALLENGE);
  if (session) session.challenge = { value, until: device.elapsed() + device.knobs.challengeMs, authId: who.id };
  return answer({ command: command.challenge, payload: value });
}

/**
 * What a bridge has read is no news any more. The fifth generation knows no bridges; clients that are none did notice turns
 * by hand there (nuki.md 2.2), so that any reader counts.
 */
function states(device: Device, who: KeptAuthorization): Reply {
  const counts = who.type === BRIDGE || device.variant.generation === 'g5';
  if (counts && device.kept.unread) {
    device.kept.unread = false;
    device.changed();
  }
  return answer(stateMessage(device));
}
