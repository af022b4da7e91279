// A virtual lock as a drawing: door, bolt, keypad, lamp. Everything in it is said in words below it.
import { html, svg, type TemplateResult } from 'lit';
import { type Looks, looksText } from './acts.ts';

const KEYS = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(n => ({ x: 92 + (n % 3) * 12, y: 50 + Math.floor(n / 3) * 12 }));

/** `lamp` blinks once with each beep. */
export function drawing(looks: Looks, lamp: 'off' | 'good' | 'bad'): TemplateResult {
  const text = looksText(looks);
  return html`<figure class="hand-figure">
    <svg
      class="hand-drawing ${classesOf(looks)} lamp-${lamp}"
      viewBox="0 -10 200 170"
      role="img"
      aria-label="The lock: ${text}"
    >
      ${looks.portable ? box() : door()}
    </svg>
    <figcaption class="hint">${text.slice(0, 1).toUpperCase()}${text.slice(1)}.</figcaption>
  </figure>`;
}

function classesOf({ bolt, door: leaf, awake, powered }: Looks): string {
  return [`bolt-${bolt}`, `leaf-${leaf}`, awake ? 'is-awake' : '', powered ? '' : 'is-dead'].filter(Boolean).join(' ');
}

function keypad(): unknown {
  return svg`<rect class="pad" x="82" y="26" width="44" height="86" rx="9"/>
    <circle class="lamp" cx="104" cy="37" r="4"/>
    ${KEYS.map(({ x, y }) => svg`<circle class="pad-key" cx=${x} cy=${y} r="3.6"/>`)}
    <circle class="knob" cx="104" cy="97" r="9"/><path class="knob-mark" d="M104 97v-7"/>`;
}

function door(): unknown {
  return svg`<rect class="frame" x="150" y="8" width="16" height="134" rx="2"/>
    <rect class="keep" x="150" y="60" width="10" height="20"/>
    <g class="leaf">
      <rect class="leaf-body" x="30" y="8" width="118" height="134" rx="3"/>
      <rect class="bolt" x="130" y="63" width="18" height="14" rx="2"/>
      ${keypad()}
    </g>`;
}

function box(): unknown {
  return svg`<path class="shackle" d="M84 28v-8a20 16 0 0 1 40 0v8" fill="none"/>
    <rect class="leaf-body" x="66" y="22" width="76" height="112" rx="10"/>${keypad()}`;
}
