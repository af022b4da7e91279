// A signed record as a person reads it. What it says is never put in other words.
import { html, nothing, type TemplateResult } from 'lit';
import { facts, notice } from '../../parts/bits.ts';
import { exactText } from '../../text/time.ts';
import { personText } from '../../text/audit-words.ts';

interface Statement {
  word: string;
  what: string;
  by?: string;
}
export interface RecordShape {
  record: {
    id: string;
    kind: 'record' | 'incomplete';
    title: string;
    missing: readonly string[];
    subject: {
      name: string;
      unit: string;
      model?: string;
      firmware?: string;
      generation_before: number;
      generation_after: number;
    };
    flow: { exposure_seconds: number; pivot_at?: string; ended_at: string; clock: string };
    people: { starter: string; confirmer?: string; hands: readonly string[] };
    erased: readonly { kind: string; before: number; after?: number; grade: string }[];
    statements: readonly Statement[];
    residual_access: readonly { kind: string; text: string; until?: string }[];
  };
  signature: { algorithm: string; public_key: string };
}

/** The daemon made it and has checked it against its own schema. */
export function parseRecord(document: string): RecordShape {
  return JSON.parse(document) as RecordShape;
}

export function recordView({ record, signature }: RecordShape): TemplateResult {
  const { subject, flow, people, erased, residual_access: left } = record;
  return html`<article class="flow-record" aria-label=${record.title}>
    <h3>${record.title}</h3>
    ${
      record.kind === 'incomplete'
        ? notice({ tone: 'warn', title: 'No proof', text: record.missing.join(' ') })
        : nothing
    }
    ${facts([
      ['Lock', `${subject.name}, ${subject.unit}`],
      ['Model', [subject.model, subject.firmware].filter(Boolean).join(', ')],
      ['Pairing', `${subject.generation_before} before, ${subject.generation_after} after`],
      ['Erased at', flow.pivot_at === undefined ? 'nothing was erased' : exactText(Date.parse(flow.pivot_at))],
      ['Open to others for', `${flow.exposure_seconds} s`],
      ['Started by', personText(people.starter)],
      ['Confirmed by', people.confirmer && personText(people.confirmer)],
      ['Hands at the door', people.hands.join(', ')],
    ])}
    ${erased.length === 0 ? nothing : table(erased)}
    <h4>Who could still get in</h4>
    ${left.length === 0 ? html`<p>Nobody that is known of.</p>` : bullets(left.map(({ text }) => text))}
    <h4>Statements</h4>
    <ul class="flow-bullets">
      ${record.statements.map(
        ({ word, what, by }) => html`<li><strong>${word}${by === undefined ? '' : ` by ${by}`}:</strong> ${what}</li>`,
      )}
    </ul>
    <p class="hint mono">${record.id} · ${signature.algorithm} ${signature.public_key}</p>
  </article>`;
}

function table(erased: RecordShape['record']['erased']): TemplateResult {
  return html`<table class="flow-table">
    <caption>
      Erased
    </caption>
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Before</th>
        <th scope="col">After</th>
      </tr>
    </thead>
    <tbody>
      ${erased.map(
        ({ kind, before, after }) =>
          html`<tr>
            <th scope="row">${kind}</th>
            <td>${before}</td>
            <td>${after ?? 'not read'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function bullets(lines: readonly string[]): TemplateResult {
  return html`<ul class="flow-bullets">
    ${lines.map(line => html`<li>${line}</li>`)}
  </ul>`;
}
