import { type RouteContext, route } from './route.js';

export interface Health {
  readonly version: string;
  /** Whether the server takes requests: false while it starts and while it stops. */
  isReady(): boolean;
  /** Rejects when something that we need does not answer. */
  probe(): Promise<void>;
}

/** Registers `/healthz` (the process lives), `/readyz` (send it requests) and `/version`. */
export function healthRoutes(context: RouteContext, health: Health): void {
  const get = (url: string, handler: Parameters<typeof route>[1]['handler']) =>
    route(context, { access: 'public', method: 'GET', url, hasHead: true, handler });

  get('/healthz', async () => ({ status: 'ok' }));
  get('/version', async () => ({ name: 'trialgraph', version: health.version }));
  get('/readyz', async (_request, reply) => {
    const isReady =
      health.isReady() &&
      (await health.probe().then(
        () => true,
        () => false,
      ));
    // A full disk takes no server out of service: reads and leases go on.
    const storage = context.deps.storage.status().isFull ? 'full' : 'ok';
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', storage });
  });
}
