// How many connections there are at once. Who has shown who they are keeps theirs; of the others the oldest give way.
import type { Socket } from 'node:net';
import { sourceOf } from './sources.ts';

/** Not known yet who it is, or between two requests. Slow ones are closed for new ones, those of the greediest source first. */
const MOST_UNKNOWN = 32;
/** All together: known ones wait for a lock, read events or load a file. */
const MOST = 128;

export class Sockets {
  readonly #all = new Set<Socket>();
  /** Oldest first. */
  readonly #unknown = new Map<Socket, string>();
  readonly #known = new Map<Socket, () => boolean>();

  add(socket: Socket): void {
    this.#all.add(socket);
    this.#unknown.set(socket, sourceOf(socket.remoteAddress));
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#unknown.delete(socket);
      this.#known.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    this.#makeRoom();
  }

  /** A request of somebody who may come in is under way on it. `still`: whether they may even now. */
  known(socket: Socket, still: () => boolean): void {
    this.#unknown.delete(socket);
    if (this.#all.has(socket)) this.#known.set(socket, still);
  }

  /** Ends what goes on for who has logged out or whose time is over. */
  closeGone(): void {
    for (const [socket, still] of this.#known) if (!still()) socket.destroy();
  }

  /** It has been answered. */
  answered(socket: Socket): void {
    this.#known.delete(socket);
    if (socket.destroyed || !this.#all.has(socket)) return;
    // The newest again: who has just been served is the least likely to be a slow one.
    this.#unknown.delete(socket);
    this.#unknown.set(socket, sourceOf(socket.remoteAddress));
    this.#makeRoom();
  }

  closeAll(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #makeRoom(): void {
    if (this.#unknown.size <= MOST_UNKNOWN && this.#all.size <= MOST) return;
    const counts = new Map<string, number>();
    for (const source of this.#unknown.values()) counts.set(source, (counts.get(source) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    for (const [socket, source] of this.#unknown) {
      if (counts.get(source) !== most) continue;
      this.#unknown.delete(socket);
      socket.destroy();
      return;
    }
  }
}
