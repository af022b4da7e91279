// Command line, environment, add-on options, page and latchbridge.yaml -> Config, or one readable error that names every mistake.
// The only file that reads the environment.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { LockError } from './base/errors.ts';
import { isReadable } from './base/files.ts';
import { given } from './base/given.ts';
import { type KeptBy, keptBy } from './base/kept-by.ts';
import { type LogLevel, Secret } from './base/log.ts';
import { explain } from './base/mistakes.ts';
import { type Names, renamed, theirName } from './base/names.ts';
import { nearest } from './base/nearest.ts';
import { offsetOf } from './base/place.ts';
import { fromText } from './base/schema-keys.ts';
import type { Supervisor } from './base/supervisor.ts';
import { isUtcHere, utc } from './base/zone.ts';
import { type Tree, at, isTree, leaves, merge, put, withoutEmpty } from './base/tree.ts';
import { type FlowChoice, flowChoice } from './config/flows.ts';
import { PAGE, type PageSettings, pageKeys, pageTree, radiosFrom } from './config/page.ts';
import { DEFAULTS, KINDS, PATHS, READABLE, type Settings, hidden, isZone, known, schema } from './config/schema.ts';

/** Which adapters to use: by address, which stays when a stick changes its port, or by place. */
export type RadioChoice = { address: string } | { device: string };
export interface LockChoice {
  readonly session?: 'on_demand' | 'held';
  readonly exposed?: readonly ('mqtt' | 'matter')[];
  /** Of the lock's family. */
  readonly options: Readonly<Record<string, string>>;
  readonly matter: MatterChoice;
  /** What differs from policy.flows. */
  readonly flows: Partial<FlowChoice>;
}
/** How Matter shows a lock. */
export interface MatterChoice {
  /** A node of its own beside the bridge. */
  readonly own: boolean;
  /** Opening from a controller takes a PIN. */
  readonly remotePin: boolean;
  readonly latch: boolean;
  /** Cards and fingerprints, too. */
  readonly cards: boolean;
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
  readonly http: {
    readonly enabled: boolean;
    readonly host: string;
    readonly port: number;
    /** Names under which the page may be asked for, beside those that are private by their form. */
    readonly hosts: readonly string[];
  };
  /** `environment`: the MATTER_ variables, for the Matter library as they are. */
  readonly matter: {
    readonly enabled: boolean;
    readonly interface?: string;
    readonly port: number;
    readonly ipv4: boolean;
    readonly environment: Readonly<Record<string, string>>;
  };
  readonly units: readonly { readonly name: string; readonly locks: readonly string[] }[];
  /** By name or id. */
  readonly locks: Readonly<Record<string, LockChoice>>;
  readonly policy: { readonly openByMqtt: 'always' | 'never'; readonly flows: FlowChoice };
  readonly backup: { readonly second?: string };
  /** Where we run as an add-on. */
  readonly supervisor?: Supervisor;
  /** What is odd but does not stop us. */
  readonly warnings: readonly string[];
  /** Where the value of a key like `mqtt.url` comes from. */
  origin(key: string): string;
  /** Every setting that has a value, secrets masked. */
  settings(): Shown[];
  /** Whether a value that is set on the page counts: it may be set there, and nothing above the page sets it. */
  settable(key: string): boolean;
  /** What `settings` would be with these of the page. */
  preview(page: PageSettings): Shown[];
}

/** A value as people see it, and where it comes from. */
export interface Shown {
  key: string;
  value: string;
  from: string;
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
  /** What the page has set, by the data folder; without it nothing can be set there. */
  page?: ((data: string) => PageSettings) | undefined;
  /** What relative paths and the search for a file start from. */
  folder?: string;
}

const FILE_NAME = 'latchbridge.yaml';
/** The address at which an add-on reaches it. */
const SUPERVISOR = 'http://supervisor';

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
    .map(key => [`LATCHBRIDGE_${key.replaceAll('.', '_').toUpperCase()}`, key]),
);
const RADIOS = 'LATCHBRIDGE_RADIOS';
const PASSWORD_FILE = 'LATCHBRIDGE_MQTT_PASSWORD_FILE';
const CONFIG = 'LATCHBRIDGE_CONFIG';
/** What the Matter library reads itself, as settings of ours. */
const MATTER: Names = { MATTER_MDNS_NETWORKINTERFACE: 'matter.interface', MATTER_MDNS_IPV4: 'matter.ipv4' };
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
  return { ...(file ? { file } : {}), ...shape(merged(layers), env), warnings, ...asking(layers) };
}

const merged = (layers: readonly Layer[]): Tree => layers.reduceRight<Tree>((low, it) => merge(low, it.values), {});

