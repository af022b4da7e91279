// The API as a fastify plugin. The control socket registers it for the owner; the server of the page, with logins, on TCP.
import type { FastifyError, FastifyInstance, FastifyPluginAsync } from 'fastify';
import { LockError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Logins } from '../../access/login/logins.ts';
import { apiTokenRoutes } from './api-token-routes.ts';
import { carryRoutes } from './carry-routes.ts';
import { codeRoutes } from './code-routes.ts';
import { eventRoutes } from './event-stream.ts';
import { Events } from './events.ts';
import { flowRoutes } from './flow-routes.ts';
import { functionRoutes } from './function-routes.ts';
import { handRoutes } from './hand-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { lockRoutes } from './lock-routes.ts';
import { logRoutes } from './log-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { matterRoutes } from './matter-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { openapiRoutes } from './openapi-routes.ts';
import { ownRoutes } from './own-routes.ts';
import { pairRoutes } from './pair-routes.ts';
import type { ApiParts } from './parts.ts';
import { INTERNAL, problemOf, refusalOf, sendProblem } from './problem.ts';
import { recordRoutes } from './record-routes.ts';
import { restartRoutes } from './restart-routes.ts';
import { restoreRoutes } from './restore-routes.ts';
import { remoteRoutes } from './remote-routes.ts';
import { type Entry, type Route, addRoute } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { standingRoutes } from './standing-routes.ts';
import { Streams } from './stream.ts';
import { systemRoutes } from './system-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { traceRoutes } from './trace-routes.ts';
import { upkeepRoutes } from './upkeep-routes.ts';
import { workRoutes } from './work-routes.ts';

/** The instance that registers it sets its body limit to this; import has a limit of its own. */
export const BODY_BYTES = 64 * 1024;

/** `enter` says who stands behind a request; it throws a LockError to turn one away. */
export function makeApi(parts: ApiParts, enter: Entry): FastifyPluginAsync {
  const plugin: FastifyPluginAsync = async app => {
    takeOnlyJson(app);
    answerErrors(app, parts.log);
    const events = new Events(parts);
    const streams = new Streams(parts.clock);
    app.addHook('onClose', async () => events.stop());
    for (const each of routesOf(parts, { events, streams })) addRoute(app, each, { enter, parts });
  };
  // Its words about errors are those of the whole instance.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

function loginWays(parts: ApiParts & { logins: Logins }): Route[] {
  const { logins, flows, urls = () => [] } = parts;
  return [
    ...sessionRoutes(parts),
    ...ownRoutes(logins),
    ...loginRoutes(logins),
    ...linkRoutes({ logins, urls, flows }),
    ...apiTokenRoutes(logins.tokens, parts),
  ];
}

/** Everything that can be asked, and the description of it. */
export function routesOf(parts: ApiParts, { events, streams }: { events: Events; streams: Streams }): Route[] {
  const routes = [
    ...lockRoutes(parts),
    ...pairRoutes(parts, streams),
    ...codeRoutes(parts),
    ...tokenRoutes(parts, events),
    ...workRoutes(parts),
    ...functionRoutes(parts),
    ...eventRoutes(parts, events, streams),
    ...systemRoutes(parts),
    ...(parts.restores ? restoreRoutes(parts.restores) : []),
    ...(parts.restarts ? restartRoutes(parts.restarts) : []),
    ...metricsRoutes(parts),
    ...(parts.standing ? standingRoutes(parts, parts.standing) : []),
    ...(parts.logs ? logRoutes(parts.logs, streams) : []),
    ...upkeepRoutes(parts),
    ...carryRoutes(parts),
    ...traceRoutes(parts.traces),
    ...(parts.flows ? flowRoutes(parts, parts.flows) : []),
    ...(parts.records
      ? recordRoutes({ records: parts.records.recorder, bundle: parts.records.bundle, locks: parts.locks })
      : []),
    ...(parts.matter ? matterRoutes(parts.matter) : []),
    ...(parts.remote ? remoteRoutes(parts.remote) : []),
    ...(parts.hands ? handRoutes(parts.hands, parts.staged ?? (() => [])) : []),
    ...(parts.logins ? loginWays({ ...parts, logins: parts.logins }) : []),
  ];
  return [...routes, ...openapiRoutes(routes)];
}

function takeOnlyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  // A file is not read into memory; routes that take none refuse the stream as they refuse any wrong body.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof LockError) return sendProblem(reply, problemOf(error));
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, refusalOf(error.code, status));
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed');
    return sendProblem(reply, INTERNAL);
  });
  app.setNotFoundHandler((_request, reply) => {
    const error = new LockError('not_found', 'There is no such address in this API.', { reason: 'route' });
    return sendProblem(reply, problemOf(error));
  });
}
