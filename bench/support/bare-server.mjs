/**
 * The least that a GraphQL server on Postgres with sockets can be: node:http, graphql, pg and ws, no framework, no login.
 * `{ ok }` asks the database; `reportMetrics` takes the same arguments as ours and stores rows, one commit per batch. Plain
 * JavaScript, so that nothing is compiled when it starts. Takes a port and the URL of a database with the table of rows.
 */
import http from 'node:http';
import { buildSchema, graphql } from 'graphql';
import pg from 'pg';
import { WebSocketServer } from 'ws';

const [port, url] = process.argv.slice(2);
const INSERT = `INSERT INTO bench_point (trial_id, seq, key_id, step, time, value)
SELECT $1, $2 + i - 1, key_id, step, time, value
FROM unnest($3::int[], $4::bigint[], $5::float8[], $6::float8[]) WITH ORDINALITY AS p(key_id, step, time, value, i)`;
const schema = buildSchema(`
  input Series { key: String! steps: String! times: String! values: String! }
  input ReportMetricsInput { trialId: ID! attempt: Int! stream: ID! seq: Int! series: [Series!]! }
  type Verdict { stop: Boolean! reason: String }
  type Reported { outcome: String! nextSeq: Int! verdict: Verdict }
  type Query { ok: Boolean! }
  type Mutation { reportMetrics(input: ReportMetricsInput!): Reported! }
`);
const pool = new pg.Pool({ connectionString: url, max: 10 });
pool.on('error', () => undefined); // the cluster goes before the pool

const rootValue = {
  ok: async () => (await pool.query('SELECT 1')).rows.length === 1,
  reportMetrics: async ({ input: { trialId, seq, series } }) => {
    const columns = series.map(({ steps, times, values }) => [steps, times, values].map(floats));
    const all = (which) => `{${columns.map((own) => own[which].join(',')).join(',')}}`;
    const keys = columns.flatMap(([steps], key) => Array.from(steps, () => key));
    await pool.query({
      name: 'bare.insert',
      text: INSERT,
      values: [trialId, seq, `{${keys.join(',')}}`, all(0), all(1), all(2)],
    });
    return { outcome: 'ACCEPTED', nextSeq: seq + keys.length, verdict: null };
  },
};

function floats(base64) {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const answer = await graphql({ schema, source: query, rootValue, variableValues: variables });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
});
new WebSocketServer({ server, path: '/graphql' });
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
