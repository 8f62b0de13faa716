/** The bytes of artifacts, streamed in and out. They are strangers' files: served as downloads that no browser will run. */
import { PlatformError } from '../../domain/errors.js';
import { findArtifact } from '../../service/artifact/find-artifact.js';
import { openArtifact } from '../../service/artifact/open-artifact.js';
import { receiveArtifact } from '../../service/artifact/receive-artifact.js';
import { callerOf, type RouteContext, route } from './route.js';

/** Registers `PUT` and `GET /artifacts/:id`. Its body parser takes any content type as bytes: give it an app of its own. */
export function artifactRoutes(context: RouteContext): void {
  const { app, deps } = context;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  route(context, {
    access: 'authenticated',
    method: 'PUT',
    url: '/artifacts/:id',
    bodyLimit: Number.MAX_SAFE_INTEGER,
    handler: async (request, reply) => {
      const { principal } = callerOf(request);
      const { id } = request.params as { id: string };
      try {
        await assertLength(id, request.headers['content-length']);
        await receiveArtifact(deps, principal, { id, bytes: request.raw });
      } catch (error) {
        // The rest of a refused body is not read: the connection ends with the answer.
        void reply.header('connection', 'close');
        throw error;
      }
      return reply.code(204).send();

      async function assertLength(artifactId: string, text: string | undefined): Promise<void> {
        if (text === undefined) return;
        const artifact = await findArtifact(deps, principal, { id: artifactId });
        if (artifact === null || artifact.sizeBytes === Number(text)) return;
        throw new PlatformError(
          'ARTIFACT_CORRUPT',
          `the artifact was begun with ${artifact.sizeBytes} bytes, the body has ${text}`,
        );
      }
    },
  });

  route(context, {
    access: 'authenticated',
    method: 'GET',
    url: '/artifacts/:id',
    handler: async (request, reply) => {
      const { id } = request.params as { id: string };
      const { artifact, stream } = await openArtifact(deps, callerOf(request).principal, { id });
      return reply
        .header('content-type', 'application/octet-stream')
        .header('content-length', artifact.sizeBytes)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeFileName(artifact.fileName)}`)
        .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
        .header('cache-control', 'private, no-store')
        .header('etag', `"${artifact.sha256}"`)
        .send(stream);
    },
  });
}

/** RFC 5987: everything but letters, digits and a few marks is percent-encoded. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
