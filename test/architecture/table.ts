// Who may import whom: the table of docs/design.md as data. The first part whose files match a path owns it.

export interface Part {
  /** The row of the table in docs/design.md. */
  name: string;
  /** Paths under src; `*` is one folder or one file name. What matched is the part's own folder. */
  files: readonly string[];
  /** A folder ends in `/`, anything else is a file. `own/` is the own folder. */
  values: readonly string[];
  /** Further places from which types, and only types, may come. */
  types?: readonly string[];
  /** `node:` modules by name, or all of them. */
  builtIns: readonly string[] | 'all';
  /** Packages; one that ends in `/` is a scope. */
  packages: readonly string[];
}

const anything = ['all'];

export const parts: readonly Part[] = [
  { name: 'base', files: ['base/'], values: ['base/'], builtIns: 'all', packages: ['pino'] },
  {
    name: 'radio/noble',
    files: ['radio/noble.ts'],
    values: ['base/', 'radio/'],
    builtIns: ['module', 'events'],
    packages: ['@abandonware/noble', '@abandonware/bluetooth-hci-socket'],
  },
  { name: 'radio', files: ['radio/'], values: ['base/', 'radio/'], builtIns: [], packages: [] },
  { name: 'lock', files: ['lock/'], values: ['base/', 'lock/'], types: ['radio/'], builtIns: ['util'], packages: [] },
  {
    name: 'drivers/index',
    files: ['drivers/index.ts'],
    values: ['drivers/*/driver.ts'],
    types: ['lock/driver.ts'],
    builtIns: [],
    packages: [],
  },
  {
    name: 'drivers/x',
    files: ['drivers/*/'],
    values: ['base/', 'lock/driver.ts', 'lock/exchange.ts', 'own/'],
    types: ['lock/lock.ts', 'radio/'],
    builtIns: ['crypto'],
    packages: ['tweetnacl'],
  },
  {
    name: 'store',
    files: ['store/'],
    values: ['base/', 'store/'],
    types: ['lock/', 'flow/journal.ts'],
    builtIns: ['crypto', 'fs', 'fs/promises', 'module', 'path', 'sqlite'],
    packages: ['@photostructure/sqlite'],
  },
  {
    name: 'access',
    files: ['access/'],
    values: ['base/', 'lock/', 'store/', 'access/'],
    builtIns: ['crypto'],
    packages: [],
  },
  {
    name: 'flow/catalogue',
    files: ['flow/catalogue/'],
    values: ['base/', 'lock/', 'flow/'],
    builtIns: ['fs', 'path', 'url'],
    packages: ['yaml', 'zod'],
  },
  {
    name: 'flow',
    files: ['flow/'],
    values: ['base/', 'lock/', 'access/', 'store/', 'flow/'],
    types: ['drivers/', 'radio/'],
    builtIns: ['crypto', 'module', 'util'],
    packages: ['canonicalize', 'zod'],
  },
  {
    name: 'bridge/mqtt',
    files: ['bridge/mqtt/'],
    values: ['base/', 'lock/', 'access/', 'flow/', 'own/'],
    builtIns: 'all',
    packages: ['mqtt', 'zod'],
  },
  {
    name: 'bridge/web',
    files: ['bridge/web/'],
    values: ['base/', 'lock/', 'access/', 'flow/', 'own/'],
    builtIns: 'all',
    packages: ['fastify', '@fastify/static', 'prom-client', 'uqr', 'zod'],
  },
  {
    name: 'bridge/matter/controller',
    files: [
      'bridge/matter/controller.ts',
      'bridge/matter/controller-client.ts',
      'bridge/matter/controller-lock.ts',
      'bridge/matter/simulation.ts',
    ],
    values: ['base/', 'bridge/matter/'],
    types: ['lock/'],
    builtIns: [],
    packages: ['@matter/', '@project-chip/matter.js'],
  },
  {
    name: 'bridge/matter',
    files: ['bridge/matter/'],
    values: ['base/', 'lock/', 'access/', 'flow/', 'own/'],
    builtIns: 'all',
    packages: ['@matter/'],
  },
  { name: 'sim', files: ['sim/'], values: ['sim/'], builtIns: 'all', packages: ['@noble/'] },
  {
    name: 'config',
    files: ['config.ts', 'config/'],
    values: ['base/', 'config.ts', 'config/'],
    builtIns: ['fs', 'os', 'path'],
    packages: ['yaml', 'zod'],
  },
  {
    name: 'cli',
    files: ['cli/'],
    // The doctor asks of the network what the Matter bridge asks.
    values: ['base/', 'config.ts', 'config/', 'lock/', 'flow/', 'access/', 'cli/', 'bridge/matter/network.ts'],
    builtIns: 'all',
    packages: ['uqr'],
  },
  {
    name: 'demo',
    files: ['demo/'],
    values: ['sim/', 'base/', 'demo/'],
    types: ['radio/', 'lock/', 'flow/'],
    builtIns: 'all',
    packages: ['aedes', 'mqtt', 'uqr'],
  },
  {
    name: 'daemon/run-demo',
    files: ['daemon/run-demo.ts', 'daemon/selftest.ts', 'daemon/scene.ts'],
    values: ['base/', 'config.ts', 'daemon/', 'demo/'],
    types: ['bridge/', 'lock/'],
    builtIns: 'all',
    packages: [],
  },
  {
    name: 'daemon',
    files: ['daemon/'],
    values: [
      'base/',
      'config.ts',
      'config/',
      'radio/',
      'lock/',
      'drivers/',
      'access/',
      'store/',
      'flow/',
      'bridge/',
      'daemon/',
      // The doctor's questions, which the daemon answers when it runs and the command line when it does not.
      'cli/examine.ts',
    ],
    builtIns: 'all',
    packages: [],
  },
  {
    name: 'ui/build',
    files: ['ui/vite.config.ts', 'ui/compress.ts'],
    values: ['ui/compress.ts'],
    builtIns: ['fs/promises', 'path', 'util', 'zlib'],
    packages: ['vite'],
  },
  // The page: it knows the daemon by its routes only.
  { name: 'ui', files: ['ui/'], values: ['ui/'], builtIns: [], packages: ['lit', 'uqr'] },
  { name: 'main', files: ['main.ts'], values: anything, builtIns: 'all', packages: anything },
];

