// What the lock says of its bolt, asked or not, as reports (ttlock.md 8).
import { ByteReader } from '../../base/bytes.ts';
import type { Ground, Report } from '../../lock/driver.ts';
import type { Bolt, Door } from '../../lock/lock.ts';
import { type Features, feature, has } from './features.ts';
import type { Reply } from './reply.ts';
import { type Status, command, readStatus } from './wire.ts';

/** Two locks were seen that never change this byte when turned by hand: it is what the lock believes. */
const bolts: Readonly<Record<number, Bolt>> = { 0: 'locked', 1: 'unlocked' };
/** The third byte, on locks that say they have a door sensor; on others it means something else. */
const doors: Readonly<Record<number, Door>> = { 0: 'closed', 1: 'open' };

/** Gives where the bolt stands, if that is what the status is about. */
export function reportStatus(ground: Ground, status: Status, features: Features | undefined): Bolt | undefined {
  const said: Extract<Report, { kind: 'state' }> = { kind: 'state', trust: 'told', ...batteryOf(status.battery) };
  if (status.form === 'event') {
    ground.report(said);
    return undefined;
  }
  const door = status.aux !== undefined && features !== undefined && has(features, feature.doorState);
  const shown = door ? doors[status.aux as number] : undefined;
  const bolt = bolts[status.state] ?? 'unknown';
  ground.report({ ...said, bolt, ...(shown && { door: shown }) });
  return bolt;
}

/** A push. Keys, cards and codes used at the lock come as an event that names no bolt: its log tells more. */
export function hearPush(ground: Ground, reply: Reply, features: Features | undefined): void {
  const status = reply.command === command.status && reply.ok ? readStatus(new ByteReader(reply.data)) : undefined;
  if (status) reportStatus(ground, status, features);
  if (status?.form === 'event') ground.report({ kind: 'recorded' });
  if (!status)
    ground.log.debug({ command: reply.command, bytes: reply.data.length }, 'the lock said something unasked');
}

/** A percentage, or nothing where the byte is none. */
export function batteryOf(percent: number): { battery?: number } {
  return percent <= 100 ? { battery: percent } : {};
}
