// What the routes of logins give, as long as the description of the API does not name it.
import type { Role } from './api.d.ts';

/** GET api/session; also the answer to setup, login and link. */
export interface Session {
  version: string;
  demo: boolean;
  way: 'login' | 'ingress' | 'none';
  state: 'setup' | 'login' | 'in';
  who?: { id: string; name: string; role: Role };
  csrf?: string;
  proved?: boolean;
  scope?: { flow: string };
}
export interface LoginView {
  id: string;
  name: string;
  role: Role;
  madeAt?: number;
  lastSeen?: number;
}
export interface ApiTokenView {
  id: string;
  name: string;
  role: Role;
  madeAt?: number;
  lastUsed?: number;
  expires?: number;
}
