// The server of the page on a port of its own, over a daemon made of notes and logins that are kept in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logins } from '../../../src/access/login/logins.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { PageServer } from '../../../src/bridge/web/server.ts';
import type { Asker } from '../../../src/lock/lock.ts';
import type { Store } from '../../../src/store/store.ts';
import { Browser } from './browser.ts';
import { wholeParts } from './contract.ts';
import { FakeDaemon } from './fake-parts.ts';
import { memoryLogins } from './logins.ts';

export const BY: Asker = { via: 'cli', who: 'cli', role: 'owner' };
export const PASSWORD = 'three green doors';
/** What a demo prints. */
export const DEMO_TOKEN = 'cafe0123cafe0123cafe0123';

export interface Served {
  daemon: FakeDaemon;
  logins: Logins;
  store: Store;
  server: PageServer;
  port: number;
  /** The folder of the page's files. */
  page: string;
  /** A new browser that nobody has used yet. */
  browser(): Browser;
  /** One in which somebody has logged in with a password. */
  loggedIn(name: string): Promise<Browser>;
  close(): Promise<void>;
}

export async function serve(hosts: readonly string[] = []): Promise<Served> {
  const daemon = new FakeDaemon();
  const { clock } = daemon;
  const { logins, store } = memoryLogins(clock);
  const page = mkdtempSync(join(tmpdir(), 'latchbridge-page-'));
  let port = 0;
  const urls = (): string[] => [`http://127.0.0.1:${port}`];
  const server = await PageServer.make({
    api: { ...wholeParts(daemon), logins, urls },
    hosts,
    page,
    seal: new Secret('seal'),
    owners: [new Secret(DEMO_TOKEN)],
    clock,
    log: silent,
  });
  ({ port } = await server.open({ host: '127.0.0.1', port: 0 }));
  const browser = (): Browser => new Browser(port);
  return {
    daemon,
    logins,
    store,
    server,
    port,
    page,
    browser,
    async loggedIn(name) {
      const used = browser();
      const answer = await used.post('/api/login', { name, password: PASSWORD });
      if (answer.status !== 200) throw new RangeError(`not let in: ${answer.text}`);
      return used;
    },
    async close() {
      await server.close();
      await store.close();
      rmSync(page, { recursive: true, force: true });
    },
  };
}
