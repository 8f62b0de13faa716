/** Signing a browser in with a single-use link, and out. */
import { isPlatformError } from '../../domain/errors.js';
import { endSession, exchangeLoginCode } from '../../service/access/login.js';
import { SESSION_COOKIE } from '../auth.js';
import { messagePage } from './message-page.js';
import { type RouteContext, route } from './route.js';

/** Registers `GET /login?code=…` and `POST /logout`. */
export function loginRoutes(context: RouteContext): void {
  const { deps } = context;
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

  route(context, {
    access: 'public',
    method: 'GET',
    url: '/login',
    handler: async (request, reply) => {
      const { code } = request.query as { code?: unknown };
      try {
        const login = await exchangeLoginCode(deps, typeof code === 'string' ? code : '');
        return reply
          .setCookie(SESSION_COOKIE, login.cookie, { ...cookie, expires: login.expiresAt })
          .redirect('/', 303);
      } catch (error) {
        if (!isPlatformError(error) || error.code !== 'UNAUTHENTICATED') throw error;
        return messagePage(reply.code(401), 'This login link does not work', [
          'It works once, and for 15 minutes. It was used already, is too old, or was not copied in full.',
          'Get a new one with <code>npx trialgraph open</code> on the machine where the server runs.',
        ]);
      }
    },
  });

  route(context, {
    access: 'same-origin',
    method: 'POST',
    url: '/logout',
    handler: async (request, reply) => {
      const value = request.cookies[SESSION_COOKIE];
      if (value !== undefined) await endSession(deps, value);
      return reply.clearCookie(SESSION_COOKIE, cookie).redirect('/', 303);
    },
  });
}
