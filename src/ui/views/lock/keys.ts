// What stands between a lock and other keys: letting the maker's app in, revoking its keys, the code of the lock's own menu.
import { html, nothing, type TemplateResult } from 'lit';
import type { LockView, Role } from '../../api.d.ts';
import '../../parts/countdown.ts';
import { confirm, showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { attempt } from '../../parts/toast.ts';
import { post, put, segment } from '../../state/api.ts';
import { mayManage } from '../../text/role-words.ts';

export class LockKeys extends Element {
  static override properties = { lock: { attribute: false }, asker: {}, until: { state: true }, code: { state: true } };
  declare lock: LockView;
  declare asker: Role | undefined;
  /** Until when the phone may connect. */
  declare until: number | undefined;
  declare code: string | undefined;

  get #path(): string {
    return `api/locks/${segment(this.lock.id)}`;
  }

  override render(): TemplateResult | typeof nothing {
    if (!mayManage(this.asker)) return nothing;
    return html`<section class="card" aria-label="Phone and keys">
      <h2>Phone and keys</h2>
      <ul class="list">
        <li class="setting">${this.#phone()}</li>
        <li class="setting">
          <span class="row-text"
            ><span class="row-title">Keys of the maker’s app</span
            ><span class="row-more">Whoever was given one in the app can no longer open. Ours goes on.</span></span
          >
          <div class="buttons">
            <button type="button" class="button" @click=${() => void this.#revoke()}>Take all of them away</button>
          </div>
        </li>
        ${this.asker === 'owner' ? html`<li class="setting">${this.#admin()}</li>` : nothing}
      </ul>
    </section>`;
  }

  #phone(): TemplateResult {
    const isOut = this.until !== undefined && this.until > Date.now();
    return html`<span class="row-text"
        ><span class="row-title">Let the phone in</span
        ><span class="row-more"
          >Latchbridge lets go of the lock for a while, so that the maker’s app can connect to it.</span
        ></span
      >
      ${
        isOut
          ? html`<p role="status">
                ${icon('phone', 'small')} The phone may connect for another
                <lb-countdown .until=${this.until} @over=${() => this.requestUpdate()}></lb-countdown>
              </p>
              <div class="buttons">
                <button type="button" class="button" @click=${() => void this.#letIn(0)}>Take it back now</button>
              </div>`
          : html`<div class="buttons">
              ${[5, 15, 60].map(
                minutes =>
                  html`<button
                    type="button"
                    class="button"
                    aria-label=${`Let the phone in for ${minutes} min`}
                    @click=${() => void this.#letIn(minutes)}
                  >
                    ${minutes} min
                  </button>`,
              )}
            </div>`
      }`;
  }

  #admin(): TemplateResult {
    return html`<span class="row-text"
        ><span class="row-title">Admin code</span
        ><span class="row-more">It opens the menu of the lock itself, and on many locks the door.</span></span
      >
      ${this.code === undefined ? nothing : html`<p class="secret mono" role="status">${this.code}</p>`}
      <div class="buttons">
        <button type="button" class="button" @click=${() => void this.#show()}>
          ${this.code === undefined ? 'Show it' : 'Hide it'}
        </button>
        <button type="button" class="button" @click=${() => void this.#change()}>Change it</button>
      </div>`;
  }

  async #letIn(minutes: number): Promise<void> {
    await attempt(async () => {
      this.until = (await post<{ until?: number }>(`${this.#path}/phone`, { minutes })).until;
    });
  }

  async #revoke(): Promise<void> {
    const text = 'Everybody who opens with the maker’s app loses it, and has to be invited anew there.';
    if (!(await confirm({ title: 'Take all app keys away?', text, yes: 'Take them away', danger: true }))) return;
    await attempt(() => post(`${this.#path}/keys/revoke`), 'No app key opens any more.');
  }

  async #show(): Promise<void> {
    if (this.code !== undefined) {
      this.code = undefined;
      return;
    }
    await attempt(async () => {
      this.code = (await post<{ code: string }>(`${this.#path}/admin_code/show`)).code;
    });
  }

  async #change(): Promise<void> {
    await showDialog<boolean>({
      title: 'New admin code',
      submit: 'Change it on the lock',
      body: () =>
        field({
          label: 'New code',
          name: 'code',
          inputmode: 'numeric',
          pattern: '[0-9]{4,16}',
          required: true,
          autofocus: true,
          hint: '4 to 16 digits. Keep it apart from the codes of guests.',
        }),
      taken: async ({ code }) => {
        await put(`${this.#path}/admin_code`, { code });
        this.code = undefined;
        return true;
      },
    });
  }
}
define('lb-lock-keys', LockKeys);
