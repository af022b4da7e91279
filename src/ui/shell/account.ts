// The menu at the top right: who is signed in, light or dark, signing out.
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../api.d.ts';
import { define, Element } from '../parts/element.ts';
import { icon } from '../parts/icon.ts';
import { attempt } from '../parts/toast.ts';
import { post } from '../state/api.ts';
import { takeSession } from '../state/live.ts';
import { Select } from '../state/select.ts';
import { ROLE_WORDS } from '../text/role-words.ts';
import { themeNow, useTheme, type Theme } from './theme.ts';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['auto', 'As the device'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function accountMenu(): TemplateResult {
  return html`<lb-account></lb-account>`;
}

export class Account extends Element {
  readonly #known = new Select(this, ({ session }) => [session]);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#away);
    this.addEventListener('keydown', this.#keys);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#away);
  }

  readonly #away = (event: Event): void => {
    if (!this.contains(event.target as Node)) this.#close();
  };
  readonly #keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.querySelector('details')?.open) return;
    this.#close();
    this.querySelector<HTMLElement>('summary')?.focus();
  };

  #close(): void {
    this.querySelector('details')?.removeAttribute('open');
  }

  override render(): TemplateResult {
    const [session] = this.#known.value;
    return html`<details class="menu">
      <summary class="button-icon" aria-label="Account and appearance">${icon('person')}</summary>
      <div class="menu-body">
        ${
          session?.who
            ? html`<p class="menu-who">
                <strong>${session.who.name}</strong><span>${ROLE_WORDS[session.who.role]}</span>
              </p>`
            : nothing
        }
        <fieldset class="segments">
          <legend>Appearance</legend>
          ${THEMES.map(
            ([theme, label]) =>
              html`<label
                ><input
                  type="radio"
                  name="theme"
                  value=${theme}
                  .checked=${themeNow() === theme}
                  @change=${() => useTheme(theme)}
                /><span>${label}</span></label
              >`,
          )}
        </fieldset>
        ${
          session?.state === 'in' && session.way === 'login'
            ? html`<button type="button" class="button" @click=${() => void leave()}>${icon('exit')}Sign out</button>`
            : nothing
        }
        <p class="hint">Latchbridge ${session?.version ?? ''}</p>
      </div>
    </details>`;
  }
}
define('lb-account', Account);

async function leave(): Promise<void> {
  await attempt(async () => takeSession(await post<Session>('api/logout')));
  location.hash = '#/home';
}
