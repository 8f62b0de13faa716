/** The dashboard's files. Every path that is no file is a page of the dashboard, which finds its own way. */
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { messagePage } from './message-page.js';
import { type RouteContext, route } from './route.js';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  // Mantine sets styles on elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Registers `GET /*`. Without a directory it says how to build the dashboard. */
export async function dashboardRoutes(context: RouteContext, directory: string | null): Promise<void> {
  if (directory !== null)
    await context.app.register(fastifyStatic, { root: path.resolve(directory), serve: false, dotfiles: 'ignore' });
  route(context, {
    access: 'public',
    method: 'GET',
    url: '/*',
    hasHead: true,
    handler: async (request, reply) => {
      if (directory === null) {
        return messagePage(reply, 'The dashboard is not built', [
          'Build it with <code>npm run build</code>. The API answers at <code>/graphql</code>.',
        ]);
      }
      const { '*': wanted } = request.params as { '*': string };
      const file = fileOf(wanted);
      return file === null
        ? sendPage(reply)
        : reply.header('cache-control', cacheOf(file)).sendFile(file, { cacheControl: false });
    },
  });
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', CSP)
    .header('cache-control', 'no-cache')
    .sendFile('index.html', { cacheControl: false });
}

/** The file that a path names, null for a page. Assets are named relative to the page, at any depth. */
function fileOf(wanted: string): string | null {
  const assets = wanted.lastIndexOf('assets/');
  if (assets === 0 || (assets > 0 && wanted[assets - 1] === '/')) return wanted.slice(assets);
  return !wanted.includes('/') && wanted !== 'index.html' && path.extname(wanted) !== '' ? wanted : null;
}

/** Assets carry a hash in their name. */
function cacheOf(file: string): string {
  return file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
