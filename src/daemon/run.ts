// `latchbridge run`: real radios, the settings of this machine, until somebody stops it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import { giveBackMemory } from '../base/memory.ts';
import { LogRing } from '../base/log-ring.ts';
import { type Log, makeLog, stderr } from '../base/log.ts';
import { type ControlSocket, openControlSocket } from '../bridge/web/socket.ts';
import type { ApiParts } from '../bridge/web/parts.ts';
import { type Config, type RadioChoice, loadConfig, whoKeepsUs } from '../config.ts';
import { supervisorRestart } from '../base/supervisor.ts';
import { makeNobleRadio } from '../radio/noble.ts';
import type { Radio } from '../radio/radio.ts';
import { readPageSettings } from '../store/page-settings.ts';
import { Daemon, type DaemonParts } from './daemon.ts';
import { openPage } from './page.ts';
import { restoresOf } from './restores.ts';
import { standingOf } from './standing.ts';
import { choicesOf } from './settings.ts';
import { mqttOf, radiosOf } from './system.ts';
import { auditCheckOf, auditOf, backupsOf, bundleOf, examine, recoveryOf } from './upkeep.ts';

/** What is running may end so long; then the process ends anyway. Home Assistant allows 60 s, a demo promises 3. */
const STOP_MS = 2500;

/** Start me again: what sysexits calls a temporary failure, so that a container or a unit that restarts on failure does. */
const AGAIN = 75;

export interface Running {
  daemon: Daemon;
  socket: string;
  stop(): Promise<void>;
}

export const systemRandom = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

export interface RunOptions {
  config?: string | undefined;
  [option: string]: unknown;
}

/** Runs until a signal; resolves with the exit code. */
export async function runDaemon(options: RunOptions, version: string, ready: (line: string) => void): Promise<number> {
  const config = loadConfig({ file: options.config, options, page: readPageSettings });
  const recent = new LogRing(stderr());
  const log = makeLog(config.logLevel, recent);
  const radios = adaptersOf(config, log);
  const parts = { config, radios, clock: systemClock, random: systemRandom, log, version };
  let end: () => void = () => undefined;
  const restarts = new Promise<true>(resolve => (end = () => resolve(true)));
  const restart = (): void => void startedAgain(config).then(asked => asked || end());
  const running = await startDaemon({ ...parts, recent, restart, keptBy: whoKeepsUs() });
  giveBackMemory();
  log.info({ data: config.data, version }, 'latchbridge is running');
  running.daemon.matter.begin();
  ready(JSON.stringify({ ready: true, mqtt: config.mqtt.url ?? null, data: config.data, control: running.socket }));
  const again = await Promise.race([untilSignal(), restarts]);
  await stopInTime(() => running.stop(), log, again ? AGAIN : 0);
  return again ? AGAIN : 0;
}

/** As an add-on Home Assistant is asked, which does it whether or not its watchdog is on; a signal ends us then. */
async function startedAgain({ supervisor }: Config): Promise<boolean> {
  return supervisor !== undefined && supervisorRestart(supervisor, { fetch, clock: systemClock });
}

/** Everything but the surroundings: the demo calls it with other radios. */
export async function startDaemon(parts: DaemonParts): Promise<Running> {
  const daemon = new Daemon(parts);
  try {
    daemon.start();
  } catch (thrown) {
    await daemon.stop();
    throw thrown;
  }
  const api = apiParts(daemon);
  let control: ControlSocket | undefined;
  const stop = async (): Promise<void> => {
    await control?.close();
    await daemon.page?.close();
    await daemon.stop();
  };
  const path = join(parts.config.data, 'control.sock');
  try {
    control = await controlSocket(path, daemon, api);
    daemon.page = await openPage(daemon, api);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { daemon, socket: path, stop };
}

/** Without it the command line is blind, but doors still work. */
async function controlSocket(path: string, daemon: Daemon, api: ApiParts): Promise<ControlSocket | undefined> {
  try {
    return await openControlSocket(path, api);
  } catch (thrown) {
    const error = asLockError(thrown, 'disk', 'The control socket could not be opened.');
    if (error.reason === 'already_running') throw error;
    daemon.socketTrouble = error.message;
    daemon.parts.log.error({ err: error.message }, 'the control socket could not be opened');
    return undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): Promise<void> {
  return new Promise(resolve => {
    const once = (): void => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) {
        process.off(name, once);
        process.once(name, () => process.exit(1));
      }
      resolve();
    };
    process.on('SIGINT', once);
    process.on('SIGTERM', once);
  });
}

export async function stopInTime(stop: () => Promise<void>, log: Log, code = 0): Promise<void> {
  const cancel = systemClock.after(STOP_MS, () => {
    log.warn('something did not stop in time; ending anyway');
    process.exit(code);
  });
  await stop();
  cancel();
}

function adaptersOf(config: Config, log: Log): Radio[] {
  const part = log.child({ part: 'radio' });
  const choices: readonly (RadioChoice | undefined)[] = config.radios.length > 0 ? config.radios : [undefined];
  return choices.map(choice => {
    const device = choice && ('address' in choice ? choice.address : numberOf(choice.device));
    return makeNobleRadio({ ...(device !== undefined && { device }), clock: systemClock, log: part });
  });
}

export function numberOf(device: string): number {
  const [, number] = /^hci(\d{1,3})$/.exec(device) ?? [];
  if (number === undefined) throw new LockError('invalid', `"${device}" is not an adapter; write it like hci0.`);
  return Number(number);
}

function apiParts(daemon: Daemon): ApiParts {
  const { registry, pairer, unpairer, access, tokens, workbench, carrier, parts } = daemon;
  return {
    locks: registry,
    pairing: pairer,
    unpairing: unpairer,
    access,
    tokens,
    workbench,
    health: () => daemon.health(),
    examine: () => examine(daemon),
    audit: auditOf(daemon),
    auditCheck: () => auditCheckOf(daemon),
    backups: backupsOf(daemon),
    carrier,
    recovery: recoveryOf(daemon),
    traces: daemon.traces,
    ...(parts.recent && { logs: parts.recent }),
    radios: () => radiosOf(daemon),
    mqtt: () => mqttOf(daemon),
    settings: choicesOf(daemon),
    standing: standingOf(daemon),
    restores: restoresOf(daemon, parts.restart),
    restarts: daemon.restarts,
    tally: daemon.tally,
    pulse: () => daemon.pulse(),
    flows: daemon.flows.engine,
    records: { recorder: daemon.flows.recorder, bundle: bundleOf(daemon) },
    matter: daemon.matter,
    logins: daemon.logins,
    urls: () => daemon.page?.urls() ?? [],
    version: parts.version,
    ...(parts.demo && { hands: parts.demo.hands, staged: parts.demo.staged }),
    ...(parts.demo?.remote && { remote: parts.demo.remote }),
    clock: parts.clock,
    random: parts.random,
    log: parts.log.child({ part: 'api' }),
  };
}
