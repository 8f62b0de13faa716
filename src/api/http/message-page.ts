import type { FastifyReply } from 'fastify';

/** Sends a small page with a heading and paragraphs. Both are HTML of our own: never put a user's text in. */
export function messagePage(reply: FastifyReply, heading: string, paragraphs: readonly string[]): FastifyReply {
  const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return reply
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trialgraph</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }</style>
</head>
<body>
<h1>${heading}</h1>
${body}
</body>
</html>
`);
}
