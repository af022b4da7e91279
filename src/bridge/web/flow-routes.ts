// Flows: start, look at, answer and stop them. The engine itself checks who may do what.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { flowAnswerShape, flowRequest, flowRequestShape } from '../../flow/request-shape.ts';
import type { FlowRequest, Flows, FlowView } from '../../flow/words.ts';
import { noSuchLock, notAllowed } from './caller.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Asked, type Route, route } from './route.ts';
import { flowList, flowView, publicLine, suggestion } from './shapes/flow-shapes.ts';
import { plan } from './shapes/plan-shapes.ts';

const MOST = 500;
const FAILS = [...ASKS_LOCK, 'not_found'] as const;

const flowParams = z.strictObject({ flow: z.string().min(1).max(64) });
const startBody = z.strictObject(flowRequestShape);

export function flowRoutes({ locks }: Pick<ApiParts, 'locks'>, flows: Flows): Route[] {
  /** Who was let in for some locks begins nothing elsewhere, and who came with a link for one flow nothing else. */
  const wished = (
    body: z.infer<typeof startBody>,
    { caller, sight }: Pick<Asked<0, 0, 0>, 'caller' | 'sight'>,
  ): FlowRequest => {
    if (caller.reach?.flow !== undefined) throw notAllowed('Your link is for its own flow; it begins no other one.');
    const lock = body.lock === undefined ? undefined : viewOf(locks, body.lock).id;
    if (lock === undefined ? !sight.all : !sight.lock(lock)) throw noSuchLock();
    return flowRequest({ ...body, ...given({ lock }) });
  };
  return [
    ...lookRoutes({ locks }, flows),
    route({
      method: 'POST',
      url: '/api/flows',
      right: 'anyone',
      listed: true,
      onSite: true,
      about:
        'Makes the plan of a flow and begins it; only the plan with plan_only. 409 when another flow has the lock.',
      answer: flowView,
      fails: FAILS,
      body: startBody,
      handle: ({ body, asker, ...who }) => flows.start(wished(body, who), asker),
    }),
    route({
      method: 'POST',
      url: '/api/flows/preview',
      right: 'anyone',
      listed: true,
      onSite: true,
      about: 'The plan that a flow would have; nothing is kept.',
      answer: plan,
      fails: FAILS,
      body: startBody,
      handle: ({ body, asker, ...who }) => flows.preview(wished(body, who), asker),
    }),
    route({
      method: 'POST',
      url: '/api/flows/emergency',
      right: 'anyone',
      about: 'Cancels every flow before its pivot, and releases nothing.',
      answer: flowList,
      fails: ['disk', 'stopped'],
      async handle({ asker }) {
        return { flows: await flows.emergency(asker) };
      },
    }),
    route({
      method: 'POST',
      url: '/api/flows/:flow/answer',
      right: 'anyone',
      onSite: true,
      about: 'Answers a prompt, with its challenge where it has one.',
      answer: flowView,
      fails: FAILS,
      params: flowParams,
      body: z.strictObject(flowAnswerShape),
      handle({ params, body, asker, prove }) {
        const { prompt, answer, challenge } = body;
        const view = mustFind(flows, params.flow);
        if (erases(view, body)) prove();
        return flows.answer(view.id, { prompt, answer, ...given({ challenge }) }, asker);
      },
    }),
    route({
      method: 'POST',
      url: '/api/flows/:flow/hand_over',
      right: 'anyone',
      about: 'Gives it into the hands of somebody else.',
      answer: flowView,
      fails: FAILS,
      params: flowParams,
      body: z.strictObject({ to: z.string().trim().min(1).max(64) }),
      handle: ({ params, body, asker }) => flows.handOver(mustFind(flows, params.flow).id, body.to, asker),
    }),
    route({
      method: 'POST',
      url: '/api/flows/:flow/comment',
      right: 'anyone',
      onSite: true,
      about: 'What somebody has to say of a step, such as that it is wrong for this lock.',
      answer: flowView,
      fails: FAILS,
      params: flowParams,
      body: z.strictObject({ text: z.string().trim().min(1).max(300) }),
      handle: ({ params, body, asker }) => flows.comment(mustFind(flows, params.flow).id, body.text, asker),
    }),
    act(flows, 'cancel', 'Before the pivot it is undone and closed; after it, it parks.'),
    act(flows, 'pause', 'Stops at the next place where it can stop.'),
    act(flows, 'resume', 'Goes on with a planned, paused or parked flow.'),
  ];
}

function lookRoutes({ locks }: Pick<ApiParts, 'locks'>, flows: Flows): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/flows',
      right: 'anyone',
      listed: true,
      onSite: true,
      about: 'Flows, open ones first, newest first.',
      answer: flowList,
      query: z.strictObject({
        lock: z.string().min(1).max(64).optional(),
        open: z.enum(['true', 'false']).optional(),
        most: z.coerce.number().int().min(1).max(MOST).optional(),
      }),
      handle({ query, sight }) {
        const open = query.open === undefined ? undefined : query.open === 'true';
        // A lock that is gone has left its flows: then this is its id.
        const lock = query.lock === undefined ? undefined : (locks.find(query.lock)?.id ?? query.lock);
        const found = flows.all({ ...given({ lock, open }), most: query.most ?? MOST });
        return { flows: found.filter(({ id }) => sight.flow(id)) };
      },
    }),
    route({
      method: 'GET',
      url: '/api/flows/:flow',
      right: 'anyone',
      onSite: true,
      about: 'One flow, with its plan and what it asks.',
      answer: flowView,
      params: flowParams,
      handle: ({ params }) => mustFind(flows, params.flow),
    }),
    route({
      method: 'GET',
      url: '/api/flows/:flow/lines',
      right: 'anyone',
      onSite: true,
      about: 'What happened in it, line by line, without secrets.',
      answer: z.strictObject({ lines: z.array(publicLine) }),
      params: flowParams,
      handle: ({ params }) => ({ lines: flows.lines(mustFind(flows, params.flow).id) }),
    }),
    route({
      method: 'GET',
      url: '/api/suggestions',
      right: 'anyone',
      about: 'What was noticed about locks, and which flow would help. None of them starts by itself.',
      answer: z.strictObject({ suggestions: z.array(suggestion) }),
      handle: () => ({ suggestions: flows.suggestions() }),
    }),
  ];
}

function act(flows: Flows, name: 'cancel' | 'pause' | 'resume', about: string): Route {
  return route({
    method: 'POST',
    url: `/api/flows/:flow/${name}`,
    right: 'anyone',
    // Whoever sees that something goes wrong may stop it.
    ...(name === 'cancel' && { onSite: true as const }),
    about,
    answer: flowView,
    fails: FAILS,
    params: flowParams,
    handle: ({ params, asker }) => flows[name](mustFind(flows, params.flow).id, asker),
  });
}

/** Whether it is the yes to what cannot be undone (flows.md 6.2: the password again). */
function erases({ prompts }: FlowView, { prompt: id, answer }: { prompt: string; answer: string }): boolean {
  const prompt = prompts.find(each => each.id === id);
  if (prompt?.kind !== 'clearance') return false;
  return prompt.options.find(({ value }) => value === answer)?.means !== 'no';
}

function mustFind(flows: Flows, flow: string): FlowView {
  const view = flows.get(flow);
  if (view) return view;
  throw new LockError('not_found', 'There is no flow of that id. Look at the list of flows.', {
    reason: 'unknown_flow',
  });
}
