// `latchbridge demo`: the daemon with virtual locks and its own broker.
import { hex } from '../base/bytes.ts';
import { systemClock, unlessAborted } from '../base/clock.ts';
import { Secret, makeLog } from '../base/log.ts';
import { giveBackMemory } from '../base/memory.ts';
import { loadConfig } from '../config.ts';
import { type Role, castOf } from '../demo/cast.ts';
import { demoFolder, readyLine, welcome } from '../demo/demo.ts';
import { type SceneParts, openScene } from '../demo/open-scene.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import type { Daemon } from './daemon.ts';
import { type Running, startDaemon, stopInTime, systemRandom, untilSignal } from './run.ts';

/** Not 1883: a broker of one's own may well be running there. */
const MQTT_PORT = 18_830;

export interface DemoOptions {
  data?: string | undefined;
  locks?: string | undefined;
  'mqtt-port'?: number | undefined;
  'mqtt-url'?: string | undefined;
  'log-level'?: string | undefined;
  json?: boolean | undefined;
  keep?: boolean | undefined;
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
  let untell: () => void = () => undefined;
  // A demo is not the installation of this machine: no settings file and no variable of it counts.
  const level = options['log-level'] ?? 'warn';
  const config = loadConfig({ env: {}, folder: folder.data, options: { data: folder.data, 'log-level': level } });
  const log = makeLog(config.logLevel);
  const stop = async (): Promise<void> => {
    untell();
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
    stage = await setStage({ cast, data: config.data, mqtt, clock: systemClock, random: systemRandom, addressOf });
    const token = hex(systemRandom(12));
    running = await startDaemon({
      config: { ...config, mqtt: { ...config.mqtt, url: stage.broker.url, allowAnonymous: true } },
      radios: [stage.radio],
      clock: systemClock,
      random: systemRandom,
      log,
      version: around.version,
      demo: { hands: stage.hands, owners: [new Secret(token)], held: heldOf(cast) },
    });
    const { signal } = ending;
    await unlessAborted(signal, openScene(stage.actors, { ...sceneParts(running.daemon), signal }));
    giveBackMemory();
    untell = around.tell(config.data);
    const locks = running.daemon.registry.all();
    const scene = { mqtt: stage.broker.url, data: config.data, token, locks, self: around.self };
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

function sceneParts({ registry, pairer, store }: Daemon): Omit<SceneParts, 'signal'> {
  return {
    clock: systemClock,
    random: systemRandom,
    record: address => registry.byHardware(address)?.record,
    view: id => registry.find(id),
    add: record => void registry.add(record),
    unit: name => store.locks.unit(name),
    pair: (request, asker) => pairer.pair(request, asker),
  };
}

/**
 * Doors are held open to us, so that a turn of the thumb shows at once; boxes sleep. Of the seven links of a radio one stays
 * free for a person and one for asking the other locks in turn.
 */
function heldOf(cast: readonly Role[]): string[] {
  const doors = cast.filter(role => role.variant !== 'key_box' && role.variant !== 'padlock');
  return doors.slice(0, 5).map(role => role.address);
}
