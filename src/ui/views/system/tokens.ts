// Tokens for programs of the owner's: made, shown once, taken away.
import { html, nothing, type TemplateResult } from 'lit';
import type { ApiTokenView } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { confirm, showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { choice, field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt } from '../../parts/toast.ts';
import { post, remove, segment } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { ROLE_WORDS } from '../../text/role-words.ts';
import { dateText } from '../../text/time.ts';
import { newToken, TOKEN_ROLES } from './login-request.ts';

export class ApiTokens extends Element {
  readonly #list = new Load<{ tokens: readonly ApiTokenView[] }>(this, () => 'api/api_tokens');
  readonly #known = new Select(this, ({ locks }) => [locks]);

  override render(): TemplateResult {
    return html`<section class="card" aria-label="Tokens">
      <div class="card-head">
        <h2>Tokens</h2>
        <button type="button" class="button" @click=${() => void this.#add()}>${icon('plus', 'small')}New token</button>
      </div>
      ${loaded(this.#list, ({ tokens }) =>
        tokens.length === 0
          ? html`<p class="lead">None. A program of yours sends one as “Authorization: Bearer …” to use the API.</p>`
          : html`<ul class="list">
              ${tokens.map(each => this.#row(each))}
            </ul>`,
      )}
    </section>`;
  }

  #row(each: ApiTokenView): TemplateResult {
    const reach = each.locks?.map(id => this.#known.value[0].get(id)?.name ?? id).join(', ') ?? 'all locks';
    return html`<li class="row row-wrap">
      ${icon('code')}
      <span class="row-text">
        <span class="row-title">${each.name}</span>
        <span class="row-more"
          >Reaches ${reach}.
          ${each.used === undefined ? 'Never used' : html`Used <lb-ago .at=${each.used}></lb-ago>`}${
            each.until === undefined ? nothing : html`, until ${dateText(each.until)}`
          }.</span
        >
      </span>
      ${badge(ROLE_WORDS[each.role])}
      <button
        type="button"
        class="button button-danger"
        aria-label=${`Take away ${each.name}`}
        @click=${() => void this.#remove(each)}
      >
        Take away
      </button>
    </li>`;
  }

  async #add(): Promise<void> {
    const locks = [...this.#known.value[0].values()].map(({ id, name }) => [id, name] as const);
    const made = await showDialog<ApiTokenView & { token: string }>({
      title: 'New token',
      submit: 'Make it',
      body: () =>
        html`${field({ label: 'For what?', name: 'name', required: true, longest: 64, autofocus: true })}
        ${choice({
          label: 'As',
          name: 'role',
          value: 'automation',
          options: TOKEN_ROLES.map(role => [role, ROLE_WORDS[role]] as const),
          hint: 'What needs a password is refused to every token.',
        })}
        ${choice({ label: 'Reaches', name: 'lock', value: '', options: [['', 'All locks'], ...locks] })}
        ${field({ label: 'Until', name: 'until', type: 'datetime-local', hint: 'Empty: for good' })}`,
      taken: fields => post('api/api_tokens', newToken(fields)),
    });
    if (!made) return;
    await this.#list.again();
    await showDialog({
      title: made.name,
      body: () =>
        html`${notice({ tone: 'warn', text: 'Copy it now: it is not shown again.' })}
          <p class="secret mono" tabindex="0" aria-label="Token">${made.token}</p>`,
    });
  }

  async #remove({ id, name }: ApiTokenView): Promise<void> {
    const text = 'The program that uses it gets no answer any more.';
    if (!(await confirm({ title: `Take ${name} away?`, text, yes: 'Take it away', danger: true }))) return;
    await attempt(() => remove(`api/api_tokens/${segment(id)}`), 'It is worthless now.');
    await this.#list.again();
  }
}
define('lb-api-tokens', ApiTokens);
