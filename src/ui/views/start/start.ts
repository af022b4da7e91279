// Start.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

export class Start extends Element {
  override render(): TemplateResult {
    return html`<h1>Start</h1>`;
  }
}
define('lb-start', Start);
