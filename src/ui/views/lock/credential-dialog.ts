// The forms for a code, a card or a fingerprint: whose it is, and when it opens.
import { html, nothing, type TemplateResult } from 'lit';
import type { CredentialView, LockView } from '../../api.d.ts';
import { showDialog } from '../../parts/dialog.ts';
import { choice, field } from '../../parts/field.ts';
import { put, segment } from '../../state/api.ts';
import { Refusal } from '../../state/refusal.ts';
import { inputOf } from '../../text/time.ts';
import { DAYS, type Kind, KIND_WORDS, type Terms, termsOf } from './credentials.ts';

export function wrong(detail: string): Refusal {
  return new Refusal({ status: 0, code: 'invalid', reason: 'form', title: 'Not yet', detail, acted: 'no' });
}

/** Throws what is wrong with the fields, in words. */
export function takeTerms(fields: Readonly<Record<string, string>>): Terms {
  const taken = termsOf(fields);
  if ('problem' in taken) throw wrong(taken.problem);
  return taken.terms;
}

function digitsText({ minDigits, maxDigits }: { minDigits: number; maxDigits: number }): string {
  return minDigits === maxDigits ? `${minDigits} digits.` : `${minDigits} to ${maxDigits} digits.`;
}

const CODE_KINDS = [
  ['permanent', 'Always'],
  ['period', 'From one moment to another'],
  ['once', 'Once'],
] as const;
const WEEKLY = ['cyclic', 'On some days of the week'] as const;

/** A code for a free slot, or other digits for the one that has it. */
export async function codeDialog(lock: LockView, slot: number, known?: CredentialView): Promise<boolean> {
  const { codes } = lock.abilities ?? {};
  if (!codes) return false;
  const able = CODE_KINDS.filter(([kind]) => codes.kinds.includes(kind));
  const kinds = codes.weekly === true ? [...able, WEEKLY] : able;
  let kind: string = known?.codeKind ?? 'permanent';
  const set = await showDialog<boolean>({
    title: known ? `Change code ${slot}` : 'New code',
    submit: known ? 'Change it on the lock' : 'Put it on the lock',
    body: handle =>
      html`${field({ label: 'Whose is it?', name: 'person', longest: 64, value: known?.person?.name ?? '', autofocus: true })}
      ${field({
        label: known ? 'New digits' : 'Digits',
        name: 'digits',
        required: true,
        inputmode: 'numeric',
        pattern: `[${codes.rule?.digits ?? '0-9'}]{${codes.minDigits},${codes.maxDigits}}`,
        hint: `${codes.rule?.text ?? digitsText(codes)} They are never shown again.`,
      })}
      ${choice({
        label: 'When does it open?',
        name: 'kind',
        value: kind,
        options: kinds,
        changed: value => {
          kind = value;
          handle.again();
        },
      })}
      ${kind === 'cyclic' ? week(known, 'Mark the days. Without hours it opens all day.') : nothing}
      ${kind === 'permanent' ? nothing : times(known)}`,
    taken: async ({ digits, kind: wanted, ...rest }) => {
      const terms = takeTerms(rest);
      if (wanted === 'period' && terms.until === undefined) throw wrong('Say until when it opens.');
      if (wanted === 'cyclic' && !terms.weekly) throw wrong('Mark the days of the week on which it opens.');
      await put(`api/locks/${segment(lock.id)}/codes/${slot}`, { digits, kind: wanted, ...terms });
      return true;
    },
  });
  return set === true;
}

/** When a card or fingerprint on the lock opens. */
export async function termsDialog(lock: LockView, credential: CredentialView): Promise<boolean> {
  const { kind, slot } = credential;
  const set = await showDialog<boolean>({
    title: `${KIND_WORDS[kind].one} ${slot}`,
    submit: 'Save on the lock',
    body: () =>
      html`${field({ label: 'Whose is it?', name: 'person', longest: 64, value: credential.person?.name ?? '' })}
      ${terms(lock, kind, credential)}`,
    taken: async fields => {
      await put(`api/locks/${segment(lock.id)}/${kind}s/${slot}`, takeTerms(fields));
      return true;
    },
  });
  return set === true;
}

export function terms(lock: LockView, kind: Kind, known?: CredentialView): TemplateResult {
  const weekly = kind === 'card' ? lock.abilities?.cards?.weekly : lock.abilities?.fingers?.weekly;
  return html`${times(known)} ${weekly === true ? week(known, 'None marked: on every day, at any time.') : nothing}`;
}

function times(known?: CredentialView): TemplateResult {
  const at = (moment?: number): string => (moment === undefined ? '' : inputOf(moment));
  return html`<div class="columns">
    ${field({ label: 'From', name: 'from', type: 'datetime-local', value: at(known?.from), hint: 'Empty: at once' })}
    ${field({ label: 'Until', name: 'until', type: 'datetime-local', value: at(known?.until), hint: 'Empty: for good' })}
  </div>`;
}

function week(known: CredentialView | undefined, hint: string): TemplateResult {
  const windows = known?.weekly ?? [];
  const first = windows[0];
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return html`<fieldset class="stack stack-tight">
    <legend>Only on these days of the week</legend>
    <div class="segments days">
      ${DAYS.map(
        (name, index) =>
          html`<label
            ><input
              type="checkbox"
              name="day-${index + 1}"
              aria-label=${name}
              .checked=${windows.some(({ day }) => day === index + 1)}
            /><span aria-hidden="true">${name.slice(0, 2)}</span></label
          >`,
      )}
    </div>
    <p class="hint">${hint}</p>
    <div class="columns">
      ${field({ label: 'Each day from', name: 'hours-from', type: 'time', value: first ? clock(first.startMinute) : '' })}
      ${field({ label: 'Each day until', name: 'hours-until', type: 'time', value: first && first.endMinute < 1440 ? clock(first.endMinute) : '' })}
    </div>
  </fieldset>`;
}
