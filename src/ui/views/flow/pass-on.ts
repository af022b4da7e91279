// Another device or another person goes on with a flow: a one-time address as a QR code and as text.
import { html, type TemplateResult } from 'lit';
import type { FlowLink, FlowView } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { attempt } from '../../parts/toast.ts';
import { wordsOf } from '../../state/refusal.ts';
import { clockText as timeText } from '../../text/time.ts';
import { store } from '../../state/store.ts';
import { linkAddress, type Opened } from '../../text/link-address.ts';
import { linkTo } from './acting.ts';

const MINUTES = { me: 10, technician: 240 } as const;
type As = keyof typeof MINUTES;
interface Made extends Opened {
  link: FlowLink;
  /** Of the QR code, as a data address. */
  picture: string;
}

export async function passOn(view: FlowView): Promise<void> {
  let made: Made | undefined;
  let problem = '';
  await showDialog<never>({
    title: 'Go on elsewhere',
    body: handle => {
      const make = async (as: As): Promise<void> => {
        try {
          const link = await linkTo(view.id, as, MINUTES[as]);
          const opened = linkAddress(link, { here: location.href, way: store.state.session?.way });
          if (opened) made = { ...opened, link, picture: await pictureOf(opened.address) };
          problem = opened ? '' : 'No address of this page leads here from another device.';
        } catch (thrown) {
          // A message at the edge of the page would stand behind this dialog.
          problem = wordsOf(thrown);
        }
        handle.again();
      };
      return made ? shown(made) : choice(as => void make(as), problem);
    },
  });
}

function choice(make: (as: As) => void, problem: string): TemplateResult {
  return html`<p>The flow stays as it is; the other device goes on at the same step.</p>
    <div class="flow-pass">
      <button type="button" class="button button-big" @click=${() => make('me')}>On another device of mine</button>
      <p class="hint">Signed in as you, once, within 10 minutes.</p>
      <button type="button" class="button button-big" @click=${() => make('technician')}>
        By somebody at the door
      </button>
      <p class="hint">
        Opens this flow and nothing else, for 4 hours. They can do the work; they cannot confirm that something is
        erased.
      </p>
    </div>
    <p class="flow-problem" role="alert" ?hidden=${problem === ''}>${problem}</p>`;
}

function shown(made: Made): TemplateResult {
  const once = `It works once, until ${timeText(made.link.expires)}.`;
  return html`${
      made.onlyHere
        ? notice({
            tone: 'warn',
            text: `No other device reaches this address: set http.host in latchbridge.yaml to an address of this machine. ${once}`,
          })
        : html`<p>Point the other device’s camera at this, or send the address. ${once}</p>
            <img class="flow-qr" src=${made.picture} alt="QR code of the address below" width="240" height="240" />`
    }
    <div class="field">
      <label for="pass-address">${made.onlyHere ? 'The address' : 'The same as an address'}</label>
      <input
        id="pass-address"
        readonly
        .value=${made.address}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
      />
    </div>
    <button
      type="button"
      class="button"
      @click=${() => void attempt(() => navigator.clipboard.writeText(made.address), 'Copied.')}
    >
      Copy the address
    </button>`;
}

/** As a picture of its own: dark on white in every theme, as cameras want it. */
async function pictureOf(address: string): Promise<string> {
  const { renderSVG } = await import('uqr');
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(address, { border: 3 }))}`;
}
