// The buttons of a lock: closing by a tap, opening by press-and-hold.
import { html, nothing, type TemplateResult } from 'lit';
import type { LockView, Verb } from '../api.d.ts';
import type { Pending } from '../state/state.ts';
import { beginAt } from '../shell/routes.ts';
import { send } from '../state/commands.ts';
import { store } from '../state/store.ts';
import { takesCommands, VERBS } from '../text/lock-words.ts';
import { mayOperate } from '../text/role-words.ts';
import { icon } from './icon.ts';
import './hold-button.ts';

/** For a lock that is entered and was never paired. */
export function pairLink({ name }: LockView): TemplateResult {
  return html`<a class="button button-primary" href=${beginAt('repair', name, { reason: 'new_lock' })}>Pair it</a>`;
}

export function lockActions(lock: LockView, pending: Pending | undefined): TemplateResult | typeof nothing {
  const verbs = lock.abilities?.verbs ?? [];
  if (!mayOperate(store.state.session?.who?.role)) return nothing;
  if (verbs.length === 0 || !takesCommands(lock)) return nothing;
  const isOpen = lock.state.bolt === 'unlocked' || lock.state.bolt === 'unlatched';
  const opening = (verb: Verb): TemplateResult =>
    html`<lb-hold-button
      .label=${VERBS[verb]}
      .name=${`${VERBS[verb]} ${lock.name}`}
      .picture=${verb === 'unlock' ? 'unlocked' : 'unlatched'}
      .look=${isOpen || verb === 'unlatch' ? 'plain' : 'primary'}
      .disabled=${pending !== undefined}
      @act=${() => void send(lock, verb)}
    ></lb-hold-button>`;
  return html`<div class="lock-actions">
    ${
      verbs.includes('lock')
        ? html`<button
            type="button"
            class="button ${isOpen ? 'button-primary' : ''}"
            aria-label=${`Lock ${lock.name}`}
            ?disabled=${pending !== undefined}
            @click=${() => void send(lock, 'lock')}
          >
            ${icon('locked')}Lock
          </button>`
        : nothing
    }
    ${verbs.includes('unlock') ? opening('unlock') : nothing}
    ${verbs.includes('unlatch') ? opening('unlatch') : nothing}
  </div>`;
}
