// Nearby.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

export class Nearby extends Element {
  override render(): TemplateResult {
    return html`<h1>Nearby</h1>`;
  }
}
define('lb-nearby', Nearby);
