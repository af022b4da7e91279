// What Prometheus reads, made anew at each look from what the parts know. Labels name locks, never people; and locks only to
// who has shown who it is.
import { BOUNDS, type CommandTally } from '../../lock/tally.ts';
import type { LockView } from '../../lock/lock.ts';
import type { ApiParts } from './parts.ts';

type Labels = Readonly<Record<string, string | number>>;
interface Value {
  labels: Labels;
  value: number;
  metricName?: string;
}
export interface Family {
  name: string;
  help: string;
  type: 'gauge' | 'counter' | 'histogram';
  values: readonly Value[];
}

const PREFIX = 'latchbridge_';

/** The text, in the format of Prometheus 0.0.4. The library is loaded when somebody asks: few ever do. */
export async function metricsText(families: readonly Family[]): Promise<string> {
  const { Registry } = await import('prom-client');
  const registry = new Registry();
  for (const family of families) {
    const name = PREFIX + family.name;
    const values = family.values.map(({ metricName, ...value }) => {
      return { ...value, ...(metricName !== undefined && { metricName: PREFIX + metricName }) };
    });
    const whole = { ...family, name, values, aggregator: 'sum' };
    registry.registerMetric({ ...whole, get: () => Promise.resolve(whole) } as never);
  }
  return registry.metrics();
}

/** `sees`: of which locks, by id; undefined leaves out all that is about single ones. */
export async function familiesOf(parts: ApiParts, sees?: (lock: string) => boolean): Promise<Family[]> {
  return [
    ...(await daemonFamilies(parts)),
    ...(sees ? familiesOfLocks(parts, sees) : []),
    ...radioFamilies(parts),
    ...(parts.flows ? [flowFamily(parts.flows.all({ open: true }).map(({ state }) => state))] : []),
    ...neighbourFamilies(parts),
    ...pulseFamilies(parts),
  ];
}

async function daemonFamilies({ version, health }: ApiParts): Promise<Family[]> {
  const { ready, startedAt, parts } = await health();
  const node = process.versions.node;
  return [
    gauge('build_info', 'What runs.', [{ labels: { version, node }, value: 1 }]),
    gauge('ready', 'Whether commands are taken.', [one(ready)]),
    gauge('started_seconds', 'When it was started, seconds since 1970.', [one(startedAt / 1000)]),
    gauge(
      'part_ok',
      'Whether a part of the daemon is well.',
      parts.map(({ name, ok }) => ({ labels: { part: name }, value: Number(ok) })),
    ),
  ];
}

function familiesOfLocks({ locks, tally }: ApiParts, sees: (lock: string) => boolean): Family[] {
  const seen = locks.all().filter(({ id }) => sees(id));
  return [...lockFamilies(seen), ...(tally ? commandFamilies(tally, seen) : [])];
}

function lockFamilies(locks: readonly LockView[]): Family[] {
  const each = (value: (view: LockView) => number | boolean | undefined): Value[] =>
    locks.flatMap(view => known(labelsOf(view), value(view)));
  const reasons = locks.flatMap(view =>
    Object.entries(view.stats.lossReasons).map(([reason, value]) => ({ labels: { ...labelsOf(view), reason }, value })),
  );
  // Printed, as everywhere: nothing is ever decided by a signal.
  const signals = locks.flatMap(view => printed(labelsOf(view), `${view.rssi ?? ''}`));
  const bolts = locks.map(view => ({ labels: { ...labelsOf(view), bolt: view.state.bolt }, value: 1 }));
  return [
    gauge(
      'lock_reachable',
      'Whether the lock can be reached.',
      each(({ state }) => state.reachable),
    ),
    gauge('lock_bolt', 'Where its bolt is, as it said last.', bolts),
    gauge(
      'lock_battery_percent',
      'Its battery.',
      each(({ state }) => state.battery),
    ),
    gauge('lock_rssi_dbm', 'The signal of its last advert.', signals),
    gauge(
      'lock_session_up',
      'Whether a session is open.',
      each(({ stats }) => stats.open),
    ),
    counter(
      'lock_sessions_total',
      'Sessions opened.',
      each(({ stats }) => stats.opens),
    ),
    counter(
      'lock_session_losses_total',
      'Sessions lost.',
      each(({ stats }) => stats.losses),
    ),
    counter('lock_session_losses_by_reason_total', 'Sessions lost, by reason.', reasons),
    counter(
      'lock_connected_seconds_total',
      'Time connected.',
      each(({ stats }) => stats.connectedMs / 1000),
    ),
    counter(
      'lock_round_trips_total',
      'Questions that the lock answered.',
      each(({ stats }) => stats.roundTrips),
    ),
  ];
}

