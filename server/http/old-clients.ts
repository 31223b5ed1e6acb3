import type { FastifyInstance } from 'fastify';
import semver from 'semver';
import { paths, versionHeaders } from '../../shared/protocol/wire.ts';
import { callsPath } from './calls-route.ts';
import { HttpError } from './errors.ts';

/** Those who are no client of ours, and what tells a client that it is too old. */
const openToAll: readonly string[] = [paths.hello, callsPath];

/**
 * Every answer says the lowest version that is served; requests of a lower one, or of one that says none, are refused as those
 * of a protocol that is no more. The client keeps what it has, updates itself and goes on.
 * @param lowest semantic version
 */
export function refuseOldClients(app: FastifyInstance, lowest: string): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(versionHeaders.lowest, lowest);
    const route = request.routeOptions.url;
    if (route === undefined || openToAll.includes(route)) return;
    const client = request.headers[versionHeaders.client];
    // Builds for tests carry a suffix that makes them lower than the version they are builds of.
    const version = typeof client === 'string' ? semver.coerce(client) : null;
    if (version === null || semver.lt(version, lowest))
      throw new HttpError('protocol-unsupported', { detail: `this server takes clients from ${lowest} on` });
  });
}
