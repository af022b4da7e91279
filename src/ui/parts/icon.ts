// The icons: our own drawings on a grid of 24, strokes that take the colour of the text. They never stand for words alone.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const shackle = svg`<path d="M7.5 11V8.2a4.5 4.5 0 0 1 9 0V11"/>`;
const body = svg`<rect x="4.8" y="11" width="14.4" height="9.2" rx="2.6"/>`;

const DRAWINGS = {
  locked: svg`${shackle}${body}<path d="M12 14.4v2.4"/>`,
  unlocked: svg`<path d="M7.5 11V7.4a4.5 4.5 0 0 1 8.5-2.1"/>${body}<path d="M12 14.4v2.4"/>`,
  unlatched: svg`<path d="M13.5 4H7.6A1.6 1.6 0 0 0 6 5.6v12.8A1.6 1.6 0 0 0 7.6 20h5.9"/><path d="M10.5 12H21m-3.6-3.6L21 12l-3.6 3.6"/>`,
  moving: svg`<path d="M20 12a8 8 0 1 1-2.4-5.7"/><path d="M20 3.6v4h-4"/>`,
  jammed: svg`<path d="M12 4.2 21 19.6H3z"/><path d="M12 10v4.2m0 2.6v.1"/>`,
  unknown: svg`<circle cx="12" cy="12" r="8.4"/><path d="M9.6 9.7a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1.1.9-1.1 1.7m0 2.5v.1"/>`,
  door_open: svg`<path d="M4 20h16M6.5 20V5.4A1.4 1.4 0 0 1 7.9 4h3.6"/><path d="m11.5 4 5.2 2.1a1.3 1.3 0 0 1 .8 1.2V20h-6z"/><path d="M14 12.4v.1"/>`,
  door_closed: svg`<path d="M4 20h16"/><path d="M6.8 20V5.4A1.4 1.4 0 0 1 8.2 4h7.6a1.4 1.4 0 0 1 1.4 1.4V20"/><path d="M14 12.2v.1"/>`,
  battery: svg`<rect x="3" y="7.5" width="16" height="9" rx="2.2"/><path d="M21.4 10.6v2.8"/>`,
  signal: svg`<path d="M5 19v-3m4.7 3v-6.4m4.6 6.4V9m4.7 10V5"/>`,
  link: svg`<path d="M9.5 14.5 14.5 9.5"/><path d="m11 7 1.6-1.6a4 4 0 0 1 5.8 5.7L16.8 13M13 17l-1.6 1.6a4 4 0 0 1-5.8-5.7L7.2 11"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.4"/><path d="M12 7.4V12l3 2"/>`,
  person: svg`<circle cx="12" cy="8.2" r="3.7"/><path d="M4.8 20c.7-3.9 3.4-5.9 7.2-5.9s6.5 2 7.2 5.9"/>`,
  home: svg`<path d="m4 11 8-6.6 8 6.6"/><path d="M6 9.6V18.6A1.4 1.4 0 0 0 7.4 20h9.2a1.4 1.4 0 0 0 1.4-1.4V9.6"/><path d="M10 20v-5h4v5"/>`,
  nearby: svg`<circle cx="12" cy="12" r="1.6"/><path d="M8.3 15.7a5.2 5.2 0 0 1 0-7.4m7.4 0a5.2 5.2 0 0 1 0 7.4M5.4 18.6a9.3 9.3 0 0 1 0-13.2m13.2 0a9.3 9.3 0 0 1 0 13.2"/>`,
  flows: svg`<circle cx="6" cy="6" r="2.2"/><circle cx="18" cy="18" r="2.2"/><path d="M8.2 6h6.3a3 3 0 0 1 0 6h-5a3 3 0 0 0 0 6h6.3"/>`,
  system: svg`<path d="M4 7.5h9m4.5 0H20M4 16.5h2.5m4.5 0h9"/><circle cx="15.2" cy="7.5" r="2.2"/><circle cx="8.8" cy="16.5" r="2.2"/>`,
  card: svg`<rect x="3.2" y="5.8" width="17.6" height="12.4" rx="2.4"/><path d="M3.2 10h17.6M7 14.6h3"/>`,
  finger: svg`<path d="M6 10.5a6 6 0 0 1 12 0v2.3M8.6 18.6A10 10 0 0 0 9 15v-4.3a3 3 0 0 1 6 0V14c0 2.2-.3 4-1 5.8M12 11v4a14 14 0 0 1-.9 5M6 14v1"/>`,
  code: svg`<path d="M6 7v.1M12 7v.1M18 7v.1M6 12v.1m6-.1v.1m6-.1v.1M12 17v.1" class="dots"/>`,
  key: svg`<circle cx="8" cy="15.5" r="4"/><path d="m10.9 12.7 8-8M15.5 8l2.8 2.8"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  check: svg`<path d="m5 12.6 4.6 4.6L19 7.6"/>`,
  warning: svg`<path d="M12 4.2 21 19.6H3z"/><path d="M12 10v4.2m0 2.6v.1"/>`,
  info: svg`<circle cx="12" cy="12" r="8.4"/><path d="M12 11v5m0-8.2v.1"/>`,
  back: svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`,
  forward: svg`<path d="M9.5 5.5 16 12l-6.5 6.5"/>`,
  trash: svg`<path d="M4.5 7h15M9.5 7V4.8h5V7M6.5 7l.9 12.2h9.2L17.5 7M10.3 11v4.6m3.4-4.6v4.6"/>`,
  phone: svg`<rect x="7" y="3" width="10" height="18" rx="2.4"/><path d="M11 17.8h2"/>`,
  search: svg`<circle cx="11" cy="11" r="6.2"/><path d="m15.6 15.6 4.4 4.4"/>`,
  refresh: svg`<path d="M20 12a8 8 0 1 1-2.4-5.7"/><path d="M20 3.6v4h-4"/>`,
  download: svg`<path d="M12 4v11m-4.2-4.2L12 15l4.2-4.2M5 19.5h14"/>`,
  upload: svg`<path d="M12 15V4m-4.2 4.2L12 4l4.2 4.2M5 19.5h14"/>`,
  offline: svg`<path d="M4 4l16 16M8.5 15.5a5 5 0 0 1 7 0M5.5 12.3a9.3 9.3 0 0 1 4-2.3m4.2-.1a9.3 9.3 0 0 1 4.8 2.4M12 19v.1"/>`,
  sun: svg`<circle cx="12" cy="12" r="3.8"/><path d="M12 3v2m0 14v2m9-9h-2M5 12H3m15.4-6.4L17 7M7 17l-1.4 1.4m12.8 0L17 17M7 7 5.6 5.6"/>`,
  moon: svg`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,
  pause: svg`<path d="M9 6v12m6-12v12"/>`,
  play: svg`<path d="M8 5.5v13l10.5-6.5z"/>`,
  exit: svg`<path d="M13.5 4H7.6A1.6 1.6 0 0 0 6 5.6v12.8A1.6 1.6 0 0 0 7.6 20h5.9M10.5 12H21m-3.6-3.6L21 12l-3.6 3.6"/>`,
} satisfies Readonly<Record<string, SVGTemplateResult>>;

export type IconName = keyof typeof DRAWINGS;

/** `size`: small beside text, usual in buttons, large as the subject of a card. */
export function icon(name: IconName, size: 'small' | 'usual' | 'large' = 'usual'): TemplateResult {
  return html`<svg class="icon icon-${size}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${DRAWINGS[name]}
  </svg>`;
}
