// A link that says when something went through it: proof that its adapter is alive.
import type { Link } from './radio.ts';

export function watched(link: Link, alive: () => void): Link {
  const noted = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    alive();
    return value;
  };
  return {
    get mtu() {
      return link.mtu;
    },
    closed: link.closed,
    write: (characteristic, bytes, how) => noted(link.write(characteristic, bytes, how)),
    read: characteristic => noted(link.read(characteristic)),
    subscribe: (characteristic, heard) =>
      noted(
        link.subscribe(characteristic, bytes => {
          alive();
          heard(bytes);
        }),
      ),
    close: () => link.close(),
  };
}
