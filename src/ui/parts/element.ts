// The base of every element here: it renders into itself, so that one set of styles and labels holds everywhere.
import { LitElement } from 'lit';

export class Element extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }
}

/** Defines it once, also where two views bring the same part. */
export function define(name: `lb-${string}`, made: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, made);
}
