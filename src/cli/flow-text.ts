// Flows in words for a terminal.
import { shown } from '../base/log.ts';
import type { Zone } from '../base/zone.ts';
import type { Plan } from '../flow/plan.ts';
import { CLOSED, type FlowView, type Grade, type Prompt, type WorkOrder } from '../flow/words.ts';
import { dateTime } from './text.ts';

const GRADES: Readonly<Record<Grade, string>> = {
  E3: 'proved',
  E2: 'observed',
  E1: 'a person said so',
  E0: 'not verified',
};

const STATES: Readonly<Record<FlowView['state'], string>> = {
  planned: 'a plan, not begun',
  awaiting_clearance: 'waits to be confirmed',
  running: 'runs',
  waiting_human: 'waits for somebody',
  waiting_radio: 'waits for the lock',
  waiting_window: 'waits for its time',
  paused: 'paused',
  verifying: 'is being verified',
  compensating: 'is being undone',
  recovering: 'finds out where it was',
  needs_attention: 'needs somebody',
  succeeded: 'done',
  succeeded_with_residuals: 'done, with things left over',
  aborted_clean: 'stopped, nothing has changed',
  aborted: 'stopped',
};

const NAMES: Readonly<Record<FlowView['type'], string>> = {
  unpair: 'unpairing',
  repair: 'pairing',
  reset: 'reset',
  rekey: 'rekeying',
  turnover: 'turnover',
  diagnose: 'diagnosis',
};

export function stateText(state: FlowView['state']): string {
  return STATES[state];
}

export function typeText(type: FlowView['type']): string {
  return NAMES[type];
}

export function gradeText(grade: Grade, by?: string): string {
  return grade === 'E1' && by !== undefined ? `${shown(by)} said so` : GRADES[grade];
}

export function isClosed({ state }: FlowView): boolean {
  return CLOSED.includes(state);
}

/** What will happen, before it does. `steps`: each of them too. */
export function planText(plan: Plan, { steps }: { steps: boolean }): string[] {
  const { minutes, humanSteps, exposure, procedure } = plan;
  const people =
    humanSteps === 0 ? 'nobody is needed' : `${humanSteps} step${humanSteps === 1 ? '' : 's'} for a person`;
  const sure = procedure.sure ? '' : ' (not sure: check the manual)';
  return [
    plan.goal,
    `How: ${plan.rung.replaceAll('_', ' ')}. ${plan.whyNotLess}`,
    `Takes about ${minutes} min; ${people}. Procedure: ${procedure.title}${sure}.`,
    ...list('This will be lost', plan.lost),
    ...list('Have at hand', plan.bring),
    ...(exposure.limitSeconds > 0
      ? [`Meanwhile: ${exposure.what}, for at most ${duration(exposure.limitSeconds)}.`]
      : []),
    ...(plan.restore === 'forbidden' ? ['What is erased is not put back.'] : []),
    ...list(
      'Mind',
      plan.notes.map(note => note.text),
    ),
    ...(steps ? ['Steps:', ...plan.steps.flatMap(stepLines)] : []),
  ];
}

function stepLines({ title, text, hints = [] }: Plan['steps'][number], i: number): string[] {
  return [
    `  ${String(i + 1).padStart(2)}. ${title}: ${text}`,
    ...hints.map(hint => `        if it takes long: ${hint.text}`),
  ];
}

/** The one thing to do now, and what can be said to it. */
export function promptText(prompt: Prompt): string[] {
  return [prompt.text, ...optionLines(prompt)];
}

function optionLines({ kind, options }: Prompt): string[] {
  return kind === 'human_choice' ? options.map(({ label }, i) => `  ${i + 1}. ${label}`) : [];
}

/** How a program or a person elsewhere answers. */
export function howToAnswer(flow: string, prompt: Prompt, self: string): string {
  const words = prompt.options.map(({ value }) => value);
  const word = prompt.secret ? '' : ` ${words.length > 0 ? words.join('|') : 'TEXT'}`;
  const challenge = prompt.challenge === undefined ? '' : ` --challenge ${prompt.challenge}`;
  return `${self} flow answer ${flow} ${prompt.id}${word}${challenge}`;
}

/** Where it stands and what is true now. */
export function viewText(view: FlowView, zone: Zone): string[] {
  const { step, stop, exposure } = view;
  return [
    `${view.id}  ${typeText(view.type)} of ${shown(view.lockName ?? 'a new lock')}: ${stateText(view.state)}`,
    `begun ${dateTime(view.startedAt, zone)} by ${shown(view.starter)}, in the hands of ${shown(view.holder)}`,
    ...(step ? [`step ${step.number} of ${step.of}: ${step.title}`] : []),
    view.atStake,
    ...(exposure ? [exposureText(exposure)] : []),
    ...(stop ? [stop.text, ...(stop.next === undefined ? [] : [stop.next])] : []),
    ...(view.workOrder ? workOrderText(view.workOrder, zone) : []),
    ...view.prompts.flatMap(promptText),
    ...leftOver(view),
  ];
}

/** How it ended, with what is left over. */
export function endText(view: FlowView, self: string): string[] {
  const { stop } = view;
  const head = `The ${typeText(view.type)} of ${shown(view.lockName ?? 'the lock')} is ${stateText(view.state)}.`;
  return [
    head,
    ...(stop ? [stop.text, ...(stop.next === undefined ? [] : [stop.next])] : []),
    ...leftOver(view),
    ...(view.record === undefined ? [] : [`Its record: ${self} record show ${view.record}`]),
  ];
}

export function exposureText({ what, seconds, limitSeconds }: NonNullable<FlowView['exposure']>): string {
  return `OPEN TO OTHERS for ${duration(seconds)} of at most ${duration(limitSeconds)}: ${what}`;
}

export function workOrderText(order: WorkOrder, zone: Zone): string[] {
  return [
    `Work order for ${shown(order.unit)}: ${order.text} (about ${order.minutes} min)`,
    ...(order.bring.length > 0 ? [`  bring: ${order.bring.join(', ')}`] : []),
    ...(order.latest === undefined ? [] : [`  at the latest: ${dateTime(order.latest, zone)}`]),
    `  otherwise: ${order.fallback}`,
  ];
}

/** 0:42, 3:05, 1:02:07 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function leftOver({ residuals }: FlowView): string[] {
  return list(
    'Left over, or not tried',
    residuals.map(residual => residual.text),
  );
}

function list(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${head}:`, ...lines.map(line => `  - ${line}`)];
}
