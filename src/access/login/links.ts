// One-time links: the first owner's, a way in for an account, and a flow on another device.
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import type { Secret } from '../../base/log.ts';
import type { Asker } from '../../lock/lock.ts';
import type { KeptLink, KeptLogin, LoginRole } from '../../lock/logins.ts';
import type { LoginGround } from './ground.ts';
import { hashOf, newKey } from './keys.ts';

/** Long enough to type it over, short enough for a screen that somebody else looks at. */
const LINK_MS = 15 * 60_000;

export interface MadeLink {
  token: Secret<string>;
  /** ms since the epoch. */
  expires: number;
}
export interface FlowLink {
  flow: string;
  role: LoginRole;
  login?: KeptLogin;
  /** How long the session lasts that it makes. */
  sessionMs: number;
}

export class Links {
  readonly #ground: LoginGround;

  constructor(ground: LoginGround) {
    this.#ground = ground;
  }

  /** For the first owner. */
  setup(by: Asker): MadeLink {
    return this.#make({ purpose: 'setup', role: 'owner' }, by, 'for the first owner');
  }

  login(login: KeptLogin, by: Asker): MadeLink {
    return this.#make({ purpose: 'login', role: login.role, login: login.id }, by, `for ${login.name}`);
  }

  /** It may be opened as long as its session would last. */
  flow({ flow, role, login, sessionMs }: FlowLink, by: Asker): MadeLink {
    const until = Math.round(this.#ground.clock.now()) + sessionMs;
    const link = { purpose: 'flow', role, flow, until, sessionUntil: until, ...given({ login: login?.id }) } as const;
    return this.#make(link, by, `for flow ${flow} as ${role}`);
  }

  /** Is there such a one; it stays good. */
  look(token: Secret<string>): KeptLink | undefined {
    const link = this.#ground.shelf.link(hashOf(token));
    return link && link.until > this.#ground.clock.now() ? link : undefined;
  }

  /** Uses it up. `unauthenticated` (reason `link`) for one that is used, too old or made up. */
  take(token: Secret<string>): KeptLink {
    const link = this.look(token);
    if (link && this.#ground.shelf.removeLink(link.hash)) return link;
    return this.refuse();
  }

  /** Throws `unauthenticated` (reason `link`). */
  refuse(): never {
    const text = 'This link was used already or is too old. Get a new one: latchbridge web link.';
    throw new LockError('unauthenticated', text, { reason: 'link' });
  }

  #make(link: Omit<KeptLink, 'hash' | 'until'> & { until?: number }, by: Asker, detail: string): MadeLink {
    const { shelf, clock, random, audit } = this.#ground;
    const now = Math.round(clock.now());
    const token = newKey(random);
    const until = link.until ?? now + LINK_MS;
    shelf.together(() => {
      shelf.tidy(now);
      shelf.addLink({ ...link, hash: hashOf(token), until });
    });
    audit.write({ what: 'link_made', via: by.via, who: by.who, detail });
    return { token, expires: until };
  }
}
