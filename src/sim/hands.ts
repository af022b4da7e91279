// A person at a virtual lock: acts by name, so that the demo can offer those of every family in the same way.

export interface HandArgument {
  name: string;
  kind: 'digits' | 'number' | 'text' | 'choice';
  choices?: readonly string[];
  optional?: boolean;
  /** For people: what to put there. */
  say: string;
}

export interface HandAct {
  name: string;
  /** For people: what it means. */
  say: string;
  /** At most one, so that `hand NAME ACT VALUE` is enough. */
  argument?: HandArgument;
}

export interface HandResult {
  /** Whether it had the effect that one does it for. */
  done: boolean;
  /** What the person sees and hears. */
  said: string;
  /** Of codes, cards and fingers: whether the lock opened. */
  opened?: boolean;
}

/** The argument is taken under its own name or as `value`. A wrong name or argument is not done, and `said` says why. */
export interface Hands {
  readonly acts: readonly HandAct[];
  act(name: string, args?: Readonly<Record<string, unknown>>): HandResult;
}

export interface Hand extends HandAct {
  run(value: string): HandResult;
}

/** Looks acts up and checks their argument. */
export function makeHands(hands: readonly Hand[]): Hands {
  return {
    acts: hands.map(({ name, say, argument }) => ({ name, say, ...(argument ? { argument } : {}) })),
    act(name, args = {}) {
      const hand = hands.find(candidate => candidate.name === name);
      if (!hand) return no(`There is no act "${name}" here. There are: ${hands.map(each => each.name).join(', ')}.`);
      const value = hand.argument ? textOf(args[hand.argument.name] ?? args['value']) : '';
      const wrong = hand.argument && objection(hand.argument, value);
      return wrong === undefined ? hand.run(value) : no(`${wrong} (${name}: ${hand.argument?.say})`);
    },
  };
}

export function yes(said: string): HandResult {
  return { done: true, said };
}

export function no(said: string): HandResult {
  return { done: false, said };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function objection(argument: HandArgument, value: string): string | undefined {
  if (value === '') return argument.optional ? undefined : `"${argument.name}" is missing.`;
  if (argument.kind === 'digits' && !/^[0-9]{1,20}$/.test(value)) return `"${argument.name}" has to be digits.`;
  if (argument.kind === 'number' && !/^[0-9]+(?:\.[0-9]+)?$/.test(value)) {
    return `"${argument.name}" has to be a number.`;
  }
  const choices = argument.kind === 'choice' ? (argument.choices ?? []) : [value];
  return choices.includes(value) ? undefined : `"${argument.name}" has to be one of ${choices.join(', ')}.`;
}