function commandFamilies(tally: CommandTally, locks: readonly LockView[]): Family[] {
  const named = new Map(locks.map(view => [view.id, labelsOf(view)]));
  const counts = tally.counts().flatMap(({ lock, verb, via, outcome, count: value }) => {
    const of = named.get(lock);
    return of ? [{ labels: { ...of, verb, via, outcome }, value }] : [];
  });
  const took = tally.took().flatMap(({ lock, verb, buckets, count, seconds }): Value[] => {
    const of = named.get(lock);
    if (!of) return [];
    const labels = { ...of, verb };
    const metricName = 'command_seconds';
    return [
      ...buckets.map((value, i) => ({
        labels: { ...labels, le: BOUNDS[i] as number },
        value,
        metricName: `${metricName}_bucket`,
      })),
      { labels: { ...labels, le: '+Inf' }, value: count, metricName: `${metricName}_bucket` },
      { labels, value: seconds, metricName: `${metricName}_sum` },
      { labels, value: count, metricName: `${metricName}_count` },
    ];
  });
  return [
    counter('commands_total', 'Commands by how they ended and by where they came from.', counts),
    { name: 'command_seconds', help: 'How long commands took that were done.', type: 'histogram', values: took },
  ];
}

function radioFamilies({ radios }: ApiParts): Family[] {
  const all = radios?.() ?? [];
  const each = (value: (radio: (typeof all)[number]) => number | boolean): Value[] =>
    all.map(radio => ({ labels: { radio: radio.id }, value: Number(value(radio)) }));
  return [
    gauge(
      'radio_ready',
      'Whether the adapter works.',
      each(({ ok }) => ok),
    ),
    gauge(
      'radio_links',
      'Links that are open.',
      each(({ links }) => links),
    ),
    gauge(
      'radio_links_most',
      'Links that it can have.',
      each(({ mostLinks }) => mostLinks),
    ),
    gauge(
      'radio_silent_seconds',
      'Since when no advert was heard.',
      each(({ silentMs }) => silentMs / 1000),
    ),
    counter(
      'radio_adverts_total',
      'Adverts heard.',
      each(({ adverts }) => adverts),
    ),
    counter(
      'radio_connects_total',
      'Connections made.',
      each(({ connects }) => connects),
    ),
    counter(
      'radio_connect_failures_total',
      'Connections that failed.',
      each(({ failures }) => failures),
    ),
    counter(
      'radio_resets_total',
      'Resets of the adapter.',
      each(({ resets }) => resets),
    ),
  ];
}

function flowFamily(states: readonly string[]): Family {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const values = [...counts].map(([state, value]) => ({ labels: { state }, value }));
  return gauge('flows', 'Open flows by state.', values);
}

function neighbourFamilies({ mqtt, matter }: ApiParts): Family[] {
  const status = matter?.status();
  return [
    ...(mqtt ? [gauge('mqtt_connected', 'Whether the MQTT broker is connected.', [one(mqtt().connected)])] : []),
    ...(status
      ? [
          gauge('matter_running', 'Whether Matter runs.', [one(status.state === 'running')]),
          gauge(
            'matter_fabrics',
            'Homes that have commissioned a node.',
            status.nodes.map(({ id, fabrics }) => ({ labels: { node: id }, value: fabrics })),
          ),
        ]
      : []),
  ];
}

function pulseFamilies({ pulse }: ApiParts): Family[] {
  if (!pulse) return [];
  const { live, meanDelayMs, mostDelayMs, memoryBytes, heapBytes, cpuSeconds } = pulse();
  return [
    gauge('live', 'Whether timers come in time and the store takes what is written.', [one(live)]),
    gauge('event_loop_delay_seconds', 'How late timers came in the last ten seconds.', [
      { labels: { is: 'mean' }, value: meanDelayMs / 1000 },
      { labels: { is: 'max' }, value: mostDelayMs / 1000 },
    ]),
    gauge('memory_bytes', 'Resident memory.', [one(memoryBytes)]),
    gauge('heap_bytes', 'Memory of objects.', [one(heapBytes)]),
    counter('cpu_seconds_total', 'Time of the processor.', [one(cpuSeconds)]),
  ];
}

function labelsOf({ id, name }: LockView): { lock: string; name: string } {
  return { lock: id, name };
}

/** What nobody said has no figure. */
function known(labels: Labels, value: number | boolean | undefined): Value[] {
  return value === undefined ? [] : [{ labels, value: Number(value) }];
}

function printed(labels: Labels, text: string): Value[] {
  return text === '' ? [] : [{ labels, value: Number(text) }];
}

function one(value: number | boolean): Value {
  return { labels: {}, value: Number(value) };
}

function gauge(name: string, help: string, values: readonly Value[]): Family {
  return { name, help, type: 'gauge', values };
}

function counter(name: string, help: string, values: readonly Value[]): Family {
  return { name, help, type: 'counter', values };
}
