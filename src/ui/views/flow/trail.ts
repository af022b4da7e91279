// Where a flow stands along its plan, and what has come out of it so far: parts of the flow's screen.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FlowView, Grade, PublicLine } from '../../api.d.ts';
import { badge, type Tone } from '../../parts/bits.ts';
import { icon, type IconName } from '../../parts/icon.ts';
import { vars } from '../../parts/vars.ts';
import { clockText as timeText } from '../../text/time.ts';
import { gradeText, type Told, toldOf } from './findings.ts';
import { marksOf, type Mark, placeOf, type ShownStep, stretchesOf, stretchTitle } from './steps.ts';

const MARKS: Readonly<Record<Mark, readonly [IconName, string]>> = {
  done: ['check', 'done'],
  skipped: ['forward', 'skipped'],
  unneeded: ['forward', 'was not needed'],
  now: ['play', 'now'],
  due: ['unknown', 'to come'],
};

/** The bar, the words beside it, and the whole plan below, to be opened. */
export function progress(view: FlowView, lines: readonly PublicLine[]): TemplateResult | typeof nothing {
  const place = placeOf(view);
  if (!place) return nothing;
  const { number, of, stretch, peopleLeft } = place;
  const people = peopleLeft === 0 ? 'nobody is needed any more' : `${peopleLeft} for a person from here`;
  return html`<details class="flow-plan">
    <summary>
      <span class="flow-bar" aria-hidden="true">
        ${stretchesOf(view.plan.steps).map(each => {
          const first = each.steps[0]?.number ?? 1;
          const done = Math.min(each.steps.length, Math.max(0, number - first));
          return html`<span class="flow-bar-${each.stretch}" ${vars({ '--size': each.steps.length })}
            ><span class="flow-bar-done" ${vars({ '--share': done / each.steps.length })}></span
          ></span>`;
        })}
      </span>
      <span class="flow-place">
        <span class="flow-place-number">Step ${number} of ${of}</span>
        <span class="flow-place-stretch flow-place-${stretch}">${stretchTitle(stretch)}</span>
      </span>
    </summary>
    <p class="hint">${people}. The whole plan:</p>
    ${planSteps(view, marksOf(view, lines))}
  </details>`;
}

function planSteps(view: FlowView, marks: readonly Mark[]): TemplateResult[] {
  return stretchesOf(view.plan.steps, marks).map(
    ({ stretch, title, steps }) =>
      html`<h3 class="flow-stretch flow-place-${stretch}">${title}</h3>
        <ol class="flow-steps">
          ${steps.map(step => stepRow(step))}
        </ol>`,
  );
}

function stepRow({ number, title, mark, person }: ShownStep): TemplateResult {
  const [picture, words] = MARKS[mark];
  return html`<li class="flow-step flow-step-${mark}" aria-current=${mark === 'now' ? 'step' : nothing}>
    <span class="flow-step-mark"
      >${mark === 'due' ? html`<span class="number">${number}</span>` : icon(picture, 'small')}</span
    >
    <span class="flow-step-title">${title}</span>
    ${person ? html`<span class="flow-step-who">${icon('person', 'small')}<span class="hidden">for a person, </span></span>` : nothing}
    <span class="hidden">${words}</span>
  </li>`;
}

const TONES: Readonly<Record<Grade, Tone>> = { E3: 'good', E2: 'accent', E1: 'plain', E0: 'warn' };

export function gradeBadge(grade: Grade, by?: string): TemplateResult {
  return badge(gradeText(grade, by), TONES[grade], grade === 'E3' ? 'check' : grade === 'E1' ? 'person' : undefined);
}

function toldRow({ text, at, grade, by, kind }: Told): TemplateResult {
  return html`<li class="flow-told flow-told-${kind}">
    <time>${timeText(at)}</time>
    <span class="flow-told-text">${text} ${grade ? gradeBadge(grade, by) : nothing}</span>
  </li>`;
}

/** What the lock and the step say while a person acts; the newest is the one that counts. */
export function saidBeside(told: readonly Told[]): TemplateResult {
  const shown = told.slice(-3);
  return html`<div class="flow-said" role="log" aria-label="What comes in now">
    ${repeat(
      shown,
      each => each.number,
      (each, index) =>
        html`<p class=${index === shown.length - 1 ? 'flow-said-new' : ''}>
          ${icon(each.kind === 'notice' ? 'warning' : each.grade === 'E3' ? 'check' : 'nearby', 'small')}
          <span>${each.text}</span>
        </p>`,
    )}
  </div>`;
}

export function evidence(lines: readonly PublicLine[]): TemplateResult | typeof nothing {
  const told = toldOf(lines);
  if (told.length === 0) return nothing;
  return html`<details class="fold flow-evidence">
    <summary>What is known so far <span class="badge">${told.length}</span></summary>
    <ul class="list">
      ${repeat(told.toReversed(), each => each.number, toldRow)}
    </ul>
  </details>`;
}

/** How it ended, as a sign beside the words. */
export function endMark({ state }: Pick<FlowView, 'state'>): TemplateResult {
  const [picture, tone] =
    {
      succeeded: ['check', 'good'] as const,
      succeeded_with_residuals: ['warning', 'warn'] as const,
      aborted_clean: ['back', 'plain'] as const,
    }[state as string] ?? (['warning', 'bad'] as const);
  return html`<p class="flow-end-mark flow-end-${tone}" aria-hidden="true">${icon(picture, 'large')}</p>`;
}
