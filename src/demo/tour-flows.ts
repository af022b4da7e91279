// The chapters of the tour about flows: a turnover that is killed in the middle, an unpairing with a pairing again, a reset by hand.
import { spawn } from 'node:child_process';
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Ear, Line } from './tour-ear.ts';
import { type Doing, walk } from './tour-walk.ts';

/** What the chapters need of the tour. */
export interface Stagehand {
  readonly clock: Clock;
  readonly script: string;
  readonly token: string;
  ear(): Ear;
  say(sentence: string): void;
  note(text: string): void;
  ask(request: string, body: Line['body']): Promise<Line['body']>;
  hand(act: Readonly<Record<string, string>>): Promise<Line['body']>;
  /** kill -9, and started again with the same folder. */
  killAndStart(): Promise<void>;
}

const LOCK = 'front_door';
/** Reading a file and checking a signature; Node starts meanwhile. */
const VERIFY_MS = 20_000;
/** Opened every TTLock that was just reset, until it is changed. */
const PUBLIC_CODE = '123456';
const TOUCH: Doing = { hand: { act: 'press_key' }, answers: false };
/** What a person does at the steps that ask for it; what the lock proves by itself needs no answer. */
const DOING: Readonly<Record<string, Doing>> = {
  'opening.presence': TOUCH,
  'repair.find': TOUCH,
  // Longer than the two beeps take.
  'reset.hold': { hand: { act: 'hold_reset', seconds: '3' }, answers: true },
  'reset.default_code': { hand: { act: 'type_code', digits: PUBLIC_CODE }, answers: true },
};
const CHOICES: Readonly<Record<string, string>> = { 'repair.orientation': 'right', 'reset.old_code': 'skip' };

/** `oldCode` is dead after it. */
export async function turnover(hands: Stagehand, oldCode: string): Promise<void> {
  hands.say('The guest leaves. One message turns the lock over; whoever has the right confirms it.');
  const flow = await start(hands, { type: 'turnover', reason: 'tenant_left' });
  const walked = begin(hands, flow);
  hands.say('In the middle of erasing, the power goes (kill -9).');
  await hands.ear().until(`flow/${flow}`, newest => newest(`flow/${flow}/state`)?.body['pivot_at']);
  walked.leave();
  await hands.killAndStart();
  hands.say(
    'It is the same flow that goes on: the lock is asked what became of the last act, and nothing is sent twice.',
  );
  const end = await begin(hands, flow).done;
  hands.note(String(end['at_stake']));
  hands.say('The old code is typed once more. It is dead.');
  await mustStayShut(hands, oldCode);
  hands.say('The flow leaves a signed record. Anybody can check it with nothing but the file.');
  const { record } = (await hands.ask('flow/record', { flow })) as { record: string };
  hands.note(await verify(hands, record));
}

export async function unpairAndPair(hands: Stagehand): Promise<void> {
  hands.say('The lock is unpaired, and paired again in the same flow: same name, same topics, same unit.');
  const before = await identity(hands);
  // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
  const flow = await start(hands, { type: 'unpair', reason: 'clean_slate', then: 'repair' });
  await begin(hands, flow).done;
  await mustBeTheSame(hands, before);
}

export async function reset(hands: Stagehand): Promise<void> {
  hands.say(
    'Nobody knows the admin code any more: a reset by the button in the lock, with a paper clip. The radio tells whether it was held long enough.',
  );
  const before = await identity(hands);
  const flow = await start(hands, { type: 'reset', reason: 'lost_admin' });
  await begin(hands, flow).done;
  await mustBeTheSame(hands, before);
}

async function start(hands: Stagehand, body: Line['body']): Promise<string> {
  const data = await hands.ask('flow/start', { ...body, lock: LOCK, token: hands.token });
  const { plan, flow } = data as { plan: { goal: string; why_not_less: string; steps: unknown[] }; flow: string };
  hands.note(`${plan.goal} ${plan.why_not_less}`);
  hands.note(`${plan.steps.length} steps; it is flow ${flow}`);
  return flow;
}

/** Somebody does what is asked until it is over; `leave` lets it be. */
function begin(hands: Stagehand, flow: string): { done: Promise<Line['body']>; leave: () => void } {
  const { token } = hands;
  const hand = (act: Readonly<Record<string, string>>): Promise<unknown> => hands.hand(act);
  const done = walk({
    ear: hands.ear(),
    token,
    flow,
    doing: DOING,
    choose: CHOICES,
    hand,
    note: text => hands.note(text),
  });
  return { done, leave: () => void done.catch(() => undefined) };
}

interface Identity {
  id: unknown;
  name: unknown;
  unit: unknown;
  endpoint: unknown;
  generation: number;
}

async function identity(hands: Stagehand): Promise<Identity> {
  const found = await hands.ear().until('bridge/locks', newest => {
    const listed = newest('bridge/locks')?.list as Identity[] | undefined;
    return listed?.find(lock => lock.name === LOCK);
  });
  return found;
}

async function mustBeTheSame(hands: Stagehand, before: Identity): Promise<void> {
  const after = await hands.ear().until('bridge/locks', newest => {
    const listed = newest('bridge/locks')?.list as Identity[] | undefined;
    return listed?.find(lock => lock.name === LOCK && lock.generation === before.generation + 1);
  });
  const { generation, ...rest } = after;
  const kept = (['id', 'name', 'endpoint'] as const).every(key => rest[key] === before[key]);
  if (!kept || JSON.stringify(rest.unit) !== JSON.stringify(before.unit))
    throw broken('the lock is another one after it');
  hands.note(`the same lock, pairing number ${generation}`);
}

async function mustStayShut(hands: Stagehand, digits: string): Promise<void> {
  const typed = await hands.hand({ act: 'type_code', digits });
  if (typed['opened'] === true) throw broken('an old code still opens the lock');
}

/** `latchbridge record verify -`, with the record piped in. */
async function verify({ clock, script }: Stagehand, record: string): Promise<string> {
  const child = spawn(process.execPath, [script, 'record', 'verify', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(record);
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const code = await within(clock, VERIFY_MS, ended, () => broken('the record was not checked in time'));
  if (code !== 0) throw broken('the record does not hold');
  return said.trim().split('\n')[0] ?? '';
}

function broken(what: string): LockError {
  return new LockError('timeout', `${what}.`);
}
