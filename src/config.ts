// Command line, environment, add-on options and latchbridge.yaml -> Config, or one readable error that names every mistake.
// The only file that reads the environment.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { LockError } from './base/errors.ts';
import { isReadable } from './base/files.ts';
import { given } from './base/given.ts';
import { type LogLevel, Secret } from './base/log.ts';
import { explain } from './base/mistakes.ts';
import { type Names, renamed, theirName } from './base/names.ts';
import { nearest } from './base/nearest.ts';
import { offsetOf } from './base/place.ts';
import { fromText, kindsOf, namesAt } from './base/schema-keys.ts';
import type { Supervisor } from './base/supervisor.ts';
import { type Tree, at, isTree, leaves, merge, put, withoutEmpty } from './base/tree.ts';
import { makeZone } from './base/zone.ts';

/** Which adapters to use: by address, which stays when a stick changes its port, or by place. */
export type RadioChoice = { address: string } | { device: string };
export interface LockChoice {
  readonly session?: 'on_demand' | 'held';
  readonly exposed?: readonly ('mqtt' | 'matter')[];
  /** Of the lock's family. */
  readonly options: Readonly<Record<string, string>>;
}

export interface Config {
  /** The settings file that was read, if any. */
  readonly file?: string;
  readonly data: string;
  readonly logLevel: LogLevel;
  readonly timeZone: string;
  readonly mqtt: {
    readonly url?: string;
    readonly username?: string;
    readonly password?: Secret<string>;
    readonly caFile?: string;
    readonly baseTopic: string;
    readonly discoveryPrefix: string;
    readonly clientId?: string;
    /** Somebody knows that the broker asks for no password: no warning. */
    readonly allowAnonymous: boolean;
  };
  /** None: the first adapter. */
  readonly radios: readonly RadioChoice[];
  readonly http: { readonly enabled: boolean; readonly host: string; readonly port: number };
  /** `environment`: the MATTER_ variables, for the Matter library as they are. */
  readonly matter: {
    readonly enabled: boolean;
    readonly interface?: string;
    readonly port: number;
    readonly environment: Readonly<Record<string, string>>;
  };
  readonly units: readonly { readonly name: string; readonly locks: readonly string[] }[];
  /** By name or id. */
  readonly locks: Readonly<Record<string, LockChoice>>;
  readonly policy: { readonly openByMqtt: 'always' | 'never' };
  readonly backup: { readonly second?: string };
  /** Where we run as an add-on. */
  readonly supervisor?: Supervisor;
  /** What is odd but does not stop us. */
  readonly warnings: readonly string[];
  /** Where the value of a key like `mqtt.url` comes from. */
  origin(key: string): string;
  /** Every setting that has a value, secrets masked. */
  settings(): { key: string; value: string; from: string }[];
}

type Environment = Readonly<Record<string, string | undefined>>;
export interface ConfigAsk {
  /** The settings file, when somebody names one. */
  file?: string | undefined;
  env?: Environment;
  /** What the command line says, by the names of its options. */
  options?: Readonly<Record<string, unknown>>;
  /** The add-on's options; by default /data/options.json under a Supervisor. */
  addOnOptions?: string;
  /** What relative paths and the search for a file start from. */
  folder?: string;
}

const FILE_NAME = 'latchbridge.yaml';
/** The address at which an add-on reaches it. */
const SUPERVISOR = 'http://supervisor';

const PORT = 'must be a port number from 1 to 65535';
const TOPIC = 'must be a topic without +, # and spaces and without / at its ends, like latchbridge';
const BROKER = 'must be an address like mqtt://192.168.1.5:1883 (mqtts:// for TLS), without user and password in it';
const ZONE = 'must be a time zone like Europe/Berlin';
const READABLE = 'must be a file that we may read';
const ADDRESS = "must be an adapter's address like 00:1a:7d:da:71:13";
const DEVICE = 'must be an adapter like hci0';
const LISTED = 'must be a list';
const TEXT = 'must be text; put it in quotes';

