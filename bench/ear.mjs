// When bytes pass the daemon's own socket to the broker, whoever else is in this process.
import { Socket } from 'node:net';

/** Calls `heard` with what the daemon gets and `sent` with what leaves it. `others` are sockets that are not the daemon's. */
export function listenAtBroker(url, { others, heard, sent }) {
  const port = Number(new URL(url).port);
  const isDaemon = socket => socket.remotePort === port && !others().includes(socket);
  const push = Reflect.get(Socket.prototype, 'push');
  const write = Reflect.get(Socket.prototype, '_writeGeneric');
  Socket.prototype.push = function (chunk, ...rest) {
    if (chunk && isDaemon(this)) heard(chunk, performance.now());
    return push.call(this, chunk, ...rest);
  };
  Socket.prototype._writeGeneric = function (many, data, ...rest) {
    if (isDaemon(this)) {
      const at = performance.now();
      sent(Buffer.concat(many ? data.map(({ chunk }) => Buffer.from(chunk)) : [Buffer.from(data)]), at);
    }
    return write.call(this, many, data, ...rest);
  };
}
