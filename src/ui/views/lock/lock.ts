// Lock.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

export class Lock extends Element {
  override render(): TemplateResult {
    return html`<h1>Lock</h1>`;
  }
}
define('lb-lock', Lock);
