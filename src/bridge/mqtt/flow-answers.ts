// `<base>/flow/<id>/answer`: what a person says to a prompt.
import type { Asker } from '../../lock/lock.ts';
import type { Envelope } from './envelope.ts';
import type { FlowNews } from './flow-news.ts';
import { answerBody, answerFlow } from './flow-requests.ts';
import { request, type RequestParts } from './request.ts';

export interface FlowAnswers {
  /** The data of the answer on a response topic; throws the LockError that refuses it. */
  take(flow: string, body: unknown, asker: Asker): Promise<object>;
  /** Says on the flow's own topic that an answer was not taken, and why. */
  refused(flow: string, envelope: Envelope): void;
}

export function makeFlowAnswers(parts: Pick<RequestParts, 'flows' | 'find'>, news: FlowNews): FlowAnswers {
  const take = (flow: string) =>
    request(answerBody, async (answer, asker) => {
      const view = await answerFlow(parts, flow, { answer, asker });
      return { flow: view.id, prompt: answer.prompt, state: view.state };
    });
  return {
    async take(flow, body, asker) {
      return (await take(flow)(body, asker)) as object;
    },
    refused(flow, { error, code, transaction }) {
      news.refused(flow, { code, error, ...(transaction === undefined ? {} : { transaction }) });
    },
  };
}
