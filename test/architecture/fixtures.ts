// Small wrong programs that the checker must find, and small right ones that look like them.

interface Allowed {
  what: string;
  /** Path to text. */
  files: Readonly<Record<string, string>>;
}
interface Forbidden extends Allowed {
  rule: string;
}

const forbid = (rule: string, what: string, path: string, text: string): Forbidden => ({
  rule,
  what,
  files: { [path]: text },
});
const allow = (what: string, path: string, text: string): Allowed => ({ what, files: { [path]: text } });

export const forbiddenFixtures: readonly Forbidden[] = [
  forbid('syntax', 'a file that does not parse', 'src/lock/a.ts', 'export const = 1;'),
  forbid('length', 'a file of 401 lines', 'src/lock/a.ts', '// a\n'.repeat(401)),
  forbid('length', 'a test of 401 lines', 'test/lock/a.test.ts', '// a\n'.repeat(401)),
  forbid('place', 'a folder that no row covers', 'src/misc/a.ts', 'export const a = 1;'),

  forbid('import', 'a lock that imports a driver', 'src/lock/a.ts', `import { b } from '../drivers/ttlock/wire.ts';`),
  forbid(
    'import',
    'a re-export of a forbidden file',
    'src/lock/a.ts',
    `export { b } from '../flow/b.ts';\nexport const a = 1;`,
  ),
  forbid('import', 'a forbidden import for its effects', 'src/base/a.ts', `import '../lock/lock.ts';`),
  forbid('import', 'a forbidden dynamic import', 'src/flow/a.ts', `export const a = () => import('../sim/air.ts');`),
  forbid('import', 'a dynamic import of a template', 'src/lock/a.ts', 'export const a = () => import(`../flow/b.ts`);'),
  forbid('import', 'a dynamic import of who knows what', 'src/lock/a.ts', `export const a = (b: string) => import(b);`),
  forbid('import', 'a forbidden type written in place', 'src/lock/a.ts', `export type A = import('../flow/b.ts').B;`),
  forbid('import', 'values where only types may come from', 'src/lock/a.ts', `import { b } from '../radio/radio.ts';`),
  forbid(
    'import',
    'an inline type, whose import remains',
    'src/lock/a.ts',
    `import { type B } from '../radio/radio.ts';`,
  ),
  forbid(
    'import',
    'a package by createRequire in one go',
    'src/lock/a.ts',
    `import { createRequire } from '../base/x.ts';\nexport const a = createRequire(import.meta.url)('pino');`,
  ),
  forbid(
    'import',
    'a package by a named require',
    'src/store/a.ts',
    `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const a = load('pino');`,
  ),
  forbid(
    'import',
    'a require that is handed on',
    'src/store/a.ts',
    `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const a = [load];`,
  ),
  forbid(
    'import',
    'a built-in by its back door',
    'src/lock/a.ts',
    `export const a = process.getBuiltinModule('node:fs');`,
  ),
  forbid('import', 'a built-in that the row lacks', 'src/lock/a.ts', `import { readFileSync } from 'node:fs';`),
  forbid('import', 'a built-in without its prefix', 'src/base/a.ts', `import { readFileSync } from 'fs';`),
  forbid(
    'import',
    'the Bluetooth library outside its file',
    'src/radio/a.ts',
    `import noble from '@abandonware/noble';`,
  ),
  forbid('import', 'a package whose name begins alike', 'src/base/a.ts', `import { a } from 'pino-pretty';`),
  forbid(
    'import',
    'one family that imports another',
    'src/drivers/nuki/a.ts',
    `import { b } from '../ttlock/wire.ts';`,
  ),
  forbid('import', 'one bridge that imports another', 'src/bridge/mqtt/a.ts', `import { b } from '../web/api.ts';`),
  forbid(
    'import',
    'a bridge that reaches the vault',
    'src/bridge/mqtt/a.ts',
    `import type { V } from '../../store/vault.ts';`,
  ),
  forbid(
    'import',
    'a virtual lock that borrows from the program',
    'src/sim/a.ts',
    `import { hex } from '../base/bytes.ts';`,
  ),
  forbid('import', 'a virtual lock that borrows a type', 'src/sim/a.ts', `import type { B } from '../lock/lock.ts';`),
  forbid(
    'import',
    'the command line that opens the store',
    'src/cli/a.ts',
    `import { b } from '../store/database.ts';`,
  ),

  forbid('import', 'a page that borrows from the daemon', 'src/ui/a.ts', `import { slug } from '../lock/lock.ts';`),
  forbid(
    'import',
    'a page that borrows a type of the daemon',
    'src/ui/views/a.ts',
    `import type { Bolt } from '../../lock/lock.ts';`,
  ),
  forbid('import', 'a page that uses Node', 'src/ui/a.ts', `import { join } from 'node:path';`),
  forbid('default', 'a default export in the page', 'src/ui/a.ts', `export default 1;`),

  forbid('random', 'Math.random', 'src/sim/a.ts', `export const a = Math.random();`),
  forbid('random', 'Math.random by another spelling', 'src/base/a.ts', `export const a = Math['random'];`),
  forbid('random', 'random taken out of Math', 'src/base/a.ts', `const { random } = Math;\nexport const a = random();`),
  forbid('clock', 'a timer', 'src/lock/a.ts', `export const a = () => setTimeout(() => undefined, 5);`),
  forbid('clock', 'a timer handed on', 'src/lock/a.ts', `export const a = { later: setImmediate };`),
  forbid('clock', 'a timer of the global object', 'src/sim/a.ts', `export const a = () => globalThis.setInterval;`),
  forbid('clock', 'Date.now', 'src/cli/a.ts', `export const a = Date.now();`),
  forbid('clock', 'new Date() without a moment', 'src/cli/a.ts', `export const a = new Date().toISOString();`),
  forbid('clock', 'performance.now', 'src/main.ts', `export const a = performance.now();`),
  forbid('clock', 'AbortSignal.timeout', 'src/main.ts', `export const a = AbortSignal.timeout(5);`),
  forbid(
    'clock',
    'a sleep from the timers module',
    'src/cli/a.ts',
    `import { scheduler } from 'node:timers/promises';`,
  ),
  forbid('environment', 'process.env', 'src/main.ts', `export const a = process.env['HOME'];`),
  forbid('environment', 'env taken out of process', 'src/cli/a.ts', `const { env } = process;\nexport const a = env;`),
  forbid('environment', 'env imported', 'src/cli/a.ts', `import { env } from 'node:process';\nexport const a = env;`),
  forbid('console', 'console', 'src/cli/a.ts', `export const a = () => console.log('a');`),
  forbid('error', 'a plain Error thrown', 'src/sim/a.ts', `export const a = () => { throw new Error('a'); };`),
  forbid('error', 'a plain Error as a rejection', 'src/sim/a.ts', `export const a = Promise.reject(new Error('a'));`),
  forbid('enum', 'an enum', 'src/lock/a.ts', `export enum A { b }`),
  forbid('enum', 'a const enum', 'src/lock/a.ts', `declare const enum A { b }\nexport type B = A;`),
  forbid('default', 'a default export', 'src/lock/a.ts', `export default class A {}`),
  forbid('default', 'a default export by renaming', 'src/lock/a.ts', `const a = 1;\nexport { a as default };`),
  forbid('inheritance', 'a class that extends a class', 'src/lock/a.ts', `class A {}\nexport class B extends A {}`),
  forbid(
    'inheritance',
    'an event emitter',
    'src/base/a.ts',
    `import { EventEmitter } from 'node:events';\nexport const a = class extends EventEmitter {};`,
  ),
  forbid(
    'inheritance',
    'a subclass of our error',
    'src/lock/a.ts',
    `import { LockError } from '../base/errors.ts';\nexport class B extends LockError {}`,
  ),
  forbid(
    'barrel',
    'a file that only passes on',
    'src/lock/a.ts',
    `export * from './lock.ts';\nexport { a } from './keeper.ts';`,
  ),

  forbid(
    'forget',
    'a bridge that makes a lock forget',
    'src/bridge/mqtt/a.ts',
    `export const a = (d: Driver) => d.forget?.(1, 2, 3);`,
  ),
  forbid('forget', 'a flow that wipes by itself', 'src/flow/a.ts', `export const a = (d: D) => d.forget(1, 2, 3);`),
  forbid(
    'clearance',
    'a step that clears itself',
    'src/flow/steps/a.ts',
    `import type { Clearance } from '../clearance.ts';\nexport const a = (C: new () => Clearance) => { const Clearance = C; return new Clearance(); };`,
  ),
  forbid(
    'clearance',
    'a clearance under another name',
    'src/flow/engine/a.ts',
    `import { Clearance as Right } from '../clearance.ts';\nexport const a = () => new Right();`,
  ),
  forbid('forget', 'forget handed on', 'src/lock/a.ts', `export const a = (d: { forget(): void }) => [d.forget];`),
  forbid(
    'forget',
    'forget taken out of a driver',
    'src/lock/a.ts',
    `export const a = (d: { forget(): void }) => { const { forget } = d; return forget; };`,
  ),
  forbid(
    'rssi',
    'a keeper that looks how near',
    'src/lock/a.ts',
    `export const a = (b: { rssi: number }) => b.rssi > -60;`,
  ),
  forbid(
    'rssi',
    'the signal under another name',
    'src/lock/a.ts',
    `export const a = (b: { rssi: number }) => { const { rssi: near } = b; return { near }; };`,
  ),
  forbid(
    'rssi',
    'the signal as an argument',
    'src/lock/a.ts',
    `export const a = (b: { rssi: number }, c: (n: number) => void) => c(b.rssi);`,
  ),
  forbid(
    'rssi',
    'a flow that opens what is near',
    'src/flow/a.ts',
    `export const a = (b: { rssi: number }, s: { act(v: string): void }) => { if (b.rssi > -60) s.act('unlock'); };`,
  ),
  {
    rule: 'rssi',
    what: 'a flow that opens what is near in two steps',
    files: {
      'src/flow/near.ts': `import { open } from './open.ts';\nexport const a = (b: { rssi: number }) => { if (b.rssi > -60) open(); };`,
      'src/flow/open.ts': `import { locks } from '../lock/x.ts';\nexport const open = () => locks.command('unlock');`,
      'src/lock/x.ts': `export const locks = { command: (verb: string) => verb };`,
    },
  },
  {
    rule: 'early',
    what: 'virtual locks loaded at every start',
    files: {
      'src/main.ts': `import { demo } from './demo/demo.ts';\nexport const a = demo;`,
      'src/demo/demo.ts': `import { Air } from '../sim/air.ts';\nexport const demo = Air;`,
      'src/sim/air.ts': `export class Air {}`,
    },
  },
];

