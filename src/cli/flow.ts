// latchbridge flow ACT ...: unpair, pair again, reset, rekey and turn over locks, step by step.
import { sleep } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { given } from '../base/given.ts';
import { shown } from '../base/log.ts';
import type { Plan } from '../flow/plan.ts';
import { REASONS } from '../flow/request-shape.ts';
import { FLOW_TYPES, type FlowView, type PublicLine, type Suggestion } from '../flow/words.ts';
import { usage } from './args.ts';
import type { Client } from './client.ts';
import { type Asked, command, jsonOption, whereOptions } from './command.ts';
import { momentOf } from './credential.ts';
import { gradeText, isClosed, planText, stateText, typeText, viewText } from './flow-text.ts';
import { DONE, guide, OPEN, STOPPED } from './guide.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';
import { dateTime, table } from './text.ts';

/** Beginning reads nothing from the lock; stopping may have to undo something there. */
const STOP_MS = 120_000;
const LOOK_MS = 300;
const reasons = Object.keys(REASONS);

/** After these the door may open to anybody. */
const HARD: readonly string[] = ['unpair', 'reset'];

const options = {
  reason: { type: 'string', value: 'REASON', about: `start: why; one of those below`, choices: reasons },
  note: { type: 'string', value: 'TEXT', about: 'start: why, in your own words; it stands in the record' },
  deadline: { type: 'string', value: 'TIME', about: 'start: when it must be done, e.g. "2026-05-11 15:00"' },
  checkout: { type: 'string', value: 'TIME', about: 'turnover: when the tenant leaves; now, when left out' },
  'next-checkin': { type: 'string', value: 'TIME', about: 'turnover: when the next one comes' },
  keep: { type: 'string', value: 'SLOTS', about: 'turnover: codes that stay, e.g. 3,7' },
  phones: {
    type: 'string',
    value: 'WHAT',
    choices: ['remove', 'keep'],
    about: 'turnover, rekey: phones paired with the lock itself',
  },
  remove: { type: 'boolean', about: 'unpair: also forget its name, topics and history here' },
  'forget-only': { type: 'boolean', about: 'unpair: the lock is dead or gone; it forgets nothing' },
  name: { type: 'string', value: 'NAME', about: 'repair: what to call a new lock' },
  unit: { type: 'string', value: 'UNIT', about: 'repair: what it belongs to, e.g. a flat' },
  address: { type: 'string', value: 'ADDRESS', about: 'repair: which of those that offer themselves' },
  seconds: { type: 'number', value: 'N', least: 1, most: 3600, about: 'repair: how long to wait for it' },
  again: { type: 'boolean', about: 'unpair: pair it again in the same flow' },
  override: { type: 'string', value: 'RULE', about: 'start: go on against a rule, e.g. R16; needs --because' },
  because: { type: 'string', value: 'TEXT', about: 'why that rule may be broken; it stands in the record' },
  'plan-only': { type: 'boolean', about: 'start: keep the plan; flow resume begins it' },
  yes: {
    type: 'boolean',
    about: 'start, follow: confirm without asking. What only a person knows is asked all the same',
  },
  detach: { type: 'boolean', about: 'start: do not follow it' },
  challenge: { type: 'string', value: 'DIGITS', about: 'answer: the four digits of the question' },
  'answer-stdin': { type: 'boolean', about: 'answer: it is piped in, for what is secret' },
  open: { type: 'boolean', about: 'list: only those that are not at their end' },
  lock: { type: 'string', value: 'LOCK', about: 'list: of this lock only' },
  ...jsonOption,
  ...whereOptions,
} as const;
type Asking = Asked<typeof options>;
type Act = (asked: Asking, words: readonly string[]) => Promise<number>;

const ACTS: Readonly<Record<string, Act>> = {
  start,
  preview,
  follow,
  show,
  answer,
  list,
  lines,
  cancel: (asked, words) => steer(asked, words, 'cancel'),
  pause: (asked, words) => steer(asked, words, 'pause'),
  resume,
  'hand-over': handOver,
  comment,
  emergency,
  suggestions,
};

