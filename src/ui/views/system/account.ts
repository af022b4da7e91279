// One's own account: the password, and the browsers in which one is signed in.
import { html, type TemplateResult } from 'lit';
import type { OwnSession } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { fieldsOf } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt } from '../../parts/toast.ts';
import { put, remove, segment } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { ROLE_RIGHTS, ROLE_WORDS } from '../../text/role-words.ts';

export class OwnAccount extends Element {
  readonly #known = new Select(this, ({ session }) => [session]);
  readonly #sessions = new Load<{ sessions: readonly OwnSession[] }>(this, () =>
    this.#known.value[0]?.way === 'login' ? 'api/sessions' : undefined,
  );

  override render(): TemplateResult {
    const [session] = this.#known.value;
    const who = session?.who;
    return html`<div class="stack">
      <section class="card" aria-label="Who you are">
        <div class="row-text">
          <h2>${who?.name ?? ''}</h2>
          ${who ? html`<p class="row-more">${ROLE_WORDS[who.role]}. ${ROLE_RIGHTS[who.role]}</p>` : ''}
        </div>
      </section>
      ${session?.way === 'login' ? html`${this.#password()} ${this.#browsers()}` : notice({ text: 'Home Assistant signs you in; password and devices are looked after there.' })}
    </div>`;
  }

  #password(): TemplateResult {
    return html`<section class="card" aria-label="Password">
      <h2>Password</h2>
      <form @submit=${(event: SubmitEvent) => this.#change(event)}>
        ${field({
          label: 'New password',
          name: 'new-password',
          type: 'password',
          autocomplete: 'new-password',
          required: true,
          hint: 'Everywhere else you are signed out.',
        })}
        <div class="buttons"><button type="submit" class="button">Change it</button></div>
      </form>
    </section>`;
  }

  #browsers(): TemplateResult {
    return html`<section class="card" aria-label="Where you are signed in">
      <h2>Where you are signed in</h2>
      ${loaded(
        this.#sessions,
        ({ sessions }) =>
          html`<ul class="list">
            ${sessions.map(
              each =>
                html`<li class="row row-wrap">
                  ${icon('phone')}
                  <span class="row-text">
                    <span class="row-title">${each.device}</span>
                    <span class="row-more">Last here <lb-ago .at=${each.seen}></lb-ago></span>
                  </span>
                  ${
                    each.this
                      ? badge('This one', 'accent')
                      : html`<button type="button" class="button" @click=${() => void this.#end(each)}>
                          Sign it out
                        </button>`
                  }
                </li>`,
            )}
          </ul>`,
      )}
    </section>`;
  }

  #change(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const password = fieldsOf(form)['new-password'] ?? '';
    void attempt(() => put('api/session/password', { password }), 'The password is changed.').then(done => {
      if (done) form.reset();
    });
  }

  async #end({ id }: OwnSession): Promise<void> {
    await attempt(() => remove(`api/sessions/${segment(id)}`), 'It is signed out.');
    await this.#sessions.again();
  }
}
define('lb-own-account', OwnAccount);
