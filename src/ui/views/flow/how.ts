// How an instruction is done: sentences, and what is counted up in one of them as a list.
import { html, type TemplateResult } from 'lit';
import { cutList } from './phrases.ts';

export function howView(sentences: readonly string[]): TemplateResult[] {
  return sentences.map(sentence => {
    const list = cutList(sentence);
    if (!list) return html`<p class="flow-how">${sentence}</p>`;
    return html`<div class="flow-how">
      <p>${list.head}</p>
      <ul class="flow-bullets">
        ${list.items.map(item => html`<li>${item}</li>`)}
      </ul>
    </div>`;
  });
}
