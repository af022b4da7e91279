// `<base>/bridge/request/flow/...`: start, look at, answer and stop flows. Their answers name the flow beside the data.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { shown } from '../../base/log.ts';
import type { Asker } from '../../lock/lock.ts';
import { flowAnswerShape, flowRequest, flowRequestShape } from '../../flow/request-shape.ts';
import type { FlowRequest, Flows, FlowView } from '../../flow/words.ts';
import {
  flowDocument,
  flowLine,
  lineDocument,
  planDocument,
  suggestionDocument,
  wholeFlowDocument,
} from './flow-documents.ts';
import { lockText, request, type Request, type RequestParts } from './request.ts';

/** Answers must fit into a message that brokers take. */
const MOST_LISTED = 50;
const MOST_LINES = 200;

/** What a request about a flow came to: its data or its refusal, and the flow that it is about or that is in the way. */
export class AboutFlow {
  readonly flow: string | undefined;
  readonly data: unknown;
  readonly refused: unknown;

  constructor({ flow, data, refused }: { flow?: string | undefined; data?: unknown; refused?: unknown }) {
    this.flow = flow;
    this.data = data;
    this.refused = refused;
  }
}

/** The token of whoever asks may also stand in `by`. */
const by = z.string().min(1).max(256).optional();
const flowText = z.string().min(1).max(64);
const ofFlow = z.object({ flow: flowText, by });
const startBody = z.object({ ...flowRequestShape, by });
export const answerBody = z.object({ ...flowAnswerShape, by });

export function flowRequests(parts: RequestParts): [string, Request][] {
  const { flows } = parts;
  if (!flows) return [];
  const whole = (view: FlowView): object => wholeFlowDocument(view, parts.clock.now());
  const brief = (view: FlowView): object => flowDocument(view, parts.clock.now());
  const act = (name: string, run: (flow: string, asker: Asker) => Promise<FlowView>): [string, Request] => [
    name,
    request(ofFlow, ({ flow }, asker) => about(flow, async () => brief(await run(seen(parts, flow).id, asker)))),
  ];
  return [
    ['flow/start', request(startBody, (body, asker) => start(parts, flows, { body, asker }))],
    [
      'flow/preview',
      request(startBody, async (body, asker) =>
        planDocument(await flows.preview(wished(parts, { ...body, plan_only: true }), asker)),
      ),
    ],
    ['flow/show', request(ofFlow, ({ flow }) => about(flow, () => whole(seen(parts, flow))))],
    [
      'flow/lines',
      request(ofFlow, ({ flow }) =>
        about(flow, () => ({ lines: flows.lines(seen(parts, flow).id).slice(-MOST_LINES).map(lineDocument) })),
      ),
    ],
    [
      'flow/answer',
      request(answerBody.extend({ flow: flowText }), ({ flow, ...answer }, asker) =>
        about(flow, async () => brief(await answerFlow(parts, flow, { answer, asker }))),
      ),
    ],
    act('flow/cancel', (flow, asker) => flows.cancel(flow, asker)),
    act('flow/pause', (flow, asker) => flows.pause(flow, asker)),
    act('flow/resume', (flow, asker) => flows.resume(flow, asker)),
    act('flow/go', (flow, asker) => flows.resume(flow, asker)),
    [
      'flow/hand_over',
      request(ofFlow.extend({ to: z.string().trim().min(1).max(64) }), ({ flow, to }, asker) =>
        about(flow, async () => brief(await flows.handOver(seen(parts, flow).id, to, asker))),
      ),
    ],
    [
      'flow/comment',
      request(ofFlow.extend({ text: z.string().trim().min(1).max(300) }), ({ flow, text }, asker) =>
        about(flow, async () => brief(await flows.comment(seen(parts, flow).id, text, asker))),
      ),
    ],
    ...listRequests(parts, flows),
  ];
}

