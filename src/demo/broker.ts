// An MQTT broker inside the demo, on the loopback interface only.
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { LockError } from '../base/errors.ts';

export interface DemoBroker {
  url: string;
  stop(): Promise<void>;
}

/** Port 0 takes a free one. A taken port is one clear error. */
export async function startBroker(port: number): Promise<DemoBroker> {
  const broker = await Aedes.createBroker({ id: 'latchbridge-demo' });
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    // Without this the broker's small messages wait for each other for 40 ms (Nagle and delayed acknowledgement).
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await listen(server, port).catch((thrown: unknown) => {
    broker.close();
    throw thrown;
  });
  const address = server.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return {
    url: `mqtt://127.0.0.1:${chosen}`,
    async stop() {
      await new Promise<void>(resolve => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const text = taken
        ? `Port ${port} is taken, perhaps by another demo or broker. Stop that, or choose another: --mqtt-port 0 takes a free one.`
        : `The demo's broker cannot listen on port ${port} (${cause.code ?? 'unknown'}).`;
      reject(new LockError('busy', text, { reason: taken ? 'port_taken' : 'port', cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
