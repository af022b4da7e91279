// What can be set, of which kind, and what counts where nothing is.
import { z } from 'zod';
import { isReadable } from '../base/files.ts';
import { kindsOf, namesAt } from '../base/schema-keys.ts';
import { makeZone } from '../base/zone.ts';
import { FLOW_DEFAULTS, flows } from './flows.ts';

const PORT = 'must be a port number from 1 to 65535';
const TOPIC = 'must be a topic without +, # and spaces and without / at its ends, like latchbridge';
const BROKER = 'must be an address like mqtt://192.168.1.5:1883 (mqtts:// for TLS), without user and password in it';
const ZONE = 'must be a time zone like Europe/Berlin';
export const READABLE = 'must be a file that we may read';
const ADDRESS = "must be an adapter's address like 00:1a:7d:da:71:13";
const DEVICE = 'must be an adapter like hci0';
const LISTED = 'must be a list';
const TEXT = 'must be text; put it in quotes';
const HOST = 'must be a name like locks.example.org, without http:// and without a port';

const text = (must = TEXT) => z.string(must).min(1, must);
const matching = (form: RegExp, must: string) => text(must).regex(form, must);
const oneOf = <const T extends readonly string[]>(...words: T) => z.enum(words, `must be one of ${words.join(', ')}`);
const onOff = z.boolean('must be true or false');
const port = z.int(PORT).min(1, PORT).max(65_535, PORT);
const host = matching(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i, HOST);
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
  matter: z.strictObject({ own_node: onOff, remote_pin: onOff, latch: onOff, cards: onOff }).partial().default({}),
  flows: flows.default({}),
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
export const schema = z
  .strictObject({
    data: text(),
    log_level: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    time_zone: text(ZONE).refine(isZone, ZONE),
    mqtt: mqtt.partial(),
    radios: z.array(radio, LISTED),
    http: z.strictObject({ enabled: onOff, host: text(), port, hosts: z.array(host, LISTED) }).partial(),
    matter: z.strictObject({ enabled: onOff, interface: text(), port, ipv4: onOff }).partial(),
    units: z.array(unit, LISTED).refine(all => isSet(all.flatMap(it => it.locks)), 'must name a lock in one unit only'),
    locks: z.record(z.string(), lock, 'must be a group: the name of a lock, below it its settings'),
    policy: z.strictObject({ open_by_mqtt: oneOf('always', 'never'), flows }).partial(),
    backup: z.strictObject({ second: text() }).partial(),
  })
  .partial();
export type Settings = z.infer<typeof schema>;

/** Kind of every key that can be set, e.g. `mqtt.url`, `radios.*.address`. */
export const KINDS: ReadonlyMap<string, string> = new Map(kindsOf(schema));
/** The names that may stand below a key. */
export const known = (place: string): string[] => namesAt(KINDS.keys(), place);
/** Its value is never shown. */
export const hidden = (key: string): boolean => /^mqtt\.password$|^locks\..*\.options\./.test(key);
export const PATHS = ['data', 'mqtt.ca_file', 'backup.second'];

export const DEFAULTS = {
  log_level: 'info',
  mqtt: { base_topic: 'latchbridge', discovery_prefix: 'homeassistant', allow_anonymous: false },
  radios: [],
  http: { enabled: true, host: '127.0.0.1', port: 8099, hosts: [] },
  matter: { enabled: true, port: 5540, ipv4: true },
  units: [],
  locks: {},
  policy: { open_by_mqtt: 'always', flows: FLOW_DEFAULTS },
} satisfies Settings;

export function isZone(name: string): boolean {
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
