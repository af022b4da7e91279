// Matter: the code to add the locks elsewhere, the homes that have done so, a window for one more.
import { html, nothing, type TemplateResult } from 'lit';
import type { MatterFabric, MatterNode, MatterStatus } from '../../api.d.ts';
import { badge, facts, notice } from '../../parts/bits.ts';
import '../../parts/countdown.ts';
import { confirm } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt } from '../../parts/toast.ts';
import { post, remove, segment } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';

const LOOK_MS = 4000;
const WINDOW_S = 300;

export class Matter extends Element {
  readonly #status = new Load<MatterStatus>(this, () => 'api/matter');
  readonly #fabrics = new Load<{ fabrics: readonly MatterFabric[] }>(this, () => 'api/matter/fabrics');
  readonly #known = new Select(this, ({ session }) => [session]);
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void (!document.hidden && this.#again()), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return loaded(this.#status, status => this.#whole(status));
  }

  #whole(status: MatterStatus): TemplateResult {
    if (status.state === 'starting') return notice({ text: 'Matter is starting; that takes some seconds.' });
    if (status.state !== 'running') {
      return notice({
        tone: status.state === 'failed' ? 'bad' : 'plain',
        title: status.state === 'failed' ? 'Matter does not run.' : 'Matter is switched off.',
        text:
          [status.reason, status.fix].filter(text => text !== undefined).join(' ') || 'Set matter.enabled to use it.',
      });
    }
    return html`<div class="stack">
      ${status.reason === undefined ? nothing : notice({ tone: 'warn', text: `${status.reason} ${status.fix ?? ''}` })}
      ${status.nodes.map(node => this.#node(node))} ${this.#homes()} ${this.#locks(status)}
    </div>`;
  }

  #node(node: MatterNode): TemplateResult {
    const title = node.lock ?? 'All locks';
    return html`<section class="card" aria-label=${title}>
      <div class="card-head">
        <h2>${title}</h2>
        ${node.commissioned ? badge(`In ${node.fabrics} ${node.fabrics === 1 ? 'home' : 'homes'}`, 'good', 'check') : badge('Not added yet')}
      </div>
      ${node.codes ? this.#codes(node, node.codes) : nothing}
      <div class="buttons">
        ${
          node.windowUntil !== undefined
            ? html`<button type="button" class="button" @click=${() => this.#close(node)}>Close it now</button>`
            : node.commissioned
              ? html`<button type="button" class="button" @click=${() => this.#open(node)}>
                  Add to one more home
                </button>`
              : nothing
        }
        ${
          node.commissioned && this.#known.value[0]?.who?.role === 'owner'
            ? html`<button type="button" class="button button-danger" @click=${() => void this.#reset(node)}>
                Remove all homes …
              </button>`
            : nothing
        }
      </div>
    </section>`;
  }

  #codes(node: MatterNode, codes: { qr: string; manual: string }): TemplateResult {
    // The picture is another one for each window.
    const picture = `api/matter/qr.svg?node=${segment(node.id)}#${codes.manual}`;
    return html`<p>Scan this with the app of your home, or type the number there.</p>
      <div class="qr-place">
        <img
          class="qr"
          src=${picture}
          alt=${`QR code to add ${node.lock ?? 'all locks'} to a home`}
          width="200"
          height="200"
        />
        <div class="stack stack-tight">
          <span class="hint">Number to type</span>
          <span class="secret mono">${grouped(codes.manual)}</span>
          ${
            node.windowUntil === undefined
              ? nothing
              : html`<p role="status">
                  ${icon('clock', 'small')} Open for another
                  <lb-countdown .until=${node.windowUntil} @over=${() => void this.#again()}></lb-countdown>
                </p>`
          }
        </div>
      </div>`;
  }

  #homes(): TemplateResult {
    return html`<section class="card" aria-label="Homes">
      <h2>Homes that have the locks</h2>
      ${loaded(this.#fabrics, ({ fabrics }) =>
        fabrics.length === 0
          ? html`<p class="lead">None so far.</p>`
          : html`<ul class="list">
              ${fabrics.map(
                fabric =>
                  html`<li class="row row-wrap">
                    ${icon('home')}
                    <span class="row-text">
                      <span class="row-title">${fabric.label === '' ? fabric.vendor : fabric.label}</span>
                      <span class="row-more">${fabric.vendor}, number ${fabric.index}</span>
                    </span>
                    <button
                      type="button"
                      class="button button-danger"
                      aria-label=${`Remove … ${fabric.label === '' ? fabric.vendor : fabric.label}`}
                      @click=${() => void this.#remove(fabric)}
                    >
                      Remove …
                    </button>
                  </li>`,
              )}
            </ul>`,
      )}
    </section>`;
  }

  #locks({ locks, interface: net }: MatterStatus): TemplateResult {
    return html`<section class="card" aria-label="Locks in Matter">
      <h2>Locks in Matter</h2>
      ${
        locks.length === 0
          ? html`<p class="lead">None. A lock’s settings say whether Matter shows it.</p>`
          : html`<ul class="list">
              ${locks.map(
                lock =>
                  html`<li class="row">
                    <span class="row-text"
                      ><span class="row-title">${lock.name}</span
                      ><span class="row-more">${featureText(lock.endpoint, lock.features)}</span></span
                    >
                    ${badge(lock.reachable ? 'Reachable' : 'Not reachable', lock.reachable ? 'good' : 'warn')}
                  </li>`,
              )}
            </ul>`
      }
      ${facts([['Network', net ?? 'All interfaces']])}
    </section>`;
  }

  async #again(): Promise<void> {
    await Promise.all([this.#status.again(), this.#fabrics.again()]);
  }

  #open({ id }: MatterNode): void {
    void attempt(() => post('api/matter/window', { node: id, seconds: WINDOW_S })).then(() => this.#again());
  }

  #close({ id }: MatterNode): void {
    void attempt(() => remove('api/matter/window', { node: id })).then(() => this.#again());
  }

  async #remove({ index, node, label, vendor }: MatterFabric): Promise<void> {
    const title = `Remove ${label === '' ? vendor : label}?`;
    const text = 'That home can no longer see or open anything here. To come back it has to be added anew.';
    if (!(await confirm({ title, text, yes: 'Remove', danger: true }))) return;
    await attempt(() => remove(`api/matter/fabrics/${index}`, { node }), 'That home is removed.');
    await this.#again();
  }

  async #reset({ id }: MatterNode): Promise<void> {
    const text = 'Every home loses the locks, and the code becomes another one. The locks themselves stay as they are.';
    if (!(await confirm({ title: 'Remove all homes?', text, yes: 'Remove all', danger: true }))) return;
    await attempt(() => post('api/matter/reset', { node: id }), 'All homes are removed.');
    await this.#again();
  }
}
define('lb-matter', Matter);

const FEATURES: Readonly<Record<string, string>> = {
  PinCredential: 'codes',
  RfidCredential: 'cards',
  FingerCredentials: 'fingerprints',
  DoorPositionSensor: 'door sensor',
  Unbolting: 'opens the latch',
  YearDayAccessSchedules: 'times of stay',
  WeekDayAccessSchedules: 'hours of the week',
};

/** What people would call it; the rest is for controllers. */
function featureText(endpoint: number, features: readonly string[]): string {
  const words = features.flatMap(feature => FEATURES[feature] ?? []);
  return [`Endpoint ${endpoint}`, ...words].join(', ');
}

/** 1234-567-8901, as it is printed on devices. */
function grouped(code: string): string {
  return code.replace(/^(\d{4})(\d{3})(\d{4})/, '$1-$2-$3');
}
