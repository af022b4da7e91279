// A moment as "3 min ago", which grows by itself. One timer for all of them.
import { html, type TemplateResult } from 'lit';
import { agoText, exactText } from '../text/time.ts';
import { define, Element } from './element.ts';

const TICK_MS = 5000;
const shown = new Set<Ago>();
let timer: ReturnType<typeof setInterval> | undefined;

export class Ago extends Element {
  static override properties = { at: { type: Number } };
  declare at: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    shown.add(this);
    timer ??= setInterval(() => shown.forEach(each => each.requestUpdate()), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    shown.delete(this);
    if (shown.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  override render(): TemplateResult | undefined {
    if (this.at === undefined) return undefined;
    const date = new Date(this.at);
    return html`<time datetime=${date.toISOString()} title=${exactText(this.at)}
      >${agoText(this.at, Date.now())}</time
    >`;
  }
}
define('lb-ago', Ago);
