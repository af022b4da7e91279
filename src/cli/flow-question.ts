// What a prompt asks at a terminal, and what was meant by what was typed.
import type { AnswerRequest, Prompt, PromptOption } from '../flow/words.ts';

export function questionText(prompt: Prompt): string {
  const { kind, options, challenge } = prompt;
  if (isFree(prompt)) return 'Type it';
  const others = options.filter(option => option.means !== 'yes').map(option => option.label);
  if (isConfirmed(prompt))
    return `Type ${challenge} to confirm${others.length > 0 ? `, or ${others.join(' / ')}` : ''}`;
  if (kind === 'human_choice') return `1 to ${options.length}`;
  const usual = options.find(option => option.means === 'yes');
  const first = usual ? [kind === 'human_do' ? `Enter = ${usual.label}` : usual.label] : [];
  return [...first, ...others].join(' / ');
}

/** Not `complete` while the digits of the challenge are still to be typed; undefined when nothing can be meant. */
export function meantBy(
  prompt: Prompt,
  typed: string,
): (Omit<AnswerRequest, 'prompt'> & { complete: boolean }) | undefined {
  if (isFree(prompt)) return typed === '' ? undefined : { answer: typed, complete: true };
  const { challenge } = prompt;
  const usual = prompt.options.find(option => option.means === 'yes');
  // The digits are the yes; a plain "yes" is typed too lightly for what cannot be undone.
  if (isConfirmed(prompt) && typed.trim() === challenge && usual) {
    return { answer: usual.value, challenge: challenge as string, complete: true };
  }
  // Whoever cannot get out may say so to every question; it stops the flow (R12).
  if (/^locked[ _-]?in$/i.test(typed.trim())) return { answer: 'locked_in', complete: true };
  const option = optionOf(prompt, typed);
  if (!option || (isConfirmed(prompt) && option === usual)) return undefined;
  const given = challenge === undefined ? {} : { challenge };
  if (isConfirmed(prompt) || option.means === 'no') return { answer: option.value, ...given, complete: true };
  return { answer: option.value, complete: challenge === undefined };
}

function isFree({ kind, options }: Prompt): boolean {
  return kind === 'human_input' && options.length === 0;
}

/** One yes, to be given by its digits. */
function isConfirmed({ kind, challenge }: Prompt): boolean {
  return challenge !== undefined && (kind === 'clearance' || kind === 'plan' || kind === 'human_confirm');
}

/** The option that was meant: its value, its label or how it begins, its number, or a word for yes, no and skip. */
function optionOf({ options, kind }: Prompt, typed: string): PromptOption | undefined {
  const word = typed.trim().toLowerCase();
  const usual = options.find(option => option.means === 'yes');
  if (word === '') return kind === 'human_do' ? usual : undefined;
  const numbered = kind === 'human_choice' && /^\d{1,2}$/.test(word) ? options[Number(word) - 1] : undefined;
  const means = MEANINGS[word];
  return (
    numbered ??
    options.find(option => option.value.toLowerCase() === word) ??
    options.find(option => option.label.toLowerCase() === word) ??
    options.find(option => means !== undefined && option.means === means) ??
    only(options.filter(option => option.label.toLowerCase().startsWith(word) || option.value.startsWith(word)))
  );
}

const MEANINGS: Readonly<Record<string, PromptOption['means']>> = {
  y: 'yes',
  yes: 'yes',
  ok: 'yes',
  done: 'yes',
  confirm: 'yes',
  n: 'no',
  no: 'no',
  cancel: 'no',
  s: 'skip',
  skip: 'skip',
  h: 'help',
  help: 'help',
};

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
