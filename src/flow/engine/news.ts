// R15: all administrators are told when a flow that erases begins, stands still and ends. (Of its pivot: acting.ts.)
import { DESTRUCTIVE, type FlowState } from '../words.ts';
import type { Stop } from './memory.ts';
import type { Stage } from './stage.ts';

/** Once, over restarts. */
export function tellStart(stage: Stage): void {
  const { kept, memory } = stage.book;
  const { go } = memory;
  if (!destroys(stage) || !go) return;
  stage.notify(`${go.who} (${go.via}) started: ${kept.plan.goal}`, false, 'start');
}

export function tellParked(stage: Stage, { code, text, next = '' }: Stop): void {
  if (!destroys(stage)) return;
  const { kept, memory } = stage.book;
  const words = `${nameOf(stage)}: the ${kept.type} needs somebody. ${text} ${next}`;
  stage.notify(words.trim(), code === 'still_opens', `parked ${memory.lines}`);
}

export function tellEnd(stage: Stage, state: FlowState, stop: Stop | undefined): void {
  const { kept, memory } = stage.book;
  if (!destroys(stage) || !memory.go) return;
  const words = `${nameOf(stage)}: the ${kept.type} ended: ${state.replaceAll('_', ' ')}. ${stop?.text ?? ''}`;
  stage.notify(words.trim(), state === 'aborted', 'end');
}

export function destroys({ book }: Stage): boolean {
  return DESTRUCTIVE.includes(book.kept.type);
}

function nameOf(stage: Stage): string {
  return `"${stage.lastView()?.name ?? 'a lock'}"`;
}
