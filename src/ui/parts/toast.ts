// Short messages: seen at the edge of the page, and read out by screen readers.
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { wordsOf } from '../state/refusal.ts';
import { define, Element } from './element.ts';
import { icon } from './icon.ts';

type Tone = 'good' | 'bad' | 'plain';
interface Toast {
  id: number;
  text: string;
  tone: Tone;
}
/** Time to read it; an error stays until it is closed. */
const SHOWN_MS = 6000;
const MOST = 4;

let toasts: readonly Toast[] = [];
let count = 0;
let spoken = '';
const shelves = new Set<Toasts>();

export function toast(text: string, tone: Tone = 'plain'): void {
  count += 1;
  const made = { id: count, text, tone };
  toasts = [...toasts, made].slice(-MOST);
  draw();
  if (tone !== 'bad') setTimeout(() => drop(made.id), SHOWN_MS);
}

/** Whatever was thrown, in words. */
export function toastError(thrown: unknown): void {
  toast(wordsOf(thrown), 'bad');
}

/** For screen readers only. */
export function announce(text: string): void {
  spoken = text;
  draw();
}

/** Runs it; what goes wrong is shown. The answer says whether it went well. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done !== undefined) toast(done, 'good');
    return true;
  } catch (thrown) {
    toastError(thrown);
    return false;
  }
}

function draw(): void {
  for (const shelf of shelves) shelf.requestUpdate();
}

function drop(id: number): void {
  toasts = toasts.filter(each => each.id !== id);
  draw();
}

export class Toasts extends Element {
  override connectedCallback(): void {
    super.connectedCallback();
    shelves.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    shelves.delete(this);
  }

  override render(): TemplateResult {
    return html`<div class="hidden" role="status" aria-live="polite">${spoken}</div>
      <div class="toasts" role="status" aria-label="Messages" aria-live="polite">
        ${repeat(
          toasts,
          each => each.id,
          each =>
            html`<div class="toast toast-${each.tone}">
              ${icon(each.tone === 'bad' ? 'warning' : each.tone === 'good' ? 'check' : 'info')}
              <span>${each.text}</span>
              <button type="button" class="button-icon" aria-label="Close message" @click=${() => drop(each.id)}>
                ${icon('close')}
              </button>
            </div>`,
        )}
      </div>`;
  }
}
define('lb-toasts', Toasts);
