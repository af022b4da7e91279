// Sessions, logins, links and tokens, as the API shows them: never a hash, and what opens something only in the moment it is made.
import { z } from 'zod';
import type { LoginRole, TokenRole } from '../../../lock/logins.ts';
import type { ApiTokenView } from '../api-token-routes.ts';
import type { FlowLink } from '../link-routes.ts';
import type { LoginView } from '../login-routes.ts';
import type { OwnSession } from '../own-routes.ts';
import type { SessionView } from '../reception.ts';
import { role } from './flow-shapes.ts';
import { at, shape } from './shape.ts';

export const loginRole = shape<LoginRole>('LoginRole')(z.enum(['owner', 'manager', 'technician', 'viewer']));
export const tokenRole = shape<TokenRole>('TokenRole')(z.enum(['owner', 'manager', 'automation', 'viewer']));

export const sessionView = shape<SessionView>('Session')(
  z.strictObject({
    version: z.string(),
    demo: z.boolean(),
    way: z.enum(['login', 'ingress', 'none']).describe('How somebody comes in here.'),
    state: z.enum(['setup', 'login', 'in']).describe('setup: there is no owner yet. login: nobody is logged in.'),
    who: z.strictObject({ id: z.string(), name: z.string(), role }).exactOptional(),
    csrf: z.string().exactOptional().describe('To be sent back as x-latchbridge-csrf with everything but GET.'),
    proved: z.boolean().exactOptional().describe('No password is asked for now.'),
    scope: z.strictObject({ flow: z.string() }).exactOptional().describe('What a link was for.'),
  }),
);

export const loginView = shape<LoginView>('LoginView')(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    role: loginRole,
    password: z.boolean().describe('Whether there is one.'),
    home_assistant: z.string().exactOptional().describe('The id of the user of Home Assistant that this is.'),
    units: z.array(z.string()).exactOptional().describe('Of a technician.'),
    from: at.exactOptional(),
    until: at.exactOptional(),
    made: at,
    seen: at.exactOptional().describe('When a browser of theirs was here last.'),
  }),
);
export const strangers = z.array(z.strictObject({ home_assistant: z.string(), name: z.string() }));

export const ownSession = shape<OwnSession>('OwnSession')(
  z.strictObject({
    id: z.string(),
    device: z.string(),
    made: at,
    seen: at,
    ends: at,
    this: z.boolean().describe('The one that asks.'),
  }),
);

export const apiTokenView = shape<ApiTokenView>('ApiTokenView')(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    role: tokenRole,
    looks: z.boolean().describe('Looks and changes nothing.'),
    locks: z.array(z.string()).exactOptional().describe('Ids of the locks that it reaches; absent: all.'),
    made: at,
    made_by: z.string(),
    used: at.exactOptional(),
    until: at.exactOptional(),
  }),
);

const linkUrls = z.array(z.string()).describe('The link under each address of the page.');
const secretOnce = z.string().describe('Shown this once.');
export const madeToken = apiTokenView.extend({ token: secretOnce });
export const madeLink = z.strictObject({
  purpose: z.enum(['setup', 'login']),
  name: z.string().exactOptional().describe('Of the login that it lets in.'),
  token: secretOnce,
  expires: at,
  urls: linkUrls,
});
export const flowLink = shape<FlowLink>('FlowLink')(z.strictObject({ token: secretOnce, expires: at, urls: linkUrls }));
