// All flows: those that need somebody first, what was noticed and would help, and what is over with its record.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowType, FlowView, LockView, Role, Suggestion } from '../../api.d.ts';
import { badge, empty, type Tone } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { choice } from '../../parts/field.ts';
import '../../parts/ago.ts';
import { beginAt, flowAt } from '../../shell/routes.ts';
import { Select } from '../../state/select.ts';
import { store } from '../../state/store.ts';
import { personText } from '../../text/audit-words.ts';
import { mayBegin } from '../../text/role-words.ts';
import { FLOW_NAMES, flowTitle, isClosed, needsPerson, STATE_WORDS } from '../../text/flow-words.ts';
import { isFlowType } from '../begin/reasons.ts';
import { screenOf } from './screen.ts';

export class Flows extends Element {
  static override properties = { type: { state: true }, lock: { state: true } };
  declare type: string;
  declare lock: string;
  readonly #known = new Select(this, ({ flows, suggestions, locks }) => [flows, suggestions, locks]);

  constructor() {
    super();
    this.type = 'diagnose';
    this.lock = '';
  }

  override render(): TemplateResult {
    const [flows, suggestions, locks] = this.#known.value;
    const all = [...flows.values()].toSorted((a, b) => b.startedAt - a.startedAt);
    const open = all.filter(flow => !isClosed(flow.state));
    const needing = open.filter(needsPerson);
    const others = open.filter(flow => !needsPerson(flow));
    return html`<div class="view">
      <h1>Flows</h1>
      ${section('Needs somebody', needing.map(openRow))} ${section('Going on', others.map(openRow))}
      ${section(
        'Noticed',
        suggestions.map(each => suggestionRow(each, locks.get(each.lock))),
      )}
      ${this.#begin([...locks.values()])} ${section('Over', all.filter(flow => isClosed(flow.state)).map(closedRow))}
      ${
        all.length === 0 && suggestions.length === 0
          ? empty({
              picture: 'flows',
              title: 'Nothing is going on',
              text: 'Work on a lock in several steps shows up here, with what it needs from you.',
            })
          : nothing
      }
    </div>`;
  }

  #begin(locks: readonly LockView[]): TemplateResult | typeof nothing {
    const types = begunBy(store.state.session?.who?.role);
    if (types.length === 0) return nothing;
    const [first] = locks;
    const lock = this.lock === '' ? (first?.name ?? '') : this.lock;
    const type = isFlowType(this.type) ? this.type : 'diagnose';
    return html`<section class="card" aria-labelledby="begin-title">
      <h2 id="begin-title">Start something</h2>
      <div class="columns">
        ${choice({
          label: 'What',
          name: 'flow-type',
          value: type,
          options: types.map(each => [each, FLOW_NAMES[each]] as const),
          changed: value => (this.type = value),
        })}
        ${choice({
          label: 'On which lock',
          name: 'flow-lock',
          value: lock,
          options: locks.map(each => [each.name, `${each.name} (${each.unit.name})`] as const),
          changed: value => (this.lock = value),
        })}
      </div>
      <a class="button" href=${beginAt(type, lock === '' ? undefined : lock)}>See what it would do</a>
    </section>`;
  }
}
define('lb-flows', Flows);

function begunBy(role: Role | undefined): FlowType[] {
  return (Object.keys(FLOW_NAMES) as FlowType[]).filter(type => mayBegin(role, type));
}

function section(title: string, rows: readonly TemplateResult[]): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<section class="stack stack-tight" aria-label=${title}>
    <h2>${title}</h2>
    <ul class="list card flow-list">
      ${rows}
    </ul>
  </section>`;
}

function openRow(flow: FlowView): TemplateResult {
  const screen = screenOf(flow, []);
  const { step } = flow;
  return html`<li>
    <a class="row" href=${flowAt(flow.id)}>
      <span class="row-text">
        <span class="row-title">${flowTitle(flow)}</span>
        <span>${screen.phrases.lead}</span>
        <span class="row-more"
          >${step ? `Step ${step.number} of ${step.of} · ` : ''}in the hands of ${personText(flow.holder)} ·
          <lb-ago .at=${flow.startedAt}></lb-ago
        ></span>
        <span class="badges">
          ${badge(STATE_WORDS[flow.state], needsPerson(flow) ? 'accent' : 'plain', needsPerson(flow) ? 'person' : undefined)}
          ${flow.exposure ? badge('Open to others', 'bad', 'warning') : nothing}
        </span>
      </span>
      ${icon('forward')}
    </a>
  </li>`;
}

const TONES: Readonly<Partial<Record<FlowView['state'], Tone>>> = {
  succeeded: 'good',
  succeeded_with_residuals: 'warn',
  aborted: 'warn',
};

function closedRow(flow: FlowView): TemplateResult {
  const picture = flow.state === 'succeeded' ? 'check' : undefined;
  return html`<li>
    <a class="row" href=${flowAt(flow.id)}>
      <span class="row-text">
        <span class="row-title">${flowTitle(flow)}</span>
        <span class="badges">
          ${badge(STATE_WORDS[flow.state], TONES[flow.state] ?? 'plain', picture)}
          ${flow.record === undefined ? nothing : badge('Signed record', 'plain')}
        </span>
        <span class="row-more"><lb-ago .at=${flow.endedAt ?? flow.startedAt}></lb-ago></span>
      </span>
      ${icon('forward')}
    </a>
  </li>`;
}

function suggestionRow(found: Suggestion, lock: LockView | undefined): TemplateResult {
  const name = lock?.name ?? found.lock;
  return html`<li class="flow-noticed">
    <p><strong>${name}</strong>: ${found.text}</p>
    ${found.evidence.length > 0 ? html`<p class="hint">${found.evidence.join(' ')}</p>` : nothing}
    <div class="buttons">
      ${found.suggests.filter(type => mayBegin(store.state.session?.who?.role, type)).map(type => html`<a class="button" href=${beginAt(type, name)}>${FLOW_NAMES[type]}</a>`)}
    </div>
  </li>`;
}
