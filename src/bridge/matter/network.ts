// Whether the network of this machine can carry Matter, in words: it needs an interface that is up and has IPv6.
import { networkInterfaces } from 'node:os';
import type { MatterSettings } from './matter.ts';

export interface Trouble {
  reason: string;
  fix?: string;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Undefined: nothing to complain about. */
export function networkTrouble(
  { interface: chosen }: Pick<MatterSettings, 'interface'>,
  interfaces: Interfaces = networkInterfaces(),
): Trouble | undefined {
  if (chosen !== undefined && !interfaces[chosen]) {
    const names = Object.keys(interfaces).filter(name => name !== 'lo');
    const others = names.length > 0 ? `There are ${names.join(', ')}.` : 'There is none at all.';
    const reason = `The network interface "${chosen}" for Matter is not there or not up. ${others}`;
    return { reason, fix: 'Choose another with matter.interface, or bring it up.' };
  }
  const used = Object.entries(interfaces).filter(([name]) => chosen === undefined || name === chosen);
  const outside = used.flatMap(([, addresses]) => addresses ?? []).filter(one => !one.internal || chosen !== undefined);
  if (outside.length === 0) return { reason: 'This machine is on no network, so no controller can reach Matter.' };
  if (outside.some(one => one.family === 'IPv6')) return undefined;
  const where = chosen === undefined ? 'this machine' : `"${chosen}"`;
  const reason = `IPv6 is off on ${where}; Matter controllers reach it with IPv6 only.`;
  return { reason, fix: 'Switch IPv6 on (sysctl net.ipv6.conf.all.disable_ipv6=0); link-local addresses are enough.' };
}
