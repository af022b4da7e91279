// Home.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

export class Home extends Element {
  override render(): TemplateResult {
    return html`<h1>Home</h1>`;
  }
}
define('lb-home', Home);