export const flow = command({
  name: 'flow',
  about: 'unpair, pair again, reset, rekey or turn over a lock, guided and safe against interruption',
  words: 'ACT [WORD...]',
  options,
  more: [
    'flow start TYPE LOCK --reason REASON   begins, and guides you through it',
    `           TYPE: ${FLOW_TYPES.join(', ')}; repair needs no LOCK for a new one`,
    'flow preview TYPE LOCK --reason REASON what it would do, step by step; nothing is begun',
    'flow follow ID                         comes back to it; Ctrl-C leaves it running',
    'flow show ID, flow lines ID, flow list how it stands, what happened, all of them',
    'flow answer ID [PROMPT] ANSWER         answers what it asks; a secret is asked for, or piped in',
    'flow pause ID, resume ID, cancel ID    cancel: before the pivot it is undone; after it, it only stops',
    'flow hand-over ID PERSON               into the hands of somebody else',
    'flow comment ID TEXT                   what is wrong about a step for your lock; goes into the support bundle',
    'flow emergency                         cancels all that have not erased anything yet',
    'flow suggestions                       what was noticed about locks, and which flow would help',
    '',
    'Reasons:',
    ...Object.entries(REASONS).map(([reason, about]) => `  ${reason.padEnd(14)}  ${about}`),
    '',
    `Exit codes: ${DONE} done, ${STOPPED} stopped or refused, 2 mistyped, ${OPEN} it goes on or waits for somebody.`,
  ],
  async run(asked) {
    const [act = '', ...words] = asked.words;
    const work = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!work) throw usage(`ACT must be one of ${Object.keys(ACTS).join(', ')}.`);
    return work(asked, words);
  },
});

async function start(asked: Asking, words: readonly string[]): Promise<number> {
  const { values, io, daemon, self } = asked;
  const body = requestOf(asked, words);
  const client = await daemon();
  const { yes = false, json = false } = values;
  const view = await client.ask<FlowView>('POST', '/api/flows', { body });
  if (!json) for (const line of [`Flow ${view.id}`, ...planText(view.plan, { steps: false }), '']) io.err(line);
  if (!values.detach && !values['plan-only']) return guide({ client, io, flow: view.id, yes, json, self });
  io.out(json ? JSON.stringify(view) : `${view.id}: ${stateText(view.state)}.`);
  return DONE;
}

async function preview(asked: Asking, words: readonly string[]): Promise<number> {
  const body = requestOf(asked, words);
  const plan = await (await asked.daemon()).ask<Plan>('POST', '/api/flows/preview', { body });
  if (asked.values.json) asked.io.out(JSON.stringify(plan));
  else for (const line of planText(plan, { steps: true })) asked.io.out(line);
  return DONE;
}

function requestOf({ values, io }: Asking, [type, lock, ...rest]: readonly string[]): object {
  if (!FLOW_TYPES.some(known => known === type)) throw usage(`TYPE must be one of ${FLOW_TYPES.join(', ')}.`);
  if (rest.length > 0) throw usage('Nothing may follow LOCK.');
  if (lock === undefined && type !== 'repair') throw usage('LOCK is missing.');
  if (values.reason === undefined) throw usage(`Say why with --reason: ${reasons.join(', ')}.`);
  if ((values.override === undefined) !== (values.because === undefined))
    throw usage('--override and --because belong together.');
  const time = (option: 'deadline' | 'checkout' | 'next-checkin'): number | undefined =>
    values[option] === undefined ? undefined : momentOf(option, values[option], io.zone);
  const { note, remove, name, unit, address, seconds, reason, override, because } = values;
  return {
    type,
    reason,
    ...given({ lock, note, remove, name, unit, address, seconds }),
    ...given({ deadline: time('deadline'), checkout: time('checkout'), next_checkin: time('next-checkin') }),
    ...given({
      keep: slotsOf(values.keep),
      phones: values.phones,
      forget_only: values['forget-only'],
      plan_only: values['plan-only'],
    }),
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
    ...(values.again ? { then: 'repair' } : {}),
    ...(override === undefined ? {} : { overrides: [{ rule: override, sentence: because }] }),
    // What only a person at the door knows is not said by an option: before a wipe it is asked all the same.
    mode: values.yes && !HARD.includes(type ?? '') ? 'brief' : 'guided',
  };
}

