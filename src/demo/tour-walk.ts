// Walks through a flow over MQTT as a person would: reads what is asked, does it with the hands, and answers.
import { LockError } from '../base/errors.ts';
import type { Ear, Line } from './tour-ear.ts';

type Body = Line['body'];

/** What a person does when asked at that step, before the answer; `answers` false leaves the proof to the radio. */
export interface Doing {
  hand: Readonly<Record<string, string>>;
  answers: boolean;
}
export interface Walk {
  ear: Ear;
  token: string;
  flow: string;
  /** By the step that asks. */
  doing: Readonly<Record<string, Doing>>;
  /** Which option is chosen where there is more than a yes. */
  choose?: Readonly<Record<string, string>>;
  hand: (act: Readonly<Record<string, string>>) => Promise<unknown>;
  /** What the person reads. */
  note: (text: string) => void;
}

const CLOSED = ['succeeded', 'succeeded_with_residuals', 'aborted_clean', 'aborted'];
/** A flow with a pairing in it takes half a minute on a virtual lock; on a slow Pi somewhat more. */
const WALK_MS = 120_000;

/** The last state of the flow; throws when it stops for somebody or ends otherwise than well. */
export async function walk(how: Walk): Promise<Body> {
  const { ear, flow } = how;
  const done = new Set<string>();
  // What was asked before anybody listened is not said again.
  const { data } = await ear.ask('flow/show', { flow });
  const early = (data as { prompts: readonly Body[] }).prompts;
  for (;;) {
    const next = await ear.until(`flow/${flow}`, newest => nextOf(newest, { flow, done, early }), WALK_MS);
    if ('state' in next) {
      if (String(next.state['state']).startsWith('succeeded')) return next.state;
      throw broken(`the flow is ${String(next.state['state'])}: ${stopText(next.state)}`);
    }
    done.add(keyOf(next.prompt));
    await act(how, next.prompt);
  }
}

type Newest = (topic: string) => Line | undefined;

interface Known {
  flow: string;
  done: ReadonlySet<string>;
  /** Asked before we listened. */
  early: readonly Body[];
}

/** A question that was not dealt with yet, or the end. */
function nextOf(newest: Newest, { flow, done, early }: Known): { state: Body } | { prompt: Body } | undefined {
  const state = newest(`flow/${flow}/state`)?.body;
  if (!state) return undefined;
  if (CLOSED.includes(String(state['state'])) || state['state'] === 'needs_attention') return { state };
  const open = (state['prompts'] as readonly string[] | undefined) ?? [];
  const heard = newest(`flow/${flow}/prompt`)?.body;
  const prompt = [...(heard ? [heard] : []), ...early].find(
    each => open.includes(String(each['prompt'])) && !done.has(keyOf(each)),
  );
  return prompt && { prompt };
}

async function act({ ear, token, flow, doing, choose = {}, hand, note }: Walk, prompt: Body): Promise<void> {
  const step = String(prompt['text_key']);
  note(String(prompt['text']));
  // The same step may also ask what came of it.
  const deed = prompt['kind'] === 'human_do' ? doing[step] : undefined;
  if (deed) await hand(deed.hand);
  if (deed?.answers === false) return;
  const { challenge } = prompt;
  const answer = choose[step] ?? 'yes';
  const body = { prompt: prompt['prompt'], answer, ...(challenge === undefined ? {} : { challenge }), by: token };
  await ear.publish(`flow/${flow}/answer`, JSON.stringify(body));
}

function keyOf(prompt: Body): string {
  return `${String(prompt['prompt'])} ${String(prompt['challenge'])}`;
}

function stopText({ stop }: Body): string {
  return String((stop as { text?: string } | undefined)?.text ?? 'nobody says why');
}

function broken(what: string): LockError {
  return new LockError('timeout', `${what}.`);
}
