// Events in one line each, for people who watch.
import { shown } from '../base/log.ts';
import type { EnrolNews } from '../access/enrolment.ts';
import type { PairingEvent } from '../flow/flow.ts';
import type { FlowEvent } from '../flow/words.ts';
import type { Happening, LockView, SettingValue } from '../lock/lock.ts';
import type { DaemonEvent } from './client.ts';
import { batteryText, stateText } from './text.ts';

const PLACES: Readonly<Record<Happening['source'], string>> = {
  keypad: 'at the keypad',
  card: 'with a card',
  finger: 'with a finger',
  app: 'by the app',
  remote: 'from afar',
  manual: 'by hand',
  key: 'with the key',
  auto: 'by itself',
  sensor: 'by its sensor',
  lock: 'by the lock',
  unknown: '',
};

/** Without the time. An event of a kind that this version does not know is named, not hidden. */
export function eventText(event: DaemonEvent): string {
  const lock = event['lock'] as LockView | undefined;
  const name = shown(lock?.name ?? '');
  switch (event.kind) {
    case 'state':
      return `${name} ${stateOf(lock as LockView)}`;
    case 'added':
      return `${name} is new here`;
    case 'changed':
      return `${name} has other settings or facts`;
    case 'removed':
      return `${name} is no longer here`;
    case 'renamed':
      return `${shown(String(event['from']))} is now called ${name}`;
    case 'happened':
      return `${name} ${happeningText(event['happening'] as Happening)}`;
    case 'codes':
      return `${name} code slot ${String(event['slot'])} changed`;
    case 'tokens':
      return `${name} ${shown(String(event['token']))} slot ${String(event['slot'])} changed`;
    case 'settings':
      return `${name} ${settingsText(event['values'] as Readonly<Record<string, SettingValue>>)}`;
    case 'enrol':
      return `${name} ${(event['enrol'] as EnrolNews).kind}: ${(event['enrol'] as EnrolNews).text}`;
    case 'flow':
      return flowText(event['flow'] as FlowEvent);
    case 'pairing':
      return pairingText(event['pairing'] as PairingEvent);
    default:
      return `${name} ${shown(event.kind)}`.trim();
  }
}

function flowText(event: FlowEvent): string {
  const { id, type, lockName, state, step } = event.view;
  const about = `${shown(lockName ?? type)} ${id}`;
  switch (event.kind) {
    case 'prompt':
      return `${about} asks: ${shown(event.prompt.text, 400)}`;
    case 'line':
      return `${about} ${event.line.kind}: ${shown(event.line.text, 400)}`;
    case 'notice':
      return `${about}: ${shown(event.text, 400)}`;
    case 'work_order':
      return `${about} needs somebody: ${shown(event.order.text, 400)}`;
    case 'answered':
      return `${about} was answered by ${shown(event.by)}`;
    default:
      return `${about} ${type} ${state.replaceAll('_', ' ')}${step ? `: ${step.title}` : ''}`;
  }
}

export function pairingText(event: PairingEvent): string {
  switch (event.kind) {
    case 'window':
      return event.open ? 'the pairing window is open' : 'the pairing window is closed';
    case 'candidate':
      return `heard ${shown(event.candidate.name ?? event.candidate.model)} (${event.candidate.address}), ${event.candidate.state}`;
    case 'started':
      return `pairing ${event.address}; stay near the lock`;
    case 'paired':
      return `paired ${shown(event.view.name)}`;
    case 'failed':
      return `pairing failed: ${shown(event.text, 400)}`;
  }
}

function stateOf({ state }: LockView): string {
  if (!state.reachable)
    return `cannot be reached${state.bolt === 'unknown' ? '' : `; last known: ${stateText(state)}`}`;
  return `${stateText(state)}${state.battery === undefined ? '' : `, battery ${batteryText(state)}`}`;
}

function settingsText(values: Readonly<Record<string, SettingValue>>): string {
  const parts = Object.entries(values).map(([key, value]) => {
    return `${shown(key)} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : shown(String(value))}`;
  });
  return `is set to ${parts.join(', ')}`;
}

export function happeningText({ type, source, ok, slot, person }: Happening): string {
  const what = type.replaceAll('_', ' ');
  const who = [slot === undefined ? '' : `slot ${slot}`, person === undefined ? '' : shown(person)].filter(Boolean);
  const parts = [what, PLACES[source], who.length > 0 ? `(${who.join(', ')})` : '', ok ? '' : '- refused'];
  return parts.filter(Boolean).join(' ');
}
