import { expect, it } from 'vitest';
import { readConfig } from '../../src/main/config.js';

it('has defaults that are safe unread', () => {
  const config = readConfig({});

  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 7777,
    databaseUrl: null,
    leaseSeconds: 60,
    tailWindowSeconds: 3_600,
    daySeconds: 86_400,
    allowedHosts: [],
    minFreeBytes: null,
    maxDatabaseBytes: null,
    samplers: [],
  });
  expect(config.dataDirectory).toMatch(/\/\.trialgraph$/);
});

it.each([
  [{ TRIALGRAPH_PORT: '70000' }, /TRIALGRAPH_PORT must be a whole number from 0 to 65535, not "70000"/],
  [{ TRIALGRAPH_PORT: '80x' }, /TRIALGRAPH_PORT/],
  [{ TRIALGRAPH_LEASE_SECONDS: '0' }, /TRIALGRAPH_LEASE_SECONDS/],
  [{ TRIALGRAPH_TAIL_WINDOW_SECONDS: '0' }, /TRIALGRAPH_TAIL_WINDOW_SECONDS must be a whole number from 1 to 604800/],
  [{ TRIALGRAPH_TEST_DAY_SECONDS: '86401' }, /TRIALGRAPH_TEST_DAY_SECONDS must be a whole number from 1 to 86400/],
  [{ TRIALGRAPH_MIN_FREE_BYTES: '1 GB' }, /TRIALGRAPH_MIN_FREE_BYTES must be a whole number/],
  [{ DATABASE_URL: 'mysql://localhost/x' }, /DATABASE_URL must look like postgres:/],
])('names the variable that is wrong, and what would be right: %j', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});