async function follow(asked: Asking, words: readonly string[]): Promise<number> {
  const { values, io, daemon, self } = asked;
  const { yes = false, json = false } = values;
  return guide({ client: await daemon(), io, flow: one(words), yes, json, self, fromNow: true });
}

async function show({ values, io, daemon }: Asking, words: readonly string[]): Promise<number> {
  const view = await (await daemon()).get<FlowView>(path(one(words)));
  if (values.json) io.out(JSON.stringify(view));
  else for (const line of viewText(view, io.zone)) io.out(line);
  return DONE;
}

async function answer({ values, io, daemon }: Asking, [id, ...words]: readonly string[]): Promise<number> {
  if (id === undefined) throw usage('ID is missing; flow list shows them.');
  const named = /^p-\d+$/.test(words[0] ?? '') ? words[0] : undefined;
  const [word, ...rest] = named === undefined ? words : words.slice(1);
  if (rest.length > 0) throw usage('Nothing may follow ANSWER.');
  const client = await daemon();
  const { prompts } = await client.get<FlowView>(path(id));
  const prompt = prompts.find(each => named === undefined || each.id === named);
  if (!prompt)
    throw new LockError('not_found', `Flow ${shown(id)} asks nothing like that now.`, { reason: 'not_asked' });
  if (prompt.secret && word !== undefined)
    throw usage('That answer is secret: leave it out, and it is asked for; or pipe it in with --answer-stdin.');
  const piped = values['answer-stdin'];
  const secret =
    prompt.secret || piped ? await readSecret(io, { what: 'answer', option: 'answer-stdin', piped }) : undefined;
  const said = secret?.reveal() ?? word;
  if (said === undefined) throw usage('ANSWER is missing.');
  const body = { prompt: prompt.id, answer: said, ...given({ challenge: values.challenge }) };
  return told(io, await client.ask<FlowView>('POST', path(id, '/answer'), { body }), values.json);
}

async function list({ values, io, daemon }: Asking): Promise<number> {
  const query = new URLSearchParams({
    ...(values.lock === undefined ? {} : { lock: values.lock }),
    ...(values.open ? { open: 'true' } : {}),
  });
  const { flows } = await (await daemon()).get<{ flows: FlowView[] }>(`/api/flows?${query.toString()}`);
  if (values.json) io.out(JSON.stringify(flows));
  else if (flows.length === 0) io.out('There are no flows. Begin one with: flow start TYPE LOCK --reason REASON');
  else {
    const rows = flows.map(view => [
      view.id,
      typeText(view.type),
      view.lockName ?? '-',
      stateText(view.state),
      view.step ? `${view.step.number}/${view.step.of} ${view.step.title}` : '-',
      dateTime(view.startedAt, io.zone),
    ]);
    for (const line of table(['ID', 'WHAT', 'LOCK', 'STATE', 'STEP', 'BEGUN'], rows)) io.out(line);
  }
  return DONE;
}

async function lines({ values, io, daemon }: Asking, words: readonly string[]): Promise<number> {
  const found = await (await daemon()).get<{ lines: PublicLine[] }>(path(one(words), '/lines'));
  if (values.json) io.out(JSON.stringify(found.lines));
  for (const line of values.json ? [] : found.lines) {
    const grade = line.grade ? ` (${gradeText(line.grade, line.by)})` : '';
    const step = line.step === undefined ? '' : ` ${line.step}`;
    io.out(`${dateTime(line.at, io.zone)} ${line.kind}${step}: ${shown(line.text, 400)}${grade}`);
  }
  return DONE;
}

