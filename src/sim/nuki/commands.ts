// Which command needs what, and who carries it out: lengths, challenges, PINs. Source: nuki.md 7, 16.5.
import { keypadAction, lockAction, simpleAction } from './actions.ts';
import { inviteAuthorization, listAuthorizations, removeAuthorization, updateAuthorization } from './authorizations.ts';
import { command, error } from './codes.ts';
import type { Device } from './device.ts';
import type { Message } from './frames.ts';
import { addCode, listCodes, removeCode, updateCode } from './keypad-codes.ts';
import type { KeptAuthorization } from './kept.ts';
import { same } from './keys.ts';
import { isAllowedNow } from './limits.ts';
import { enableLogging, listLog } from './log.ts';
import { calibrate, reboot, setPin, updateTime, verifyPin } from './maintenance.ts';
import { checkPin, readPin } from './pin.ts';
import { type Reply, refused } from './reply.ts';
import { requestData } from './requests.ts';
import { giveAdvanced, giveConfig, setAdvanced, setConfig } from './settings.ts';
import { addTimer, listTimers, removeTimer, updateTimer } from './timers.ts';
import type { Variant } from './variants.ts';
import { takes } from './voice.ts';

type Run = (device: Device, data: Uint8Array, who: KeptAuthorization) => Reply;

interface Command {
  /** Behind its own data: nothing; a challenge; a challenge and the PIN. */
  proof: 'none' | 'challenge' | 'pin';
  /** Of its own data; undefined: as the generation has it. */
  sizes: (variant: Variant) => readonly number[];
  run: Run;
  /** It makes no sense to locks without a keypad. */
  keypad?: true;
}

const NONCE = 32;

const sized =
  (...sizes: number[]) =>
  (): readonly number[] =>
    sizes;
const pinSize = (variant: Variant): number => (variant.generation === 'g5' ? 4 : 2);
const needsPin = (sizes: Command['sizes'], run: Run): Command => ({ proof: 'pin', sizes, run });
const ofKeypad = (sizes: Command['sizes'], run: Run): Command => ({ proof: 'pin', sizes, run, keypad: true });

const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [command.lockAction, { proof: 'challenge', sizes: sized(6, 26), run: lockAction }],
  [command.simpleAction, { proof: 'challenge', sizes: sized(1, 21), run: simpleAction }],
  [command.keypadAction, { proof: 'challenge', sizes: sized(6), run: keypadAction, keypad: true }],
  [command.requestConfig, { proof: 'challenge', sizes: sized(0), run: giveConfig }],
  [command.requestAdvanced, { proof: 'challenge', sizes: sized(0), run: giveAdvanced }],
  [command.setConfig, needsPin(sized(55), setConfig)],
  [command.setAdvanced, needsPin(variant => [variant.advancedSize - 2], setAdvanced)],
  [command.setPin, needsPin(variant => [pinSize(variant)], setPin)],
  [command.verifyPin, needsPin(sized(0), verifyPin)],
  [command.calibrate, needsPin(sized(0), calibrate)],
  [command.reboot, needsPin(sized(0), reboot)],
  [command.updateTime, needsPin(sized(7), updateTime)],
  [command.removeAuthorization, needsPin(sized(4), removeAuthorization)],
  [command.requestAuthorizations, needsPin(sized(4, 5), listAuthorizations)],
  [command.invite, needsPin(sized(86), inviteAuthorization)],
  [command.updateAuthorization, needsPin(sized(58), updateAuthorization)],
  [command.requestLog, needsPin(sized(8), listLog)],
  [command.enableLogging, needsPin(sized(1), enableLogging)],
  [command.addTimer, needsPin(sized(4), addTimer)],
  [command.removeTimer, needsPin(sized(1), removeTimer)],
  [command.requestTimers, needsPin(sized(0), listTimers)],
  [command.updateTimer, needsPin(sized(6), updateTimer)],
  [command.addCode, ofKeypad(sized(44), addCode)],
  [command.requestCodes, ofKeypad(sized(4), listCodes)],
  [command.updateCode, ofKeypad(sized(47), updateCode)],
  [command.removeCode, ofKeypad(sized(2), removeCode)],
]);

/** How long the payload of a command may be, with its challenge and PIN; undefined where there is no such command. */
export function payloadSizes(variant: Variant, asked: number): readonly number[] | undefined {
  const known = commands.get(asked);
  const proof = known?.proof === 'pin' ? NONCE + pinSize(variant) : NONCE;
  return known?.sizes(variant).map(size => size + proof);
}

/** Carries out a message of somebody who is known. */
export function obey(device: Device, who: KeptAuthorization, message: Message): Reply {
  if (!who.enabled) return refused(error.disabled);
  if (!isAllowedNow(device, who.limit)) return refused(error.timeNotAllowed);
  const asked = message.command;
  const no = device.knobs.refuse[asked];
  if (no !== undefined) return refused(no);
  if (asked === command.requestData) return requestData(device, message.payload, who);
  const known = commands.get(asked);
  if (!known || (known.keypad && device.variant.keypad === 'none')) return refused(error.unknown);
  return prove(device, who, { known, payload: message.payload });
}

function prove(
  device: Device,
  who: KeptAuthorization,
  { known, payload }: { known: Command; payload: Uint8Array },
): Reply {
  // The first command that carries one uses it up, right or wrong.
  const challenge = device.session?.challenge;
  if (device.session) device.session.challenge = undefined;
  const pin = known.proof === 'pin' ? pinSize(device.variant) : 0;
  const size = payload.length - NONCE - pin;
  if (!known.sizes(device.variant).includes(size)) return refused(error.badLength);
  const nonce = payload.subarray(size, size + NONCE);
  const good = challenge && challenge.authId === who.id && device.elapsed() < challenge.until;
  if (takes(device.knobs, 'staleChallenges') || !good || !same(nonce, challenge.value)) return refused(error.badNonce);
  if (pin > 0) {
    const wrong = checkPin(device, readPin(payload.subarray(size + NONCE)));
    if (wrong !== undefined) return refused(wrong);
  }
  return known.run(device, payload.subarray(0, size), who);
}
