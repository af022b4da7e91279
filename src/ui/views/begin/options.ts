// The options of a flow, each in words that say what comes of it.
import { html, nothing, type TemplateResult } from 'lit';
import type { CredentialView } from '../../api.d.ts';
import { field, toggle } from '../../parts/field.ts';
import type { Wish } from './reasons.ts';

type Change = (some: Partial<Wish>) => void;

export function options(wish: Wish, codes: readonly CredentialView[], change: Change): TemplateResult {
  return html`${wish.type === 'turnover' ? stay(wish, change) : nothing}
    ${(wish.type === 'turnover' || wish.type === 'rekey') && codes.length > 0 ? kept(wish, codes, change) : nothing}
    ${wish.type === 'unpair' ? unpairing(wish, change) : nothing}
    ${wish.type === 'repair' && wish.lock === '' ? named(wish, change) : nothing}
    <details class="fold plan-more">
      <summary>More options</summary>
      <div class="stack">
        ${field({
          label: 'It must be finished by',
          name: 'deadline',
          type: 'datetime-local',
          value: wish.deadline,
          hint: 'In time before it somebody is called to the door.',
          changed: deadline => change({ deadline }),
        })}
        ${toggle({
          label: 'Ask little',
          name: 'brief',
          on: wish.brief,
          hint: 'What only a person knows is stated all at once, with the last confirmation.',
          changed: brief => change({ brief }),
        })}
      </div>
    </details>`;
}

function stay(wish: Wish, change: Change): TemplateResult {
  return html`<div class="columns">
    ${field({
      label: 'The guest leaves',
      name: 'checkout',
      type: 'datetime-local',
      value: wish.checkout,
      hint: 'Empty: has left already.',
      changed: checkout => change({ checkout }),
    })}
    ${field({
      label: 'The next one comes',
      name: 'next-checkin',
      type: 'datetime-local',
      value: wish.nextCheckin,
      hint: 'Empty: not known yet.',
      changed: nextCheckin => change({ nextCheckin }),
    })}
  </div>`;
}

function kept(wish: Wish, codes: readonly CredentialView[], change: Change): TemplateResult {
  return html`<fieldset>
    <legend>Codes that stay</legend>
    ${codes.map(({ slot, person }) =>
      toggle({
        label: person?.name ?? `Code ${slot}`,
        name: `keep-${slot}`,
        on: wish.keep.includes(slot),
        changed: on => change({ keep: on ? [...wish.keep, slot] : wish.keep.filter(each => each !== slot) }),
      }),
    )}
    <p class="hint">They go on opening the door, and stand in the record as kept.</p>
  </fieldset>`;
}

function unpairing(wish: Wish, change: Change): TemplateResult {
  return html`<fieldset>
    <legend>And then?</legend>
    ${toggle({
      label: 'Pair it again at once',
      name: 'again',
      on: wish.again && !wish.remove && !wish.forgetOnly,
      disabled: wish.remove || wish.forgetOnly,
      hint: 'It keeps its name, its unit and its place in other systems.',
      changed: again => change({ again }),
    })}
    ${toggle({
      label: 'Forget its name here too',
      name: 'remove',
      on: wish.remove,
      hint: 'Its name, topics and history go. Otherwise they wait for it to be paired again.',
      changed: remove => change({ remove }),
    })}
    ${toggle({
      label: 'The lock is dead or gone',
      name: 'forget-only',
      on: wish.forgetOnly,
      hint: 'Nothing is sent to it: it forgets nothing, and every code on it goes on opening it.',
      changed: forgetOnly => change({ forgetOnly }),
    })}
  </fieldset>`;
}

function named(wish: Wish, change: Change): TemplateResult {
  return html`<div class="columns">
    ${field({ label: 'Its name', name: 'name', value: wish.name, longest: 64, changed: name => change({ name }) })}
    ${field({
      label: 'Flat or property',
      name: 'unit',
      value: wish.unit,
      longest: 64,
      changed: unit => change({ unit }),
    })}
  </div>`;
}
