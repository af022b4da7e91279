// System.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

export class System extends Element {
  override render(): TemplateResult {
    return html`<h1>System</h1>`;
  }
}
define('lb-system', System);
