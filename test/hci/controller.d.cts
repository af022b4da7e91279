// Types of controller.cjs, which is plain CommonJS so that preload.cjs runs without a build.
import type { Peripheral } from '../../src/sim/air.ts';

export class VirtualController {
  constructor(options?: { address?: string; links?: number; aclLength?: number; aclPackets?: number });
  readonly address: string;
  present: boolean;
  up: boolean;
  deaf: boolean;
  silent: boolean;
  links: number;
  onPacket: ((address: string, way: 'in' | 'out', packet: Buffer) => 'lose' | 'drop' | undefined) | undefined;
  readonly commands: number[];
  resets: number;
  readonly scanning: boolean;
  readonly connected: string[];
  add(peripheral: Peripheral, options?: { mtu?: number; rssi?: number }): () => void;
  lose(address: string, reason?: number): void;
  power(on: boolean): void;
  plug(inside: boolean): void;
  forge(address: string, att: Buffer): void;
  inject(packet: Buffer): void;
  stop(): void;
}
