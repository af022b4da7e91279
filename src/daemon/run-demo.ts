// `latchbridge demo`: the daemon with virtual locks and its own broker.
import { hex } from '../base/bytes.ts';
import { systemClock, unlessAborted, within } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import { LogRing } from '../base/log-ring.ts';
import { Secret, makeLog, stderr } from '../base/log.ts';
import { giveBackMemory } from '../base/memory.ts';
import { type Config, loadConfig, matterVariables } from '../config.ts';
import { type Role, castOf, isHeld } from '../demo/cast.ts';
import { demoFolder, readyLine, welcome } from '../demo/demo.ts';
import { openScene } from '../demo/open-scene.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import type { Daemon } from './daemon.ts';
import { type DemoMatter, openDemoMatter } from './demo-matter.ts';
import { type Running, startDaemon, stopInTime, systemRandom, untilSignal } from './run.ts';
import { sceneParts } from './scene.ts';

/** Not 1883: a broker of one's own may well be running there. */
const MQTT_PORT = 18_830;
const HTTP_PORT = 18_831;
/** Loading the library takes 2 s on a fast machine; on a Pi five times as long. */
const MATTER_MS = 30_000;

export interface DemoOptions {
  data?: string | undefined;
  locks?: string | undefined;
  'mqtt-port'?: number | undefined;
  'mqtt-url'?: string | undefined;
  'http-port'?: number | undefined;
  'log-level'?: string | undefined;
  json?: boolean | undefined;
  keep?: boolean | undefined;
  'matter-interface'?: string | undefined;
  'matter-port'?: number | undefined;
  'no-matter'?: boolean | undefined;
  [option: string]: unknown;
}

export interface DemoSurroundings {
  version: string;
  self: string;
  out(line: string): void;
  /** Tells commands where the newest demo is; the answer takes it back. */
  tell(data: string): () => void;
}

/** Runs until a signal; resolves with the exit code. */
export async function runDemo(options: DemoOptions, around: DemoSurroundings): Promise<number> {
  const cast = castOf(options.locks);
  const folder = demoFolder(options.data);
  let stage: Stage | undefined;
  let running: Running | undefined;
  let matter: DemoMatter | undefined;
  let untell: () => void = () => undefined;
  const config = configOf(options, folder.data);
  const recent = new LogRing(stderr());
  const log = makeLog(config.logLevel, recent);
  const stop = async (): Promise<void> => {
    untell();
    await matter?.close();
    await running?.stop();
    await stage?.stop();
    if (options.keep !== true) folder.remove();
  };
  const ended = untilSignal();
  const ending = new AbortController();
  void ended.then(() => ending.abort());
  try {
    const addressOf = (name: string): string | undefined => running?.daemon.registry.find(name)?.address;
    const url = options['mqtt-url'];
    const mqtt = url === undefined ? { port: options['mqtt-port'] ?? MQTT_PORT } : { url };
    const nameOf = (address: string): string | undefined =>
      running?.daemon.registry.all().find(view => view.address === address)?.name;
    const surroundings = { clock: systemClock, random: systemRandom, addressOf, nameOf };
    stage = await setStage({ cast, data: config.data, mqtt, ...surroundings });
    const token = hex(systemRandom(12));
    running = await startDaemon({
      config: {
        ...config,
        mqtt: { ...config.mqtt, url: stage.broker.url, allowAnonymous: true },
        matter: { ...config.matter, enabled: options['no-matter'] !== true },
        // Not a setting: 0 takes a free one.
        http: { ...config.http, port: options['http-port'] ?? HTTP_PORT },
      },
      radios: [stage.radio],
      clock: systemClock,
      random: systemRandom,
      log,
      version: around.version,
      recent,
      demo: {
        hands: stage.hands,
        staged: stage.staged,
        owners: [new Secret(token)],
        held: heldOf(cast),
        remote: () => matter?.remote,
      },
    });
    const { daemon } = running;
    const { signal } = ending;
    await unlessAborted(signal, openScene(stage.actors, { ...sceneParts(daemon), signal }));
    if (options['no-matter'] !== true) matter = await unlessAborted(signal, playMatter(daemon));
    giveBackMemory();
    untell = around.tell(config.data);
    const locks = daemon.registry.all();
    const shown = matter && { port: config.matter.port, real: matter.remote === undefined, ...matter.codes };
    const page = { http: daemon.page?.urls()[0], link: await linkOf(daemon) };
    const scene = {
      ...page,
      mqtt: stage.broker.url,
      data: config.data,
      token,
      locks,
      actors: stage.actors,
      self: around.self,
      matter: shown,
    };
    for (const line of options.json === true ? [readyLine(scene)] : welcome(scene)) around.out(line);
  } catch (thrown) {
    if (!ending.signal.aborted) {
      await stop();
      throw thrown;
    }
    await stopInTime(stop, log);
    return 0;
  }
  await ended;
  await stopInTime(stop, log);
  return 0;
}

/** A demo is not the installation of this machine: no settings file counts, and no variable but those of Matter's network. */
function configOf(options: DemoOptions, data: string): Config {
  const { 'log-level': level = 'warn', 'matter-interface': chosen, 'matter-port': port } = options;
  const words = { data, 'log-level': level, 'matter-interface': chosen, 'matter-port': port };
  return loadConfig({ env: matterVariables(), folder: data, options: words });
}

/** For somebody who has just started it: an owner without a password. A link works once; `web link` makes another. */
async function linkOf({ logins, page }: Daemon): Promise<string | undefined> {
  const [url] = page?.urls() ?? [];
  if (url === undefined) return undefined;
  const by = { via: 'daemon', who: 'demo', role: 'owner' } as const;
  const { accounts, links } = logins;
  const owner = accounts.all().find(({ role }) => role === 'owner') ?? (await accounts.addFirst({ name: 'demo' }, by));
  return `${url}/#/link/${links.login(owner, by).token.reveal()}`;
}

/** On a real network only where somebody names one: a demo opens no sockets by itself. */
async function playMatter(daemon: Daemon): Promise<DemoMatter> {
  const { config, clock, log } = daemon.parts;
  if (config.matter.interface !== undefined) {
    const late = (): LockError => new LockError('timeout', 'Matter did not start in time.');
    await within(clock, MATTER_MS, daemon.matter.start('real'), late).catch((thrown: unknown) =>
      log.warn({ err: textOf(thrown) }, 'the demo is ready without Matter'),
    );
    return { codes: daemon.matter.status().nodes[0]?.codes, close: async () => undefined };
  }
  try {
    return await openDemoMatter(daemon, { keep: true });
  } catch (thrown) {
    log.warn({ err: textOf(thrown) }, 'the demo is ready without a Matter controller');
    return { codes: undefined, close: async () => undefined };
  }
}

/**
 * Doors are held open to us, so that a turn of the thumb shows at once; boxes sleep. Of the seven links of a radio one stays
 * free for a person and one for asking the other locks in turn.
 */
function heldOf(cast: readonly Role[]): string[] {
  return cast
    .filter(isHeld)
    .slice(0, 5)
    .map(role => role.address);
}
