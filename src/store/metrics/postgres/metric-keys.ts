/**
 * Metric names interned once per project, remembered in memory: ids never change while the project lives in one database.
 * A connection that is newer than what is remembered may lead to another one: a standby that was promoted has lost the
 * youngest names, and gives their ids again.
 */
import type pg from 'pg';
import { PlatformError } from '../../../domain/errors.js';
import type { ProjectId } from '../../../domain/ids.js';
import { METRIC_LIMITS } from '../metric-store.js';

/** Names kept in memory before all are forgotten: about 50 MB at most. */
const MAX_REMEMBERED = 200_000;

const COUNT = '/* metric.key.count */ SELECT count(*)::int AS n FROM metric_key WHERE project_id = $1';
const ADD = `/* metric.key.add */ INSERT INTO metric_key (project_id, name)
SELECT $1, name FROM unnest($2::text[]) AS name ORDER BY name ON CONFLICT DO NOTHING`;
const FIND = '/* metric.key.find */ SELECT id, name FROM metric_key WHERE project_id = $1 AND name = ANY($2::text[])';

export class MetricKeys {
  private readonly pool: pg.Pool;
  private readonly projects = new Map<ProjectId, Map<string, number>>();
  private remembered = 0;
  private readonly born = new WeakMap<object, number>();
  private connections = 0;

  constructor(pool: pg.Pool) {
    this.pool = pool;
    pool.on('connect', (client) => {
      this.connections += 1;
      this.born.set(client, this.connections);
      this.forget();
    });
  }

  /** How old ids are that are interned from now on: ask before. */
  get age(): number {
    return this.connections;
  }

  /** Whether the database behind `client` may not know ids of this age. */
  isNewer(client: object, age: number): boolean {
    return (this.born.get(client) ?? 0) > age;
  }

  /** The ids of names, made where they are new. @throws LIMIT_EXCEEDED naming the first key that is one too many. */
  async intern(projectId: ProjectId, names: readonly string[]): Promise<number[]> {
    const known = this.projects.get(projectId);
    const ids = known === undefined ? [] : names.flatMap((name) => known.get(name) ?? []);
    if (ids.length === names.length) return ids;
    return this.add(projectId, names);
  }

  private async add(projectId: ProjectId, names: readonly string[]): Promise<number[]> {
    const unique = [...new Set(names)];
    let known = await this.load(projectId, unique);
    const fresh = unique.filter((name) => !known.has(name));
    if (fresh.length > 0) {
      const [counted] = (
        await this.pool.query<{ n: number }>({ name: 'metric.key.count', text: COUNT, values: [projectId] })
      ).rows;
      const room = METRIC_LIMITS.keysPerProject - (counted?.n ?? 0);
      if (fresh.length > room) {
        const key = fresh[Math.max(0, room)] as string;
        const limit = METRIC_LIMITS.keysPerProject;
        throw new PlatformError('LIMIT_EXCEEDED', `the project has ${limit} metric keys; "${key}" would be one more`, {
          limit,
          key,
        });
      }
      await this.pool.query({ name: 'metric.key.add', text: ADD, values: [projectId, fresh] });
      known = await this.load(projectId, unique);
    }
    return names.map((name) => known.get(name) as number); // all of them were just added or found
  }

  private async load(projectId: ProjectId, names: readonly string[]): Promise<Map<string, number>> {
    const values = [projectId, names];
    const { age } = this;
    const { rows } = await this.pool.query<{ id: number; name: string }>({
      name: 'metric.key.find',
      text: FIND,
      values,
    });
    if (age === this.age) this.remember(projectId, rows);
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  private remember(projectId: ProjectId, rows: readonly { readonly id: number; readonly name: string }[]): void {
    if (this.remembered > MAX_REMEMBERED) this.forget();
    const known = this.projects.get(projectId) ?? new Map<string, number>();
    this.projects.set(projectId, known);
    for (const { id, name } of rows) known.set(name, id);
    this.remembered += rows.length;
  }

  private forget(): void {
    this.projects.clear();
    this.remembered = 0;
  }
}
