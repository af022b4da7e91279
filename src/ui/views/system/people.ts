// People who may sign in, for owners: who, as what, until when.
import { html, nothing, type TemplateResult } from 'lit';
import type { LoginRole, LoginView } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { confirm, showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { choice, field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { copy } from '../../parts/save.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { patch, post, remove, segment } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { linkAddress } from '../../text/link-address.ts';
import { ROLE_RIGHTS, ROLE_WORDS } from '../../text/role-words.ts';
import { dateText } from '../../text/time.ts';
import { loginChange, newLogin, ROLES } from './login-request.ts';

interface Listed {
  logins: readonly LoginView[];
  strangers?: readonly { home_assistant: string; name: string }[];
}

export class Logins extends Element {
  readonly #list = new Load<Listed>(this, () => 'api/logins');
  readonly #known = new Select(this, ({ session, locks }) => [session, locks]);

  override render(): TemplateResult {
    return loaded(this.#list, ({ logins, strangers = [] }) => this.#whole(logins, strangers));
  }

  #whole(logins: readonly LoginView[], strangers: NonNullable<Listed['strangers']>): TemplateResult {
    return html`<div class="stack">
      <section class="card" aria-label="People">
        <div class="card-head">
          <h2>Who may sign in</h2>
          <button type="button" class="button" @click=${() => void this.#add()}>
            ${icon('plus', 'small')}Let somebody in
          </button>
        </div>
        <ul class="list">
          ${logins.map(each => this.#row(each))}
        </ul>
      </section>
      ${
        strangers.length === 0
          ? nothing
          : html`<section class="card" aria-label="Users of Home Assistant">
              <h2>Looked in from Home Assistant</h2>
              <ul class="list">
                ${strangers.map(
                  each =>
                    html`<li class="row row-wrap">
                      <span class="row-text"><span class="row-title">${each.name}</span></span>
                      <button type="button" class="button" @click=${() => void this.#add(each)}>
                        Let ${each.name} in
                      </button>
                    </li>`,
                )}
              </ul>
            </section>`
      }
    </div>`;
  }

  #row(each: LoginView): TemplateResult {
    const isMe = each.id === this.#known.value[0]?.who?.id;
    return html`<li class="row row-wrap">
      ${icon('person')}
      <span class="row-text">
        <span class="row-title">${each.name}</span>
        <span class="row-more">
          ${each.password ? 'With a password' : each.home_assistant === undefined ? 'By links only' : 'By Home Assistant'}${
            each.until === undefined ? nothing : html`, until ${dateText(each.until)}`
          }${each.units === undefined ? nothing : html`, in ${each.units.join(', ')}`}${
            each.seen === undefined ? nothing : html`, last here <lb-ago .at=${each.seen}></lb-ago>`
          }
        </span>
      </span>
      ${badge(isMe ? `${ROLE_WORDS[each.role]}, you` : ROLE_WORDS[each.role], isMe ? 'accent' : 'plain')}
      <span class="buttons">
        <button
          type="button"
          class="button"
          aria-label=${`Change ${each.name}`}
          @click=${() => void this.#change(each)}
        >
          Change
        </button>
        <button
          type="button"
          class="button"
          aria-label=${`Link for ${each.name}`}
          @click=${() => void this.#link(each)}
        >
          Link
        </button>
        ${
          isMe
            ? nothing
            : html`<button
                type="button"
                class="button button-danger"
                aria-label=${`Remove ${each.name}`}
                @click=${() => void this.#remove(each)}
              >
                Remove
              </button>`
        }
      </span>
    </li>`;
  }

  async #add(stranger?: { home_assistant: string; name: string }): Promise<void> {
    let role: LoginRole = 'manager';
    const added = await showDialog<LoginView>({
      title: 'Let somebody in',
      submit: 'Let in',
      body: handle =>
        html`${field({ label: 'Name', name: 'name', required: true, longest: 64, value: stranger?.name ?? '', autofocus: true })}
        ${this.#role(role, value => {
          role = value;
          handle.again();
        })}
        ${
          stranger
            ? nothing
            : field({
                label: 'Password',
                name: 'password',
                type: 'password',
                autocomplete: 'new-password',
                hint: 'Empty: they come in by links that you make.',
              })
        }
        ${this.#more(role)}`,
      taken: fields => post<LoginView>('api/logins', newLogin(fields, stranger?.home_assistant)),
    });
    if (!added) return;
    toast(`${added.name} may sign in.`, 'good');
    await this.#list.again();
  }

  async #change(each: LoginView): Promise<void> {
    let { role } = each;
    const changed = await showDialog<LoginView>({
      title: each.name,
      submit: 'Save',
      body: handle =>
        html`${this.#role(role, value => {
          role = value;
          handle.again();
        })}
        ${field({ label: 'New password', name: 'password', type: 'password', autocomplete: 'new-password', hint: 'Empty: stays as it is.' })}
        ${this.#more(role, each)} ${notice({ text: `${each.name} is signed out everywhere and signs in again.` })}`,
      taken: fields => patch<LoginView>(`api/logins/${segment(each.id)}`, loginChange(fields, each)),
    });
    if (changed) await this.#list.again();
  }

  #role(role: LoginRole, changed: (role: LoginRole) => void): TemplateResult {
    return choice({
      label: 'As',
      name: 'role',
      value: role,
      options: ROLES.map(each => [each, ROLE_WORDS[each]] as const),
      hint: ROLE_RIGHTS[role],
      changed: value => changed(value as LoginRole),
    });
  }

  #more(role: LoginRole, each?: LoginView): TemplateResult {
    const units = [...new Set([...this.#known.value[1].values()].map(({ unit }) => unit.name))];
    return html`${
      role === 'technician'
        ? field({
            label: 'Works in',
            name: 'units',
            required: true,
            value: each?.units?.join(', ') ?? '',
            suggestions: units,
            hint: 'Names of homes, flats or rooms, with commas between them.',
          })
        : nothing
    }
    ${role === 'owner' ? nothing : field({ label: 'Until', name: 'until', type: 'datetime-local', hint: 'Empty: for good' })}`;
  }

  async #link({ id, name }: LoginView): Promise<void> {
    await attempt(async () => {
      const { urls, token, expires } = await post<{ urls: readonly string[]; token: string; expires: number }>(
        'api/links',
        { as: id },
      );
      const opened = linkAddress({ token, urls }, { here: location.href, way: this.#known.value[0]?.way });
      const address = opened?.address ?? urls[0] ?? '';
      await showDialog({
        title: `Link for ${name}`,
        body: () =>
          html`<p>
              Whoever opens it first is signed in as ${name}. It works once, until <lb-ago .at=${expires}></lb-ago>.
            </p>
            ${opened?.onlyHere === false ? nothing : notice({ tone: 'warn', text: 'No other device reaches this address: set http.host in latchbridge.yaml to an address of this machine.' })}
            <p class="secret mono">${address}</p>
            <div class="buttons">
              <button type="button" class="button" @click=${() => void copied(address)}>Copy it</button>
            </div>`,
      });
    });
  }

  async #remove({ id, name }: LoginView): Promise<void> {
    const text = `${name} is signed out everywhere and cannot sign in any more.`;
    if (!(await confirm({ title: `Remove ${name}?`, text, yes: 'Remove', danger: true }))) return;
    await attempt(() => remove(`api/logins/${segment(id)}`), `${name} is removed.`);
    await this.#list.again();
  }
}
define('lb-logins', Logins);

async function copied(text: string): Promise<void> {
  if (await copy(text)) toast('Copied.', 'good');
  else toast('This browser does not allow it here. Mark the link and copy it by hand.', 'bad');
}
