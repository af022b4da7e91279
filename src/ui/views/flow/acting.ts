// What a person does to a flow, as requests; each answer is the newest view and goes into the store.
import type { FlowLink, FlowView, PublicLine } from '../../api.d.ts';
import { get, post, segment } from '../../state/api.ts';
import { Refusal } from '../../state/refusal.ts';
import { withFlow } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { Drafts } from './drafts.ts';

const path = (flow: string, act = ''): string => `api/flows/${segment(flow)}${act === '' ? '' : `/${act}`}`;

function keep(view: Promise<FlowView>): Promise<FlowView> {
  return store.take(view, withFlow);
}

export function look(flow: string): Promise<FlowView> {
  return keep(get<FlowView>(path(flow)));
}

export async function linesOf(flow: string): Promise<readonly PublicLine[]> {
  return (await get<{ lines: PublicLine[] }>(path(flow, 'lines'))).lines;
}

export interface Said {
  prompt: string;
  answer: string;
  challenge?: string;
}
/** A question that was answered elsewhere, or that the lock has answered, is no error: the flow has gone on. */
export async function answer(flow: string, said: Said): Promise<void> {
  try {
    await keep(post<FlowView>(path(flow, 'answer'), said));
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.reason !== 'expired') throw thrown;
    await look(flow);
  }
}

export async function steer(flow: string, act: 'pause' | 'resume' | 'cancel'): Promise<void> {
  await keep(post<FlowView>(path(flow, act)));
}

export async function handOver(flow: string, to: string): Promise<void> {
  await keep(post<FlowView>(path(flow, 'hand_over'), { to }));
}

export async function comment(flow: string, text: string): Promise<void> {
  await keep(post<FlowView>(path(flow, 'comment'), { text }));
}

export function linkTo(flow: string, as: 'me' | 'technician', minutes: number): Promise<FlowLink> {
  return post<FlowLink>(path(flow, 'link'), { as, minutes });
}

function shelf(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
export const drafts = new Drafts(shelf());
