// Which view belongs to an address; each is loaded when it is first wanted.
import { html, type TemplateResult } from 'lit';
import type { Route, ViewName } from './routes.ts';

const LOADERS: Readonly<Record<ViewName, () => Promise<unknown>>> = {
  home: () => import('../views/home/home.ts'),
  nearby: () => import('../views/nearby/nearby.ts'),
  lock: () => import('../views/lock/lock.ts'),
  flows: () => import('../views/flow/flows.ts'),
  flow: () => import('../views/flow/flow.ts'),
  begin: () => import('../views/begin/begin.ts'),
  hands: () => import('../views/hands/hands.ts'),
  system: () => import('../views/system/system.ts'),
  start: () => import('../views/start/start.ts'),
  login: () => import('../views/login/login.ts'),
  link: () => import('../views/login/login.ts'),
  unknown: () => import('../views/login/unknown.ts'),
};

export async function loadView(view: ViewName): Promise<void> {
  await LOADERS[view]();
}

/** Addresses with the same key are shown by the same element. */
export function keyOf({ view }: Route): string {
  return view === 'link' ? 'login' : view;
}

export function viewFor(route: Route): TemplateResult {
  switch (route.view) {
    case 'home':
      return html`<lb-home></lb-home>`;
    case 'nearby':
      return html`<lb-nearby></lb-nearby>`;
    case 'flows':
      return html`<lb-flows></lb-flows>`;
    case 'flow':
      return html`<lb-flow .flow=${route.flow}></lb-flow>`;
    case 'begin':
      return html`<lb-begin
        .type=${route.type}
        .lock=${route.lock}
        .reason=${route.reason}
        .lineage=${route.lineage}
      ></lb-begin>`;
    case 'hands':
      return html`<lb-hands></lb-hands>`;
    case 'lock':
      return html`<lb-lock .lock=${route.lock} .tab=${route.tab}></lb-lock>`;
    case 'system':
      return html`<lb-system .tab=${route.tab}></lb-system>`;
    case 'start':
      return html`<lb-start></lb-start>`;
    case 'link':
    case 'login':
      // One template for both: the element stays when the token leaves the address.
      return html`<lb-login .token=${route.view === 'link' ? route.token : undefined}></lb-login>`;
    case 'unknown':
      return html`<lb-unknown></lb-unknown>`;
  }
}

const TITLES: Readonly<Record<ViewName, string>> = {
  home: 'Home',
  nearby: 'Nearby',
  lock: 'Lock',
  flows: 'Flows',
  flow: 'Flow',
  begin: 'Start a flow',
  hands: 'Hands of the demo',
  system: 'System',
  start: 'First steps',
  login: 'Sign in',
  link: 'Sign in',
  unknown: 'Not here',
};

export function titleOf(route: Route): string {
  return route.view === 'lock' ? route.lock : TITLES[route.view];
}
