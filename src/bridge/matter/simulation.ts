// A network made of nothing, for the demo and the selftest: the Matter library's own simulator, with a host each for
// bridge and controller. Nothing on it can reach a real network.
import './switches.ts';
import { Crypto, Entropy, Environment, Network, NetworkError, NetworkSimulator } from '@matter/main';

export class Simulation {
  readonly #simulator = new NetworkSimulator();
  #hosts = 0;

  /**
   * It keeps nothing by itself (`keepIn`). Without a parent: the library puts its multicast into the root environment, and
   * with the default one as root that would be the real network.
   */
  host(id: string): Environment {
    this.#hosts += 1;
    const environment = new Environment(id);
    environment.set(Crypto, Environment.default.get(Crypto));
    environment.set(Entropy, Environment.default.get(Entropy));
    environment.set(Network, this.#simulator.addHost(this.#hosts));
    return environment;
  }
}

/** Whatever is made without a simulated host fails from now on, rather than opening a socket. */
export function closeRealNetwork(): void {
  Environment.default.set(Network, new ClosedNetwork());
}

class ClosedNetwork extends Network {
  override getNetInterfaces(): never {
    throw closed();
  }

  override getIpMac(): never {
    throw closed();
  }

  override createUdpSocket(): never {
    throw closed();
  }

  override createTcpListener(): never {
    throw closed();
  }

  override connectTcp(): never {
    throw closed();
  }
}

function closed(): NetworkError {
  return new NetworkError('This Matter network is simulated; the real one is not used.');
}
