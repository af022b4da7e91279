// What the screen of a flow shows at a moment: one thing to do, or one thing to know. Pure.
import type { FlowView, Prompt, PromptOption, PublicLine, Role } from '../../api.d.ts';
import { isClosed } from '../../text/flow-words.ts';
import { countCalled, type Heard } from './drill.ts';
import { phrasesOf, type Phrases } from './phrases.ts';

/**
 * planned, paused, parked: it stands, and somebody lets it go on. clearance: the last question. hold: the drill. count: a button
 * is being held, seen from elsewhere or after a reload. ask: one thing to do or to say. work: nothing to do. ended: how it ended.
 */
export type Mode = 'planned' | 'paused' | 'parked' | 'clearance' | 'hold' | 'count' | 'ask' | 'work' | 'ended';

export interface Screen {
  mode: Mode;
  prompt?: Prompt;
  /** The one thing, big. */
  phrases: Phrases;
  /** Changes when something else is to be read: the focus goes there then. */
  key: string;
  count?: Heard;
}

export function screenOf(view: FlowView, lines: readonly PublicLine[]): Screen {
  const prompt = view.prompts[0];
  const mode = modeOf(view, prompt, lines);
  const count = mode === 'count' ? countCalled(lines) : undefined;
  const asked = mode === 'ask' || mode === 'clearance' || mode === 'hold';
  return {
    mode,
    ...(asked && prompt && { prompt }),
    phrases: asked && prompt ? asking(view, mode, prompt) : standing(view, mode),
    key: [mode, asked ? `${prompt?.id} ${prompt?.challenge ?? ''}` : (view.step?.id ?? view.state)].join(' '),
    ...(count && { count }),
  };
}

function modeOf(view: FlowView, prompt: Prompt | undefined, lines: readonly PublicLine[]): Mode {
  if (isClosed(view.state)) return 'ended';
  if (view.state === 'planned') return 'planned';
  if (view.state === 'paused') return 'paused';
  if (view.state === 'needs_attention') return 'parked';
  if (prompt?.kind === 'clearance' || prompt?.kind === 'plan') return 'clearance';
  if (prompt?.hold) return 'hold';
  if (prompt) return 'ask';
  return countCalled(lines) ? 'count' : 'work';
}

const NAMES: Readonly<Record<FlowView['type'], string>> = {
  unpair: 'Unpairing',
  repair: 'Pairing',
  reset: 'Reset',
  rekey: 'New keys and codes',
  turnover: 'Change of guests',
  diagnose: 'Diagnosis',
};

function standing(view: FlowView, mode: Mode): Phrases {
  const plain = (lead: string, ...how: string[]): Phrases => ({
    lead,
    how: how.filter(text => text !== ''),
    asides: [],
  });
  const { stop, step, plan } = view;
  switch (mode) {
    case 'planned':
      return plain('Nothing has begun yet.', plan.goal);
    case 'paused':
      return plain('Paused.', 'It stays exactly here until somebody goes on.');
    case 'parked':
      return plain(stop?.text ?? 'It needs somebody to look.', stop?.next ?? '');
    case 'ended':
      return plain(endTitle(view), stop?.text ?? '', stop?.next ?? '');
    default:
      return plain(workTitle(view), step?.kind.startsWith('human') === true ? '' : workText(view));
  }
}

function asking({ plan, lockName }: FlowView, mode: Mode, prompt: Prompt): Phrases {
  if (mode !== 'clearance') return phrasesOf(prompt);
  const name = `“${lockName ?? 'the lock'}”`;
  const lead = { factory_reset: `Erase ${name}?`, all_guests: `Take everybody off ${name}?` }[plan.rung as string];
  return { lead: lead ?? `Go ahead with ${name}?`, how: [], asides: [] };
}

function endTitle({ type, state }: FlowView): string {
  const name = NAMES[type];
  if (state === 'succeeded') return `${name}: done.`;
  if (state === 'succeeded_with_residuals') return `${name}: done, with something left over.`;
  return state === 'aborted_clean' ? `${name}: stopped. Nothing has changed.` : `${name}: stopped.`;
}

function workTitle({ step, state }: FlowView): string {
  if (state === 'compensating') return 'It is being undone …';
  if (state === 'recovering') return 'It finds out where it was …';
  // What a person was asked is named like a question; after the answer it is only being carried out.
  return step && !step.kind.startsWith('human') ? `${step.title} …` : 'One moment …';
}

/** The plan's own words for the step that runs. */
function workText({ step, plan }: FlowView): string {
  return plan.steps.find(each => each.id === step?.id)?.text ?? '';
}

export type Weight = 'main' | 'choice' | 'quiet' | 'stop';
export interface ShownOption extends PromptOption {
  weight: Weight;
}

/** In the order of the thumb: what goes on first, what stops last. */
export function optionsOf({ kind, options }: Prompt): ShownOption[] {
  const weighed = options.map(option => ({ ...option, weight: weightOf(kind, option) }));
  const order: readonly Weight[] = ['main', 'choice', 'quiet', 'stop'];
  return weighed.toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

function weightOf(kind: Prompt['kind'], { means, value }: PromptOption): Weight {
  if (value === 'cancel') return 'stop';
  // Of several that are alike none is pushed, but for the usual one.
  if (kind === 'human_choice') return means === 'skip' || means === 'help' ? 'quiet' : 'choice';
  if (means === 'yes') return 'main';
  return means === undefined ? 'choice' : 'quiet';
}

/** Nothing to choose from: it is typed. */
export function isTyped({ kind, options }: Prompt): boolean {
  return kind === 'human_input' && options.length === 0;
}

export function mayAnswer({ roles }: Pick<Prompt, 'roles'>, role: Role | undefined): boolean {
  return role !== undefined && roles.includes(role);
}

/** "an owner or a manager" */
export function whoText(roles: readonly Role[]): string {
  const words = roles.map(role => `${/^[aeio]/.test(role) ? 'an' : 'a'} ${role}`);
  return words.length < 2 ? (words[0] ?? 'nobody') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Someone at the door looks at this page now: it must not go dark. */
export function wantsLight({ mode }: Pick<Screen, 'mode'>, view: Pick<FlowView, 'exposure'>): boolean {
  return ['ask', 'clearance', 'hold', 'count', 'work'].includes(mode) || view.exposure !== undefined;
}
