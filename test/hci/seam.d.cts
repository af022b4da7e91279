// Types of seam.cjs.
import type { VirtualController } from './controller.cjs';

export interface Seam {
  controllers: Map<number, VirtualController>;
  loadError: Error | undefined;
  socketError: Error | undefined;
  writeError: Error | undefined;
  management: boolean;
  sockets: number;
  looks: number;
  remove(): void;
}
export function installSeam(): Seam;
