// Small things of many views: badge, notice, empty state, tabs that are links.
import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from './icon.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'accent';

/** Words with a tone; the icon or the words say the same as the colour. */
export function badge(text: string, tone: Tone = 'plain', picture?: IconName): TemplateResult {
  return html`<span class="badge badge-${tone}">${picture ? icon(picture, 'small') : nothing}${text}</span>`;
}

export interface NoticeShape {
  text: string;
  tone?: Tone;
  title?: string;
  more?: unknown;
}
/** What is wrong or worth knowing, with what to do in `more`. */
export function notice({ text, tone = 'plain', title, more }: NoticeShape): TemplateResult {
  return html`<div class="notice notice-${tone}">
    ${icon(tone === 'plain' || tone === 'accent' ? 'info' : tone === 'good' ? 'check' : 'warning')}
    <div class="notice-text">
      ${title === undefined ? nothing : html`<strong>${title}</strong>`}
      <p>${text}</p>
      ${more ?? nothing}
    </div>
  </div>`;
}

export interface EmptyShape {
  picture: IconName;
  title: string;
  text: string;
  more?: unknown;
  /** There is nothing else on the page: its title is the title of the page. */
  alone?: boolean;
}
export function empty(shape: EmptyShape): TemplateResult {
  return html`<div class="empty">
    ${icon(shape.picture, 'large')}
    ${shape.alone === true ? html`<h1>${shape.title}</h1>` : html`<h2>${shape.title}</h2>`}
    <p>${shape.text}</p>
    ${shape.more ?? nothing}
  </div>`;
}

export function waiting(text = 'One moment …'): TemplateResult {
  return html`<p class="waiting" role="status">${text}</p>`;
}

/** Tabs with an address each. */
export function tabs(
  label: string,
  items: readonly (readonly [href: string, text: string])[],
  current: string,
): TemplateResult {
  return html`<nav class="tabs" aria-label=${label}>
    ${items.map(
      ([href, text]) => html`<a href=${href} aria-current=${href === current ? 'page' : nothing}>${text}</a>`,
    )}
  </nav>`;
}

/** Name and value, one under the other. */
export function facts(rows: readonly (readonly [name: string, value: unknown])[]): TemplateResult {
  return html`<dl class="facts">
    ${rows
      .filter(([, value]) => value !== undefined && value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}
