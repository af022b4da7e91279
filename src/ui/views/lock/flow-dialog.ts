// Asks why, and what else a flow needs to know, then starts it and goes to its page.
import { html, nothing, type TemplateResult } from 'lit';
import type { CredentialView, FlowType, FlowView, LockView } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { choice, field, toggle } from '../../parts/field.ts';
import { flowAt } from '../../shell/routes.ts';
import { get, post, segment } from '../../state/api.ts';
import { Refusal } from '../../state/refusal.ts';
import { withFlow } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { FLOW_NAMES, REASON_WORDS } from '../../text/flow-words.ts';
import { wrong } from './credential-dialog.ts';
import { titleOf } from './credentials.ts';
import { ABOUT, REASONS_OF, requestOf } from './flow-request.ts';

/** These cannot be undone: the name has to be typed. */
const TYPED: readonly FlowType[] = ['reset', 'unpair'];

export async function startFlowDialog(lock: LockView, type: FlowType): Promise<void> {
  const codes = type === 'turnover' ? await codesOf(lock) : [];
  let rule: string | undefined;
  const flow = await showDialog<FlowView>({
    title: `${FLOW_NAMES[type]}: ${lock.name}`,
    submit: TYPED.includes(type) ? 'Begin' : 'Begin',
    danger: TYPED.includes(type),
    body: () =>
      html`<p>${ABOUT[type]}</p>
        ${choice({
          label: 'Why?',
          name: 'reason',
          options: REASONS_OF[type].map(reason => [reason, REASON_WORDS[reason]] as const),
          hint: 'It decides how much is erased, and stands in the record.',
        })}
        ${field({ label: 'Note', name: 'note', longest: 400, hint: 'May stay empty.' })}
        ${type === 'turnover' ? turnover(codes) : nothing} ${type === 'unpair' ? unpair() : nothing}
        ${TYPED.includes(type) ? typedName(lock) : nothing} ${rule === undefined ? nothing : override(rule)}
        ${
          type === 'diagnose'
            ? nothing
            : toggle({
                label: 'Show me the plan first',
                name: 'plan_only',
                on: false,
                hint: 'Nothing runs until you say so on its page.',
              })
        }`,
    taken: async ({ typed, ...fields }) => {
      if (TYPED.includes(type) && typed?.trim() !== lock.name)
        throw wrong(`Type the name of the lock, ${lock.name}, to show that you mean this one.`);
      try {
        return await post<FlowView>('api/flows', requestOf(type, lock.id, fields));
      } catch (thrown) {
        if (thrown instanceof Refusal && /^R\d\d$/.test(thrown.reason)) rule = thrown.reason;
        throw thrown;
      }
    },
  });
  if (!flow) return;
  store.change(state => withFlow(state, flow));
  location.hash = flowAt(flow.id);
}

async function codesOf(lock: LockView): Promise<readonly CredentialView[]> {
  if (!lock.abilities?.codes) return [];
  const path = `api/locks/${segment(lock.id)}/codes`;
  return get<{ codes: readonly CredentialView[] }>(path).then(
    ({ codes }) => codes,
    () => [],
  );
}

function turnover(codes: readonly CredentialView[]): TemplateResult {
  return html`<div class="columns">
      ${field({ label: 'Leaves at', name: 'checkout', type: 'datetime-local', hint: 'Empty: has left' })}
      ${field({ label: 'Next one comes at', name: 'next_checkin', type: 'datetime-local', hint: 'May stay empty' })}
    </div>
    ${
      codes.length === 0
        ? nothing
        : html`<fieldset class="stack stack-tight">
            <legend>Codes that stay</legend>
            ${codes.map(code => toggle({ label: titleOf(code), name: `keep-${code.slot}`, on: false, hint: `Slot ${code.slot}` }))}
          </fieldset>`
    }`;
}

function unpair(): TemplateResult {
  return html`${toggle({
    label: 'Also forget its name and topics here',
    name: 'remove',
    on: false,
  })}
  ${toggle({
    label: 'The lock is dead or gone',
    name: 'forget_only',
    on: false,
    hint: 'It is forgotten here only. If it still lives, its old codes and keys go on opening it.',
  })}`;
}

function typedName(lock: LockView): TemplateResult {
  return field({
    label: `Type ${lock.name} to confirm`,
    name: 'typed',
    required: true,
    hint: 'So that it is not the wrong door.',
  });
}

function override(rule: string): TemplateResult {
  return html`${notice({
    tone: 'warn',
    text: `Rule ${rule} speaks against it. An owner may go on all the same, in a sentence that is kept in the record.`,
  })}
  ${field({ label: 'I do it all the same, because …', name: `override-${rule}`, longest: 400 })}`;
}
