// An address that leads nowhere.
import { html, type TemplateResult } from 'lit';
import { empty } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';

export class Unknown extends Element {
  override render(): TemplateResult {
    return empty({
      picture: 'unknown',
      alone: true,
      title: 'There is no such page',
      text: 'The address may be old or mistyped.',
      more: html`<a class="button button-primary" href="#/home">To your locks</a>`,
    });
  }
}
define('lb-unknown', Unknown);
