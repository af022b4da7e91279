// A plan before anything happens: what comes of it, what is lost, what to bring, how long, and each step for who wants them.
import { html, nothing, type TemplateResult } from 'lit';
import type { Plan } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { icon, type IconName } from '../../parts/icon.ts';
import { stretchesOf, type ShownStretch } from '../flow/steps.ts';

/** More of them are opened by who wants to read them. */
const NOTES_SHOWN = 2;

export function planView(plan: Plan): TemplateResult {
  const { goal, whyNotLess, lost, bring, exposure, restore, procedure } = plan;
  const minutes = Math.round(exposure.limitSeconds / 60);
  return html`<article class="plan" aria-labelledby="plan-title">
    <p class="flow-eyebrow">The plan. Nothing has begun.</p>
    <h2 id="plan-title" class="plan-goal">${goal}</h2>
    <div class="badges">
      ${badge(`About ${plan.minutes} min`, 'plain', 'clock')} ${badge(peopleText(plan), 'plain', 'person')}
      ${lost.length === 0 ? badge('Nothing is erased', 'good', 'check') : badge('Erases', 'bad', 'warning')}
    </div>
    <p class="lead">${whyNotLess}</p>
    ${list('This will be lost', lost, 'close', 'plan-lost')} ${list('Have at hand', bring, 'check', 'plan-bring')}
    ${
      exposure.limitSeconds > 0 && lost.length > 0
        ? notice({
            tone: 'warn',
            title: 'In between',
            text: `Once it is erased ${exposure.what}, for at most ${minutes} min until that is closed again.`,
          })
        : nothing
    }
    ${restore === 'forbidden' && lost.length > 0 ? html`<p>What is erased is not put back.</p>` : nothing}
    ${procedure.sure ? nothing : notice({ tone: 'warn', text: `How this model is reset is not known surely (${procedure.title}). Have its manual at hand: you are asked.` })}
    ${notes(plan.notes.map(({ text }) => text))} ${steps(plan)}
  </article>`;
}

function peopleText({ humanSteps }: Plan): string {
  if (humanSteps === 0) return 'Nobody is needed';
  return `${humanSteps} step${humanSteps === 1 ? '' : 's'} for a person`;
}

function list(
  title: string,
  lines: readonly string[],
  picture: IconName,
  style: string,
): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<section class=${style}>
    <h3>${title}</h3>
    <ul class="plan-list">
      ${lines.map(line => html`<li>${icon(picture, 'small')}<span>${line.slice(0, 1).toUpperCase()}${line.slice(1)}</span></li>`)}
    </ul>
  </section>`;
}

function notes(all: readonly string[]): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const rest = all.slice(NOTES_SHOWN);
  return html`<section>
    <h3>Good to know</h3>
    <ul class="flow-bullets">
      ${all.slice(0, NOTES_SHOWN).map(text => html`<li>${text}</li>`)}
    </ul>
    ${
      rest.length === 0
        ? nothing
        : html`<details class="fold plan-more">
            <summary>${rest.length} more</summary>
            <ul class="flow-bullets">
              ${rest.map(text => html`<li>${text}</li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

function steps({ steps: all }: Plan): TemplateResult {
  return html`<section>
    <h3>All ${all.length} steps</h3>
    ${stretchesOf(all).map(stretchView)}
  </section>`;
}

function stretchView({ stretch, title, steps: those }: ShownStretch): TemplateResult {
  const people = those.filter(step => step.person).length;
  const first = those[0]?.number ?? 1;
  const last = those.at(-1)?.number ?? first;
  return html`<details class="fold plan-stretch plan-stretch-${stretch}">
    <summary>
      <span class="plan-stretch-title">${title}</span>
      <span class="row-more"
        >${first === last ? `step ${first}` : `steps ${first} to ${last}`}${people > 0 ? `, ${people} for a person` : ''}</span
      >
    </summary>
    <ol class="plan-steps" start=${first}>
      ${those.map(
        ({ title: name, text, person, number }) =>
          html`<li value=${number}>
            <details class="fold">
              <summary>${name} ${person ? badge('person', 'accent', 'person') : nothing}</summary>
              <p>${text}</p>
            </details>
          </li>`,
      )}
    </ol>
  </details>`;
}
