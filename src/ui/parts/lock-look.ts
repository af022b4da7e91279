// How a lock stands, at a glance: bolt with icon, word and colour, who says so, and the small signs below.
import { html, nothing, type TemplateResult } from 'lit';
import type { LockView } from '../api.d.ts';
import type { Pending } from '../state/state.ts';
import { boltLook, sessionText, trustText } from '../text/lock-words.ts';
import { icon } from './icon.ts';
import './ago.ts';
import './signal.ts';

export function boltSign(lock: LockView, pending: Pending | undefined): TemplateResult {
  const { state } = lock;
  const look = boltLook(state, pending?.verb);
  return html`<div class="bolt bolt-${look.tone} bolt-${look.icon}">
    <span class="bolt-icon">${icon(look.icon, 'large')}</span>
    <div class="bolt-text">
      <strong class="bolt-word">${look.word}</strong>
      <span class="bolt-trust"
        >${pending ? 'Waiting for the lock’s answer' : trustText(lock)}${
          pending || state.bolt === 'unknown' ? nothing : html`, <lb-ago .at=${state.at}></lb-ago>`
        }</span
      >
    </div>
  </div>`;
}

export function lockSigns(lock: LockView): TemplateResult {
  const { state } = lock;
  return html`<ul class="signs">
    ${
      state.door === undefined
        ? nothing
        : html`<li>${icon(state.door === 'open' ? 'door_open' : 'door_closed', 'small')}Door ${state.door}</li>`
    }
    ${state.battery === undefined ? nothing : html`<li>${batteryIcon(state.battery)}Battery ${state.battery} %</li>`}
    ${lock.rssi === undefined ? nothing : html`<li><lb-signal class="sign" .rssi=${lock.rssi}></lb-signal></li>`}
    <li>${icon('link', 'small')}${sessionText(lock)}</li>
  </ul>`;
}

function batteryIcon(percent: number): TemplateResult {
  return html`<svg class="icon icon-small battery" viewBox="0 0 24 24" aria-hidden="true">
    <rect x="3" y="7.5" width="16" height="9" rx="2.2" />
    <path d="M21.4 10.6v2.8" />
    <rect
      class="battery-fill"
      x="5"
      y="9.5"
      width=${Math.max(1, (12 * Math.min(100, percent)) / 100)}
      height="5"
      rx="1"
    />
  </svg>`;
}