/** Where a rule of the first list does not hold, by name. */
export const exempt = {
  /** The clock itself; the lull between two virtual timers; the stamp of a log line; the page in a browser. */
  clock: ['base/clock.ts', 'base/virtual-clock.ts', 'base/log.ts', 'ui/'],
  environment: ['config.ts'],
  console: ['base/log.ts'],
  /** The one place that makes a lock forget, and the drivers that do it. */
  forget: ['flow/wiping.ts', 'drivers/'],
  /** Only a passed pre-flight makes the right to erase. */
  clearance: ['flow/engine/preflight.ts'],
  /** Behaviours of the Matter library are made by extending its classes; so are elements of the page. */
  inheritance: ['bridge/matter/', 'ui/'],
  /** Made from the description of the API. */
  length: ['ui/api.d.ts'],
  /** What the bundler reads. */
  defaults: ['ui/vite.config.ts'],
} as const;

/**
 * Where the signal strength may decide something: which adapter or candidate is nearer, and what is printed. Nothing
 * reachable from here may send a command.
 */
export const rssiDecides: readonly string[] = ['radio/', 'flow/', 'cli/', 'ui/'];

/** What is not even loaded before somebody asks for it: `run` works on real locks only. */
export const loadedLate: readonly string[] = ['sim/', 'demo/'];

export const mostLines = 400;

/** A folder ends in `/` and covers what is below it; `*` is one name. */
export function covers(pattern: string, path: string): boolean {
  const body = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+');
  return new RegExp(`^${body}${pattern.endsWith('/') ? '' : '$'}`).test(path);
}
