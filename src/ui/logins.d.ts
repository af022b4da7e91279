// What the routes of logins give, as long as the description of the API does not name it.
import type { Role } from './api.d.ts';

export interface LoginView {
  id: string;
  name: string;
  role: Role;
  /** Whether there is one. */
  password: boolean;
  home_assistant?: string;
  units?: readonly string[];
  from?: number;
  until?: number;
  made: number;
  seen?: number;
}
/** A browser in which one is signed in. */
export interface OwnSession {
  id: string;
  device: string;
  made: number;
  seen: number;
  ends: number;
  this: boolean;
}
export interface ApiTokenView {
  id: string;
  name: string;
  role: Role;
  looks: boolean;
  /** Ids; absent: all. */
  locks?: readonly string[];
  made: number;
  made_by: string;
  used?: number;
  until?: number;
}
