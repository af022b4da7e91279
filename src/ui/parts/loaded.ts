// Shows what was fetched; or that it is being fetched, why it is not there, and a way to try again.
import { html, type TemplateResult } from 'lit';
import type { Load } from '../state/load.ts';
import { isMissing, wordsOf } from '../state/refusal.ts';
import { notice, waiting } from './bits.ts';

export function loaded<T>(load: Load<T>, show: (value: T) => unknown): TemplateResult {
  if (load.value !== undefined) {
    return load.problem === undefined
      ? html`${show(load.value)}`
      : html`${notice({ tone: 'warn', text: `This may be old: ${wordsOf(load.problem)}` })}${show(load.value)}`;
  }
  if (load.problem === undefined) return waiting();
  if (isMissing(load.problem)) {
    return notice({ text: 'This is not switched on here, or this version of Latchbridge does not have it.' });
  }
  return notice({
    tone: 'bad',
    text: wordsOf(load.problem),
    more: html`<div class="buttons">
      <button type="button" class="button" @click=${() => void load.again()}>Try again</button>
    </div>`,
  });
}