/** What can be asked about all sources together. */
function asking(layers: readonly Layer[]): Pick<Config, 'origin' | 'settings' | 'settable' | 'preview'> {
  const origin = (key: string): string => layers.find(it => at(it.values, key) !== undefined)?.from(key) ?? 'not set';
  const page = layers.findIndex(isPage);
  const above = layers.slice(0, Math.max(page, 0));
  return {
    origin,
    settings: () =>
      leaves(merged(layers)).map(([key, value]) => ({ key, value: visible(key, value), from: origin(key) })),
    settable: key => page >= 0 && pageKeys().includes(key) && above.every(it => at(it.values, key) === undefined),
    preview: kept => asking(layers.map(it => (isPage(it) ? pageLayer(pageTree(kept).tree) : it))).settings(),
  };
}

/** Where a daemon started with the same words keeps its things, even while other settings are wrong. */
export function dataFolder(ask: ConfigAsk = {}): { path: string; from: string } {
  const env = ask.env ?? process.env;
  const chosen = gather(ask, env).layers.find(layer => layer.values.data !== undefined);
  return { path: chosen?.values.data ?? defaultData(env), from: chosen?.from('data') ?? 'default' };
}

/** The variables that the Matter library documents: they count for a demo, too. */
export function matterVariables(env: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('MATTER_')));
}

/** Who starts us again when we have ended. */
export function whoKeepsUs(env: Environment = process.env): KeptBy {
  return keptBy({ env });
}

/** Every key that can be set, e.g. `mqtt.url`, `radios.*.address`. */
export function settingKeys(): string[] {
  return [...KINDS.keys()];
}

/** One source of settings. The first source that has a value wins. */
interface Layer {
  values: Settings;
  from(key: string): string;
  page?: true;
}

const isPage = ({ page }: Layer): boolean => page === true;
/** It was checked value by value: what does not fit is not in it. */
const pageLayer = (values: Settings): Layer => ({ values, from: () => PAGE, page: true });

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
    add(from ? renamed(fromForm(tree), ADD_ON) : tree, from ?? where, dirname(file));
  };
  const { tree, names, warnings } = fromEnvironment(env, problems);
  const flags = Object.entries(ask.options ?? {}).filter(([name, value]) => name in FLAGS && value !== undefined);
  add(renamed(Object.fromEntries(flags), FLAGS), key => `--${theirName(FLAGS, key)}`);
  add(tree, key => names.get(key.startsWith('radios') ? 'radios' : key) as string);
  const addOn = ask.addOnOptions ?? (env['SUPERVISOR_TOKEN'] ? '/data/options.json' : undefined);
  if (addOn && existsSync(addOn)) addFile(addOn, key => `add-on option ${theirName(ADD_ON, key)}`);
  const above = layers.length;
  const data = (): string => layers.find(layer => layer.values.data)?.values.data ?? defaultData(env);
  const file = settingsFile(ask, env, [here, data()]);
  if (file) addFile(file);
  if (ask.page) {
    const read = pageTree(ask.page(data()));
    warnings.push(...read.warnings);
    layers.splice(above, 0, pageLayer(read.tree));
  }
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
  const { [RADIOS]: radios, [PASSWORD_FILE]: file } = env;
  for (const [name, key] of Object.entries(MATTER)) {
    const value = env[name];
    if (value) take(name, key, fromText(KINDS.get(key) as string, value));
  }
  for (const [name, value] of Object.entries(env)) {
    const key = VARIABLES.get(name);
    if (key && value) take(name, key, fromText(KINDS.get(key) as string, value));
    else if (!key && name.startsWith('LATCHBRIDGE_') && !OTHERS.includes(name)) {
      const near = nearest(name, [...VARIABLES.keys(), ...OTHERS]);
      warnings.push(`The variable ${name} is not a setting and is ignored${near ? `; did you mean ${near}?` : '.'}`);
    }
  }
  if (radios) take(RADIOS, 'radios', radiosFrom(radios.split(',').map(word => word.trim())));
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

function shape(all: Tree, env: Environment): Omit<Config, 'file' | 'warnings' | keyof ReturnType<typeof asking>> {
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
      ipv4: full.matter.ipv4,
      environment,
    },
    units: full.units,
    locks: Object.fromEntries(Object.entries(full.locks).map(([name, chosen]) => [name, choiceOf(chosen)])),
    policy: { openByMqtt: full.policy.open_by_mqtt, flows: flowChoice(full.policy.flows) as FlowChoice },
    backup: { ...given({ second: full.backup?.second }) },
    ...(token ? { supervisor: { url: SUPERVISOR, token: new Secret(token) } } : {}),
  };
}

function choiceOf({ matter, flows, ...chosen }: NonNullable<Settings['locks']>[string]): LockChoice {
  const { own_node: own = false, remote_pin: remotePin = false, latch = true, cards = false } = matter;
  return {
    ...given(chosen),
    options: chosen.options,
    matter: { own, remotePin, latch, cards },
    flows: flowChoice(flows),
  };
}

/** A list that somebody left empty in the add-on's form says nothing, as an empty field does. */
function fromForm(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => !Array.isArray(value) || value.length > 0));
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
  return named && isZone(named) ? named : isUtcHere() ? utc.name : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
