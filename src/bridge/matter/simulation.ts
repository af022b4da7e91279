// A network made of nothing, for the demo and the selftest: the Matter library's own simulator, with a host each for
// bridge and controller. Nothing on it can reach a real network.
import { Crypto, Entropy, Environment, Filesystem, MemoryStorageDriver, Network, StorageService } from '@matter/main';
import { NetworkError, NetworkSimulator } from '@matter/main';
import { FileStorageDriver, NodeJsFilesystem } from '@matter/nodejs';

/** Where a host keeps its things: in a folder, or only in memory. */
export interface HostChoice {
  id: string;
  folder?: string;
}

export class Simulation {
  readonly #simulator = new NetworkSimulator();
  #hosts = 0;

  /**
   * Without a parent: the library puts its multicast into the root environment, and with the default one as root that
   * would be the real network.
   */
  host({ id, folder }: HostChoice): Environment {
    this.#hosts += 1;
    const environment = new Environment(id);
    environment.set(Crypto, Environment.default.get(Crypto));
    environment.set(Entropy, Environment.default.get(Entropy));
    environment.set(Network, this.#simulator.addHost(this.#hosts));
    keepIn(environment, folder);
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

function keepIn(environment: Environment, folder: string | undefined): void {
  const storage = new StorageService(environment);
  if (folder === undefined) {
    storage.registerDriver(MemoryStorageDriver);
    storage.defaultDriver = MemoryStorageDriver.id;
    return;
  }
  environment.set(Filesystem, new NodeJsFilesystem(folder));
  storage.registerDriver(FileStorageDriver);
  storage.defaultDriver = FileStorageDriver.id;
}

function closed(): NetworkError {
  return new NetworkError('This Matter network is simulated; the real one is not used.');
}