export const allowedFixtures: readonly Allowed[] = [
  allow('a file of 400 lines', 'src/lock/a.ts', '// a\n'.repeat(400)),
  allow('what is made from the description of the API', 'src/ui/api.d.ts', '// a\n'.repeat(401)),
  allow(
    'types where types may come from',
    'src/lock/a.ts',
    `import type { B } from '../radio/radio.ts';\nexport type A = B;`,
  ),
  allow(
    'a family that asks questions',
    'src/drivers/nuki/a.ts',
    `import { Exchange } from '../../lock/exchange.ts';\nimport { b } from './wire.ts';\nexport const a = [Exchange, b];`,
  ),
  allow(
    'the seam to SQLite',
    'src/store/a.ts',
    `import { createRequire } from 'node:module';\nimport type { DatabaseSync } from 'node:sqlite';\nconst builtIn = process.getBuiltinModule('node:sqlite');\nexport const a = builtIn ?? (createRequire(import.meta.url)('@photostructure/sqlite') as DatabaseSync);`,
  ),
  allow(
    'a library loaded late',
    'src/radio/noble.ts',
    `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nexport const a = () => require('@abandonware/noble/with-custom-binding');`,
  ),
  allow('the clock itself', 'src/base/clock.ts', `export const a = [setTimeout, Date.now(), new Date()];`),
  allow('a moment made into a date', 'src/cli/a.ts', `export const a = (at: number) => new Date(at).toISOString();`),
  allow(
    'names that only look like timers',
    'src/cli/a.ts',
    `export const a = (s: { setTimeout(n: number): void }) => { s.setTimeout(5); return { console: 1 }; };`,
  ),
  allow(
    'an element of the page, with a timer of the browser',
    'src/ui/parts/a.ts',
    `import { LitElement } from 'lit';\nexport class A extends LitElement { wait() { setTimeout(() => this.requestUpdate(), 5); } }`,
  ),
  allow('the environment in its file', 'src/config.ts', `export const a = process.env;`),
  allow(
    'an error of our own',
    'src/sim/a.ts',
    `export class SimError extends Error {}\nexport const a = () => { throw new SimError('a'); };`,
  ),
  allow('a RangeError for a bug', 'src/base/a.ts', `export const a = () => { throw new RangeError('a'); };`),
  allow(
    'something else that forgets',
    'src/lock/a.ts',
    `export const a = (belief: { forget(): void }) => belief.forget();`,
  ),
  allow(
    'the vector runner',
    'test/vectors/a.ts',
    `import { a } from '../../src/drivers/ttlock/wire.ts';\nimport { b } from '../../src/sim/ttlock/frame.ts';\nexport const c = [a, b];`,
  ),
  allow(
    'the wiper that makes a lock forget',
    'src/flow/wiping.ts',
    `export const a = (d: Driver) => d.forget(1, 2, 3);`,
  ),
  allow(
    'pre-flight that makes a clearance',
    'src/flow/engine/preflight.ts',
    `import { Clearance } from '../clearance.ts';\nexport const a = () => new Clearance();`,
  ),
  allow(
    'a step that uses a clearance',
    'src/flow/steps/a.ts',
    `import type { Clearance } from '../clearance.ts';\nexport const a = (c: Clearance) => c.use('a', 1);`,
  ),
  allow(
    'the signal carried and printed',
    'src/lock/a.ts',
    'export const a = (b: { rssi?: number }) => ({ ...(b.rssi === undefined ? {} : { rssi: b.rssi }), text: `${b.rssi} dBm` });',
  ),
  allow(
    'the signal kept',
    'src/lock/a.ts',
    `export class A { #rssi?: number; hear(b: { rssi: number }): void { this.#rssi = b.rssi; } view() { return { rssi: this.#rssi ?? null }; } }`,
  ),
  allow(
    'the signal left out',
    'src/lock/a.ts',
    `export const a = ({ rssi: _rssi, ...rest }: { rssi: number }) => rest;`,
  ),
  allow(
    'the nearest candidate chosen',
    'src/flow/a.ts',
    `export const a = (c: { rssi: number }[]) => c.toSorted((x, y) => y.rssi - x.rssi);`,
  ),
  allow(
    'a command sent for other reasons',
    'src/flow/a.ts',
    `export const a = (s: { act(v: string): void }, rssi: number) => { s.act('lock'); return { rssi }; };`,
  ),
  allow(
    'everything in main',
    'src/main.ts',
    `import { b } from './store/vault.ts';\nimport mqtt from 'mqtt';\nexport const a = [b, mqtt];`,
  ),
  {
    what: 'virtual locks loaded for the demo',
    files: {
      'src/main.ts': `export const a = async () => (await import('./demo/demo.ts')).demo;`,
      'src/demo/demo.ts': `export const demo = 1;`,
    },
  },
];
