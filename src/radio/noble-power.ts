// Switching an adapter off and on again through the kernel's management channel (BlueZ doc/mgmt-api: Set Powered).
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { HciSocket } from './noble-parts.ts';

const SET_POWERED = 0x0005;
const COMMAND_COMPLETE = 0x0001;
const COMMAND_STATUS = 0x0002;
const RFKILLED = 0x12;
/** Off ends all links first; on loads the firmware of some adapters. */
const OFF_WITHIN = 5_000;
const ON_WITHIN = 5_000;

/** Rejects when this system has no management channel, denies it, or the adapter does not come back. */
export async function powerCycle(socket: HciSocket, index: number, clock: Clock): Promise<void> {
  if (!socket.bindControl) throw noChannel();
  try {
    socket.bindControl();
    socket.start();
    await within(clock, OFF_WITHIN, setPowered(socket, index, false), noChannel);
    await within(clock, ON_WITHIN, setPowered(socket, index, true), noChannel);
  } finally {
    socket.stop();
    socket.removeAllListeners();
    socket.on('error', () => undefined);
  }
}

/** Header of three words, little-endian: code, adapter, length; then one byte. */
function setPowered(socket: HciSocket, index: number, on: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (event: Buffer): void => {
      if (event.length < 9 || event.readUInt16LE(2) !== index || event.readUInt16LE(6) !== SET_POWERED) return;
      if (![COMMAND_COMPLETE, COMMAND_STATUS].includes(event.readUInt16LE(0))) return;
      socket.removeListener('data', heard);
      if (event[8] === 0) resolve();
      else reject(event[8] === RFKILLED ? blocked() : noChannel());
    };
    socket.on('data', heard);
    socket.once('error', () => reject(noChannel()));
    const command = Buffer.alloc(7);
    command.writeUInt16LE(SET_POWERED, 0);
    command.writeUInt16LE(index, 2);
    command.writeUInt16LE(1, 4);
    command.writeUInt8(on ? 1 : 0, 6);
    socket.write(command);
  });
}

function noChannel(): LockError {
  return new LockError('unreachable', 'The Bluetooth adapter could not be switched off and on.', {
    reason: 'no_power',
  });
}

function blocked(): LockError {
  const text = 'The Bluetooth adapter is blocked. Run "rfkill unblock bluetooth".';
  return new LockError('unreachable', text, { reason: 'rfkill' });
}
