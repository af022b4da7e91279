// Who are you: signing in, a one-time link, and the first owner's account.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { Session } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { fieldsOf } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { post } from '../../state/api.ts';
import { takeSession } from '../../state/live.ts';
import { wordsOf } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';

export class Login extends Element {
  static override properties = { token: {}, problem: { state: true }, busy: { state: true } };
  /** Of a one-time link; it is used at once and leaves the address bar. */
  declare token: string | undefined;
  declare problem: string;
  declare busy: boolean;
  readonly #known = new Select(this, ({ session }) => [session?.state, session?.way, session?.who?.name]);
  #setupToken = '';

  constructor() {
    super();
    this.problem = '';
    this.busy = false;
  }

  override willUpdate(changed: PropertyValues): void {
    const token = this.token;
    if (!changed.has('token') || token === undefined) return;
    location.replace('#/login');
    if (this.#known.value[0] === 'setup') this.#setupToken = token;
    else void this.#send('api/link', { token });
  }

  override render(): TemplateResult {
    const [state] = this.#known.value;
    return html`<section class="card sign-in">
      ${state === 'setup' ? this.#setup() : state === 'in' ? this.#inside() : this.#login()}
      <div role="alert">${this.problem === '' ? '' : notice({ tone: 'bad', text: this.problem })}</div>
    </section>`;
  }

  #login(): TemplateResult {
    return html`<h1>Sign in</h1>
      <form @submit=${(event: SubmitEvent) => this.#submit(event, 'api/login')}>
        ${field({ label: 'Name', name: 'name', autocomplete: 'username', required: true })}
        ${field({
          label: 'Password',
          name: 'password',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
        })}
        ${this.#button('Sign in')}
      </form>
      <p class="hint">
        No password at hand? On the computer that runs Latchbridge, <code>latchbridge web link</code> prints a link that
        signs you in once.
      </p>`;
  }

  #setup(): TemplateResult {
    const [, way, name] = this.#known.value;
    if (way === 'ingress') {
      return html`<h1>Welcome${name === undefined ? '' : `, ${name}`}</h1>
        <p class="lead">
          Nobody owns this Latchbridge yet. Whoever confirms is its owner: may do everything, and can let others of this
          home in later.
        </p>
        <form @submit=${(event: SubmitEvent) => this.#submit(event, 'api/setup')}>
          ${this.#button('I am the owner')}
        </form>`;
    }
    return html`<h1>Welcome</h1>
      <p class="lead">Make the first account. It is the owner: it may do everything and can let others in later.</p>
      <form @submit=${(event: SubmitEvent) => this.#submit(event, 'api/setup')}>
        ${field({
          label: 'Setup token',
          name: 'token',
          value: this.#setupToken,
          required: true,
          hint: 'It proves that this is your computer: run “latchbridge web link” on it, or open the link that it prints.',
        })}
        ${field({ label: 'Your name', name: 'name', autocomplete: 'username', required: true, longest: 64 })}
        ${field({
          label: 'A password',
          name: 'password',
          type: 'password',
          autocomplete: 'new-password',
          required: true,
          hint: 'Long beats complicated: a few words that you will remember.',
        })}
        ${this.#button('Make the account')}
      </form>`;
  }

  #inside(): TemplateResult {
    return html`<h1>You are signed in</h1>
      <a class="button button-primary" href="#/home">To your locks</a>`;
  }

  #button(text: string): TemplateResult {
    return html`<button type="submit" class="button button-primary button-wide" ?disabled=${this.busy}>
      ${this.busy ? 'One moment …' : text}
    </button>`;
  }

  #submit(event: SubmitEvent, path: string): void {
    event.preventDefault();
    const fields = fieldsOf(event.target as HTMLFormElement);
    if (fields['token'] !== undefined) fields['token'] = tokenIn(fields['token']);
    void this.#send(path, fields);
  }

  async #send(path: string, body: unknown): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const session = await post<Session>(path, body, { plain: true });
      if (location.hash.startsWith('#/login')) location.replace('#/home');
      takeSession(session);
    } catch (thrown) {
      this.problem = wordsOf(thrown);
    }
    this.busy = false;
  }
}
define('lb-login', Login);

/** People paste the whole link. */
function tokenIn(text: string): string {
  return decodeURIComponent(text.trim().replace(/^.*#\/?link\//, ''));
}
