// latchbridge list, latchbridge show LOCK
import type { LockView } from '../lock/lock.ts';
import type { SessionCost } from '../lock/locks.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { batteryText, dateTime, modelText, stageText, stateText, table } from './text.ts';
import type { Io } from './io.ts';

export const list = command({
  name: 'list',
  about: 'list all locks and how they are',
  words: '',
  options: { ...jsonOption, ...whereOptions },
  async run({ values, io, self, daemon }) {
    const { locks } = await (await daemon()).get<{ locks: LockView[] }>('/api/locks');
    if (values.json) io.out(JSON.stringify(locks));
    else if (locks.length === 0) io.out(`There are no locks yet. Look around with: ${self} scan`);
    else printAll(locks, io);
    return 0;
  },
});

type WholeView = LockView & { costs?: readonly SessionCost[] };

const MODES = { on_demand: 'on demand', held: 'held' };

export const show = command({
  name: 'show',
  about: 'show everything about one lock',
  words: 'LOCK',
  options: {
    refresh: { type: 'boolean', about: 'ask the lock first' },
    ...jsonOption,
    ...whereOptions,
  },
  async run({ words: [name = ''], values, io, daemon }) {
    const client = await daemon();
    const view = values.refresh
      ? await client.ask<WholeView>('POST', lockPath(name, '/refresh'))
      : await client.get<WholeView>(lockPath(name));
    if (values.json) io.out(JSON.stringify(view));
    else printOne(view, io);
    return 0;
  },
});

function printAll(locks: readonly LockView[], io: Io): void {
  const rows = locks.map(view => [
    view.name,
    view.lifecycle === 'managed' ? stateText(view.state) : stageText(view),
    batteryText(view.state),
    view.state.reachable ? 'yes' : 'no',
    view.settings.session === 'held' ? 'held' : 'on demand',
    modelText(view),
    view.unit.name,
  ]);
  const head = ['NAME', 'STATE', 'BATTERY', 'REACHABLE', 'SESSION', 'MODEL', 'UNIT'];
  for (const line of table(head, rows)) io.out(line);
  for (const { name, trouble } of locks) if (trouble) io.out(`${name}: ${trouble.text}`);
}

function printOne(view: WholeView, io: Io): void {
  const { state, stats, facts, abilities } = view;
  const when = (at: number | undefined): string => (at ? dateTime(at, io.zone) : 'never');
  const rows: [string, string][] = [
    ['name', view.name],
    ['id', view.id],
    ['unit', view.unit.name],
    ['address', view.address],
    ['model', makerAndModel(view)],
    ['firmware', facts.firmware ?? '-'],
    ['lifecycle', `${stageText(view)}${view.generation === 0 ? '' : `, pairing number ${view.generation}`}`],
    ['state', `${stateText(state)}, said ${when(state.at)}`],
    ['battery', batteryText(state)],
    ['reachable', state.reachable ? 'yes' : 'no'],
    // A lock that is connected does not advertise.
    ['last heard', stats.open ? 'in session now' : heardText(view, when)],
    [
      'session',
      `${view.settings.session}, ${stats.open ? 'open' : 'closed'}, ${stats.opens} opened, ${stats.losses} lost`,
    ],
    ['shown on', view.settings.exposed.join(', ') || 'nothing'],
    ['can', abilities ? abilities.verbs.join(', ') : 'not known yet'],
    ...(abilities?.codes ? [['codes', `up to ${abilities.codes.capacity}`] as [string, string]] : []),
    ...(abilities?.cards ? [['cards', `up to ${abilities.cards.capacity}`] as [string, string]] : []),
    ...(abilities?.fingers ? [['fingers', `up to ${abilities.fingers.capacity}`] as [string, string]] : []),
    ...(view.costs ?? []).map((cost): [string, string] => ['cost', costText(cost)]),
    ...(view.trouble ? [['trouble', view.trouble.text] as [string, string]] : []),
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  for (const [key, value] of rows) io.out(`${key.padEnd(width)}  ${value}`);
}

/** Some models have their maker's name in front already. */
function makerAndModel(view: LockView): string {
  const { manufacturer = '' } = view.facts;
  const model = modelText(view);
  return model.startsWith(manufacturer) ? model : `${manufacturer} ${model}`;
}

function heardText({ lastHeard, rssi }: LockView, when: (at: number | undefined) => string): string {
  return `${when(lastHeard)}${rssi === undefined ? '' : ` (${rssi} dBm)`}`;
}

function costText({ mode, questionsPerDay, connectedMinutesPerDay, batteryDays }: SessionCost): string {
  const days = Number.isFinite(batteryDays) ? `, batteries for about ${Math.round(batteryDays)} days` : '';
  const minutes = Math.round(connectedMinutesPerDay * 10) / 10;
  return `${MODES[mode]}: ${Math.round(questionsPerDay)} questions and ${minutes} min connected a day${days}`;
}