async function resume(asked: Asking, words: readonly string[]): Promise<number> {
  const code = await steer(asked, words, 'resume');
  const { values, io } = asked;
  return values.detach || values.json || !io.interactive ? code : follow(asked, words);
}

async function steer(
  { values, io, daemon }: Asking,
  words: readonly string[],
  act: 'cancel' | 'pause' | 'resume',
): Promise<number> {
  const client = await daemon();
  const view = await client.ask<FlowView>('POST', path(one(words), `/${act}`), { withinMs: STOP_MS });
  return told(io, act === 'cancel' ? await undone(client, io, view) : view, values.json);
}

/** What was set up at the lock is taken back first; how that ends is what somebody wants to know. */
async function undone(client: Client, io: Io, asked: FlowView): Promise<FlowView> {
  const until = io.clock.elapsed() + STOP_MS;
  for (let view = asked; ; view = await client.get<FlowView>(path(asked.id))) {
    if (isClosed(view) || view.state === 'needs_attention' || io.clock.elapsed() >= until) return view;
    await sleep(io.clock, LOOK_MS, io.signal);
  }
}

async function handOver({ values, io, daemon }: Asking, [id, to, ...rest]: readonly string[]): Promise<number> {
  if (id === undefined || to === undefined || rest.length > 0) throw usage('Write: flow hand-over ID PERSON');
  const view = await (await daemon()).ask<FlowView>('POST', path(id, '/hand_over'), { body: { to } });
  return told(io, view, values.json);
}

async function comment({ values, io, daemon }: Asking, [id, ...words]: readonly string[]): Promise<number> {
  if (id === undefined || words.length === 0) throw usage('Write: flow comment ID TEXT');
  const body = { text: words.join(' ') };
  const view = await (await daemon()).ask<FlowView>('POST', path(id, '/comment'), { body });
  if (values.json) io.out(JSON.stringify(view));
  else io.out('Kept. It is in the support bundle: latchbridge bundle FILE');
  return DONE;
}

async function emergency({ values, io, daemon }: Asking): Promise<number> {
  const { flows } = await (
    await daemon()
  ).ask<{ flows: FlowView[] }>('POST', '/api/flows/emergency', { withinMs: STOP_MS });
  if (values.json) io.out(JSON.stringify(flows));
  else if (flows.length === 0) io.out('No flow was under way.');
  else for (const view of flows) io.out(`${view.id}: ${stateText(view.state)}.`);
  return DONE;
}

async function suggestions({ values, io, daemon }: Asking): Promise<number> {
  const client = await daemon();
  const found = (await client.get<{ suggestions: Suggestion[] }>('/api/suggestions')).suggestions;
  if (values.json) io.out(JSON.stringify(found));
  else if (found.length === 0) io.out('Nothing was noticed that a flow would help with.');
  for (const { text, suggests, evidence } of values.json ? [] : found) {
    io.out(text);
    for (const line of evidence) io.out(`  - ${line}`);
    io.out(`  could help: ${suggests.map(type => `flow start ${type}`).join(', then ')}`);
  }
  return DONE;
}

function told(io: Io, view: FlowView, json: boolean | undefined): number {
  if (json) io.out(JSON.stringify(view));
  else io.out(`${view.id}: ${stateText(view.state)}. ${view.atStake}`);
  return DONE;
}

function one([id, ...rest]: readonly string[]): string {
  if (id === undefined) throw usage('ID is missing; flow list shows them.');
  if (rest.length > 0) throw usage('Nothing may follow ID.');
  return id;
}

function path(id: string, rest = ''): string {
  return `/api/flows/${encodeURIComponent(id)}${rest}`;
}

function slotsOf(keep: string | undefined): number[] | undefined {
  if (keep === undefined) return undefined;
  if (/^\d{1,5}(,\d{1,5})*$/.test(keep)) return keep.split(',').map(Number);
  throw usage('--keep takes slots, e.g. 3,7.');
}