function listRequests(parts: RequestParts, flows: Flows): [string, Request][] {
  const listBody = z.object({
    lock: lockText.optional(),
    open: z.boolean().optional(),
    most: z.int().min(1).max(MOST_LISTED).optional(),
    by,
  });
  return [
    [
      'flow/list',
      request(listBody, body => {
        const lock = body.lock === undefined ? undefined : parts.lock(body.lock).id;
        const query = {
          ...(lock === undefined ? {} : { lock }),
          ...(body.open === undefined ? {} : { open: body.open }),
        };
        const listed = flows.all({ ...query, most: body.most ?? MOST_LISTED }).filter(view => isShown(parts, view));
        return { flows: listed.map(flowLine) };
      }),
    ],
    [
      'flow/emergency',
      request(z.object({ by }), async (_body, asker) => ({ flows: (await flows.emergency(asker)).map(flowLine) })),
    ],
    [
      'flow/suggestions',
      request(z.object({ by }), () => ({
        suggestions: flows
          .suggestions()
          .filter(each => parts.find(each.lock) !== undefined)
          .map(suggestionDocument),
      })),
    ],
    [
      'flow/record',
      request(ofFlow, ({ flow }) =>
        about(flow, () => {
          const record = parts.record?.(seen(parts, flow).id);
          if (record !== undefined) return { record };
          throw new LockError('not_found', `Flow "${shown(flow)}" has no signed record.`, { reason: 'no_record' });
        }),
      ),
    ],
  ];
}

/** Refused for a prompt whose answer is secret: what was sent is not used, and nobody should choose it again. */
export async function answerFlow(
  parts: Pick<RequestParts, 'flows' | 'find'>,
  flow: string,
  { answer, asker }: { answer: z.infer<typeof answerBody>; asker: Asker },
): Promise<FlowView> {
  const flows = parts.flows as Flows;
  const view = seen(parts, flow);
  if (view.prompts.some(prompt => prompt.id === answer.prompt && prompt.secret)) throw notHere(view.id);
  const { prompt, answer: word, challenge } = answer;
  return flows.answer(view.id, { prompt, answer: word, ...(challenge === undefined ? {} : { challenge }) }, asker);
}

type StartBody = z.infer<typeof startBody>;

/** Whoever is refused because another flow holds the lock is told which. */
async function start(
  parts: RequestParts,
  flows: Flows,
  { body, asker }: { body: StartBody; asker: Asker },
): Promise<AboutFlow> {
  const wish = wished(parts, body);
  try {
    const view = await flows.start(wish, asker);
    return new AboutFlow({ flow: view.id, data: wholeFlowDocument(view, parts.clock.now()) });
  } catch (refused) {
    const busy = refused instanceof LockError && refused.code === 'busy' && wish.lock !== undefined;
    const [other] = busy ? flows.all({ lock: wish.lock as string, open: true, most: 1 }) : [];
    return new AboutFlow({ flow: other?.id, refused });
  }
}

function wished(parts: RequestParts, { by: _by, ...body }: StartBody): FlowRequest {
  return flowRequest({ ...body, ...(body.lock === undefined ? {} : { lock: parts.lock(body.lock).id }) });
}

async function about(flow: string, work: () => unknown): Promise<AboutFlow> {
  try {
    return new AboutFlow({ flow, data: await work() });
  } catch (refused) {
    const known = !(refused instanceof LockError && refused.code === 'not_found');
    return new AboutFlow({ flow: known ? flow : undefined, refused });
  }
}

/** The flow, if MQTT shows its lock; throws `not_found`. */
export function seen(parts: Pick<RequestParts, 'flows' | 'find'>, flow: string): FlowView {
  const view = parts.flows?.get(flow);
  if (view && isShown(parts, view)) return view;
  throw new LockError('not_found', `There is no flow "${shown(flow)}". flow/list names them.`, {
    reason: 'unknown_flow',
  });
}

/** A lock that is gone since cannot be hidden any more. */
export function isShown({ find }: Pick<RequestParts, 'find'>, { lock }: FlowView): boolean {
  const view = lock === undefined ? undefined : find(lock);
  return view === undefined || view.settings.exposed.includes('mqtt');
}

function notHere(flow: string): LockError {
  return new LockError(
    'forbidden',
    `This answer is secret and must not go over MQTT; what was sent is not used. Type it at: latchbridge flow answer ${flow}. Choose something else if it was a new code.`,
    { reason: 'secret_over_mqtt' },
  );
}
