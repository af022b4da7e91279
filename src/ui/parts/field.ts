// Labelled fields of forms. A hint or an error is tied to its field for screen readers.
import { html, nothing, type TemplateResult } from 'lit';

export interface FieldShape {
  label: string;
  name: string;
  value?: string;
  type?: 'text' | 'password' | 'number' | 'datetime-local' | 'time' | 'search';
  hint?: string;
  error?: string;
  required?: boolean;
  autofocus?: boolean;
  autocomplete?: string;
  inputmode?: 'numeric' | 'text';
  pattern?: string;
  least?: number;
  most?: number;
  longest?: number;
  suggestions?: readonly string[];
  changed?: (value: string) => void;
}

let count = 0;
const ids = new Map<string, string>();
/** The same for the same field of a form, drawn again and again. */
function idOf(name: string): string {
  const known = ids.get(name);
  if (known !== undefined) return known;
  count += 1;
  const id = `field-${count}`;
  ids.set(name, id);
  return id;
}

export function field(shape: FieldShape): TemplateResult {
  const id = idOf(shape.name);
  const told = shape.error ?? shape.hint;
  const typed = (event: Event): void => shape.changed?.((event.target as HTMLInputElement).value);
  return html`<div class="field">
    <label for=${id}>${shape.label}</label>
    <input
      id=${id}
      name=${shape.name}
      type=${shape.type ?? 'text'}
      .value=${shape.value ?? ''}
      ?required=${shape.required === true}
      ?autofocus=${shape.autofocus === true}
      autocomplete=${(shape.autocomplete ?? 'off') as 'off'}
      autocapitalize="off"
      spellcheck="false"
      inputmode=${shape.inputmode ?? nothing}
      pattern=${shape.pattern ?? nothing}
      min=${shape.least ?? nothing}
      max=${shape.most ?? nothing}
      maxlength=${shape.longest ?? nothing}
      list=${shape.suggestions ? `${id}-list` : nothing}
      aria-describedby=${told === undefined ? nothing : `${id}-told`}
      aria-invalid=${shape.error === undefined ? nothing : 'true'}
      @input=${typed}
    />
    ${
      shape.suggestions
        ? html`<datalist id="${id}-list">
            ${shape.suggestions.map(each => html`<option value=${each}></option>`)}
          </datalist>`
        : nothing
    }
    ${
      told === undefined
        ? nothing
        : html`<p id="${id}-told" class=${shape.error === undefined ? 'hint' : 'hint hint-error'}>${told}</p>`
    }
  </div>`;
}

export interface ChoiceShape {
  label: string;
  name: string;
  value?: string;
  options: readonly (readonly [value: string, label: string])[];
  hint?: string;
  changed?: (value: string) => void;
}

export function choice(shape: ChoiceShape): TemplateResult {
  const id = idOf(shape.name);
  return html`<div class="field">
    <label for=${id}>${shape.label}</label>
    <select
      id=${id}
      name=${shape.name}
      aria-describedby=${shape.hint === undefined ? nothing : `${id}-told`}
      @change=${(event: Event) => shape.changed?.((event.target as HTMLSelectElement).value)}
    >
      ${shape.options.map(
        ([value, label]) => html`<option value=${value} ?selected=${value === shape.value}>${label}</option>`,
      )}
    </select>
    ${shape.hint === undefined ? nothing : html`<p id="${id}-told" class="hint">${shape.hint}</p>`}
  </div>`;
}

export function toggle(shape: {
  label: string;
  name: string;
  on: boolean;
  hint?: string;
  disabled?: boolean;
  changed?: (on: boolean) => void;
}): TemplateResult {
  return html`<label class="toggle">
    <span class="toggle-text">
      <span>${shape.label}</span>
      ${shape.hint === undefined ? nothing : html`<span class="hint">${shape.hint}</span>`}
    </span>
    <input
      type="checkbox"
      role="switch"
      name=${shape.name}
      .checked=${shape.on}
      ?disabled=${shape.disabled === true}
      @change=${(event: Event) => shape.changed?.((event.target as HTMLInputElement).checked)}
    />
  </label>`;
}