const text = (must = TEXT) => z.string(must).min(1, must);
const matching = (form: RegExp, must: string) => text(must).regex(form, must);
const oneOf = <const T extends readonly string[]>(...words: T) => z.enum(words, `must be one of ${words.join(', ')}`);
const onOff = z.boolean('must be true or false');
const port = z.int(PORT).min(1, PORT).max(65_535, PORT);
const topic = matching(/^[^+#/$\s][^+#\s]*(?<!\/)$/, TOPIC);
const radio = z
  .strictObject({
    address: matching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, ADDRESS).toLowerCase(),
    device: matching(/^hci\d{1,3}$/, DEVICE),
  })
  .partial()
  .refine(it => (it.address === undefined) !== (it.device === undefined), 'must have either address or device');
const lock = z.strictObject({
  session: oneOf('on_demand', 'held').optional(),
  exposed: z.array(oneOf('mqtt', 'matter'), LISTED).optional(),
  options: z.record(z.string(), text(), 'must be a group of names and texts').default({}),
});
const unit = z.strictObject({ name: text(), locks: z.array(text(), LISTED).default([]) });
const mqtt = z.strictObject({
  url: text(BROKER).refine(isBroker, BROKER),
  username: text(),
  password: text(),
  ca_file: text().refine(isReadable, READABLE),
  base_topic: topic,
  discovery_prefix: topic,
  client_id: text(),
  allow_anonymous: onOff,
});
const schema = z
  .strictObject({
    data: text(),
    log_level: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    time_zone: text(ZONE).refine(isZone, ZONE),
    mqtt: mqtt.partial(),
    radios: z.array(radio, LISTED),
    http: z.strictObject({ enabled: onOff, host: text(), port }).partial(),
    matter: z.strictObject({ enabled: onOff, interface: text(), port }).partial(),
    units: z.array(unit, LISTED).refine(all => isSet(all.flatMap(it => it.locks)), 'must name a lock in one unit only'),
    locks: z.record(z.string(), lock, 'must be a group: the name of a lock, below it its settings'),
    policy: z.strictObject({ open_by_mqtt: oneOf('always', 'never') }).partial(),
    backup: z.strictObject({ second: text() }).partial(),
  })
  .partial();
type Settings = z.infer<typeof schema>;

const DEFAULTS = {
  log_level: 'info',
  mqtt: { base_topic: 'latchbridge', discovery_prefix: 'homeassistant', allow_anonymous: false },
  radios: [],
  http: { enabled: true, host: '127.0.0.1', port: 8099 },
  matter: { enabled: true, port: 5540 },
  units: [],
  locks: {},
  policy: { open_by_mqtt: 'always' },
} satisfies Settings;

/** Kind of every key that can be set, e.g. `mqtt.url`, `radios.*.address`. */
const KINDS = new Map(kindsOf(schema));
const PATHS = ['data', 'mqtt.ca_file', 'backup.second'];
const known = (place: string): string[] => namesAt(KINDS.keys(), place);
const hidden = (key: string): boolean => /^mqtt\.password$|^locks\..*\.options\./.test(key);
/** Command-line options that are settings. */
const FLAGS: Names = {
  data: 'data',
  'log-level': 'log_level',
  'mqtt-url': 'mqtt.url',
  'http-port': 'http.port',
  'matter-interface': 'matter.interface',
  'matter-port': 'matter.port',
};
/** Every single value has a variable: mqtt.base_topic is LATCHBRIDGE_MQTT_BASE_TOPIC. */
const VARIABLES = new Map(
  [...KINDS.keys()]
    .filter(key => !key.includes('*'))
    .map(key => [`LATCHBRIDGE_${key.replace('.', '_').toUpperCase()}`, key]),
);
const RADIOS = 'LATCHBRIDGE_RADIOS';
const PASSWORD_FILE = 'LATCHBRIDGE_MQTT_PASSWORD_FILE';
const CONFIG = 'LATCHBRIDGE_CONFIG';
const MATTER_INTERFACE = 'MATTER_MDNS_NETWORKINTERFACE';
/** Known, but not a single setting; the last one belongs to the tests. */
const OTHERS = [RADIOS, PASSWORD_FILE, CONFIG, 'LATCHBRIDGE_NIGHTLY'];
/** What the add-on's form calls some of them. */
const ADD_ON: Names = { 'mqtt.server': 'mqtt.url', 'mqtt.user': 'mqtt.username' };

/** Throws one LockError `invalid` (reason `settings`) that names every mistake, where it is and what to write instead. */
export function loadConfig(ask: ConfigAsk = {}): Config {
  const env = ask.env ?? process.env;
  const { layers, problems, warnings, file } = gather(ask, env);
  if (problems.length > 0) {
    const text = ['The settings cannot be used. Mend this, then start again:', ...problems].join('\n  ');
    throw new LockError('invalid', text, { reason: 'settings' });
  }
  const base = { ...DEFAULTS, data: defaultData(env), time_zone: localZone(env) };
  layers.push({ values: base, from: key => (key === 'time_zone' && base.time_zone === env['TZ'] ? 'TZ' : 'default') });
  const all = layers.reduceRight<Tree>((low, layer) => merge(low, layer.values), {}) as Settings & typeof base;
  const origin = (key: string): string => layers.find(it => at(it.values, key) !== undefined)?.from(key) ?? 'not set';
  return {
    ...(file ? { file } : {}),
    ...shape(all, env),
    warnings,
    origin,
    settings: () => leaves(all).map(([key, value]) => ({ key, value: visible(key, value), from: origin(key) })),
  };
}

/** Where a daemon started with the same words keeps its things, even while other settings are wrong. */
export function dataFolder(ask: ConfigAsk = {}): { path: string; from: string } {
  const env = ask.env ?? process.env;
  const chosen = gather(ask, env).layers.find(layer => layer.values.data !== undefined);
  return { path: chosen?.values.data ?? defaultData(env), from: chosen?.from('data') ?? 'default' };
}

/** Every key that can be set, e.g. `mqtt.url`, `radios.*.address`. */
export function settingKeys(): string[] {
  return [...KINDS.keys()];
}

/** One source of settings. The first source that has a value wins. */
interface Layer {
  values: Settings;
  from(key: string): string;
}

/** All sources, highest first, each checked by itself, so that a mistake is named where it was made. */
function gather(ask: ConfigAsk, env: Environment) {
  const here = ask.folder ?? process.cwd();
  const layers: Layer[] = [];
  const problems: string[] = [];
  const add = (source: Tree, from: (key: string) => string, base = here): void => {
    const tree = withoutEmpty(source);
    for (const key of PATHS) {
      const value = at(tree, key);
      if (typeof value === 'string') put(tree, key, resolve(base, value.replace(/^~(?=\/|$)/, home(env))));
    }
    const read = schema.safeParse(tree);
    if (!read.success)
      problems.push(...read.error.issues.flatMap(issue => explain(issue, { tree, known, hidden, from })));
    layers.push({ values: read.success ? read.data : dataOf(tree), from });
  };
  const addFile = (file: string, from?: (key: string) => string): void => {
    if (!isReadable(file)) return void problems.push(`${file} cannot be read; check its name and its permissions.`);
    const { tree, where } = readYaml(file, problems);
    add(from ? renamed(tree, ADD_ON) : tree, from ?? where, dirname(file));
  };
  const { tree, names, warnings } = fromEnvironment(env, problems);
  const flags = Object.entries(ask.options ?? {}).filter(([name, value]) => name in FLAGS && value !== undefined);
  add(renamed(Object.fromEntries(flags), FLAGS), key => `--${theirName(FLAGS, key)}`);
  add(tree, key => names.get(key.startsWith('radios') ? 'radios' : key) as string);
  const addOn = ask.addOnOptions ?? (env['SUPERVISOR_TOKEN'] ? '/data/options.json' : undefined);
  if (addOn && existsSync(addOn)) addFile(addOn, key => `add-on option ${theirName(ADD_ON, key)}`);
  const data = layers.find(layer => layer.values.data)?.values.data ?? defaultData(env);
  const file = settingsFile(ask, env, [here, data]);
  if (file) addFile(file);
  return { layers, problems, warnings, file };
}

function fromEnvironment(env: Environment, problems: string[]) {
  const tree: Tree = {};
  const names = new Map<string, string>();
  const warnings: string[] = [];
  const take = (name: string, key: string, value: unknown): void => {
    put(tree, key, value);
    names.set(key, name);
  };
  const { [MATTER_INTERFACE]: matter, [RADIOS]: radios, [PASSWORD_FILE]: file } = env;
  if (matter) take(MATTER_INTERFACE, 'matter.interface', matter);
  for (const [name, value] of Object.entries(env)) {
    const key = VARIABLES.get(name);
    if (key && value) take(name, key, fromText(KINDS.get(key) as string, value));
    else if (!key && name.startsWith('LATCHBRIDGE_') && !OTHERS.includes(name)) {
      const near = nearest(name, [...VARIABLES.keys(), ...OTHERS]);
      warnings.push(`The variable ${name} is not a setting and is ignored${near ? `; did you mean ${near}?` : '.'}`);
    }
  }
  const words = radios ? radios.split(',').map(word => word.trim()) : [];
  const choices = words.map(word => (word.includes(':') ? { address: word } : { device: word }));
  if (radios) take(RADIOS, 'radios', choices);
  if (file && isReadable(file)) take(PASSWORD_FILE, 'mqtt.password', readFileSync(file, 'utf8').trimEnd());
  else if (file) problems.push(`${PASSWORD_FILE}: ${READABLE}.`);
  return { tree, names, warnings };
}

function settingsFile(ask: ConfigAsk, env: Environment, places: string[]): string | undefined {
  const named = ask.file ?? env[CONFIG];
  if (named) return resolve(ask.folder ?? process.cwd(), named);
  // As an add-on: the folder that Home Assistant shows to its user.
  const searched = env['SUPERVISOR_TOKEN'] ? ['/config', ...places] : places;
  return searched.map(place => join(place, FILE_NAME)).find(file => existsSync(file));
}

function readYaml(file: string, problems: string[]): { tree: Tree; where: (key: string) => string } {
  const lines = new LineCounter();
  const line = (offset: number): string => `${file}, line ${lines.linePos(offset).line}`;
  // Pretty errors quote the line, which may hold a password. A lock's id may look like a number, so keys are texts.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  const document = parseDocument(readFileSync(file, 'utf8'), options);
  const { errors } = document;
  problems.push(...errors.map(({ pos, message }) => `${line(pos[0])}: this is not YAML: ${message}.`));
  const tree: unknown = errors.length > 0 ? {} : (valueOf(document) ?? {});
  if (!isTree(tree)) problems.push(`${line(0)}: this file must hold settings, each as "name: value".`);
  const where = (key: string): string => line(offsetOf(document.contents, key) ?? 0);
  return { tree: isTree(tree) ? tree : {}, where };
}

/** A document that was made to explode (aliases of aliases, of themselves) throws: it holds nothing for us. */
function valueOf(document: { toJS(): unknown }): unknown {
  try {
    const value = document.toJS();
    // An alias of what it stands in makes a circle; nothing that walks through the settings would come out of it.
    JSON.stringify(value);
    return value;
  } catch {
    return 'unusable';
  }
}

/** As if everything were set: what has no default goes through `given`. */
type Full<T> = T extends string | readonly unknown[] ? T : { [K in keyof T]-?: Full<NonNullable<T[K]>> };

function shape(all: Tree, env: Environment): Omit<Config, 'file' | 'warnings' | 'origin' | 'settings'> {
  const { mqtt: broker, ...full } = all as Full<Settings>;
  const token = env['SUPERVISOR_TOKEN'];
  const named = Object.entries(env).filter(([name, value]) => name.startsWith('MATTER_') && value !== undefined);
  const environment = Object.fromEntries(named) as Record<string, string>;
  return {
    data: full.data,
    logLevel: full.log_level,
    timeZone: full.time_zone,
    mqtt: {
      ...given({ url: broker.url, username: broker.username, caFile: broker.ca_file, clientId: broker.client_id }),
      ...(broker.password ? { password: new Secret(broker.password) } : {}),
      baseTopic: broker.base_topic,
      discoveryPrefix: broker.discovery_prefix,
      allowAnonymous: broker.allow_anonymous,
    },
    radios: full.radios as RadioChoice[],
    http: full.http,
    matter: {
      ...given({ interface: full.matter.interface }),
      enabled: full.matter.enabled,
      port: full.matter.port,
      environment,
    },
    units: full.units,
    locks: full.locks,
    policy: { openByMqtt: full.policy.open_by_mqtt },
    backup: { ...given({ second: full.backup?.second }) },
    ...(token ? { supervisor: { url: SUPERVISOR, token: new Secret(token) } } : {}),
  };
}

function dataOf(tree: Tree): Settings {
  return typeof tree['data'] === 'string' ? { data: tree['data'] } : {};
}

function visible(key: string, value: unknown): string {
  if (hidden(key)) return String(new Secret(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function home(env: Environment): string {
  return env['HOME'] || homedir();
}

function defaultData(env: Environment): string {
  if (env['SUPERVISOR_TOKEN']) return '/data';
  return join(env['XDG_DATA_HOME'] || join(home(env), '.local', 'share'), 'latchbridge');
}

function localZone(env: Environment): string {
  const named = env['TZ'];
  return named && isZone(named) ? named : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isZone(name: string): boolean {
  try {
    return makeZone(name).name === name;
  } catch {
    return false;
  }
}

function isBroker(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return /^(mqtts?|wss?):$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

function isSet(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
