import { expect, test } from 'vitest';
import { configFrom } from '../../../src/config/config.ts';
import { faultsOf } from '../../support/config-faults.ts';

test('without settings the emulator is served on loopback', () => {
  expect(configFrom({})).toMatchInlineSnapshot(`
    {
      "allowedOrigins": [],
      "auth": {
        "mode": "none",
      },
      "backend": "emulator",
      "board": true,
      "caller": {
        "connections": Infinity,
        "costPerMinute": Infinity,
        "messagesPerSecond": Infinity,
        "operationsPerSocket": 50,
        "sockets": Infinity,
      },
      "dataDir": ".waybill",
      "emulator": {
        "port": 4566,
        "stepMs": 3000,
        "variety": undefined,
      },
      "endpoints": {
        "dataExchange": undefined,
        "importExport": undefined,
      },
      "federation": false,
      "graphiql": true,
      "host": "127.0.0.1",
      "importExportSignature": "v4",
      "introspection": "everyone",
      "logLevel": "info",
      "maxBodyBytes": 1048576,
      "maxMessageBytes": 1048576,
      "metricsHost": "127.0.0.1",
      "metricsPort": undefined,
      "nodeOptions": "",
      "operation": {
        "aliases": 15,
        "cost": 1000,
        "depth": 8,
        "directives": 20,
        "nodes": 2000,
        "rootFields": 5,
        "tokens": 1000,
      },
      "poll": {
        "maxMs": 30000,
        "minMs": 2000,
      },
      "pollsPerSecond": {
        "dataExchange": 5,
        "importExport": 2,
      },
      "port": 4000,
      "redisReplicas": undefined,
      "redisUrl": undefined,
      "takesGet": true,
      "tracesEndpoint": undefined,
      "trustedDocuments": undefined,
      "trustedProxies": [],
    }
  `);
});

test('all faults are reported at once, with what was expected and what arrived', () => {
  expect(
    faultsOf({
      PORT: '4000x',
      WAYBILL_BACKEND: 'azure',
      WAYBILL_POLL_MIN_MS: '-1',
      WAYBILL_POL_MAX_MS: '5000',
      WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '0',
      WAYBILL_ALLOWED_ORIGINS: 'https://app.example.com,*',
      WAYBILL_TRUSTED_PROXIES: '10.0.0.1, 0.0.0.0/0',
      AWS_ENDPOINT_URL: 'localhost:4566',
      WAYBILL_AUTH: 'jwt',
    }).toSorted(),
  ).toMatchInlineSnapshot(`
    [
      "AWS_ENDPOINT_URL: expected an http or https URL without user or password, received "localhost:4566"",
      "PORT: expected a port number from 0 to 65535, received "4000x"",
      "WAYBILL_ALLOWED_ORIGINS: expected exact origins such as https://app.example.com, separated by commas, received "https://app.example.com,*"",
      "WAYBILL_BACKEND: expected emulator or aws, received "azure"",
      "WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: expected a number above 0, at most 1000, received "0"",
      "WAYBILL_JWKS_URL: expected a value, as WAYBILL_AUTH is jwt, received none",
      "WAYBILL_JWT_AUDIENCE: expected a value, as WAYBILL_AUTH is jwt, received none",
      "WAYBILL_JWT_ISSUER: expected a value, as WAYBILL_AUTH is jwt, received none",
      "WAYBILL_POLL_MIN_MS: expected a whole number of milliseconds from 10 to 86400000, received "-1"",
      "WAYBILL_POL_MAX_MS: is not a setting of Waybill",
      "WAYBILL_TRUSTED_PROXIES: expected addresses or networks of proxies such as 10.0.0.0/8, separated by commas, received "10.0.0.1, 0.0.0.0/0"",
    ]
  `);
});

test('a malformed number never becomes a default', () => {
  for (const text of ['NaN', '1e3', ' 5000', '5000.5', '0x10', '99999999999999999']) {
    expect(faultsOf({ WAYBILL_POLL_MAX_MS: text })).toHaveLength(1);
  }
});

test('an empty value counts as absent', () => {
  expect(configFrom({ PORT: '', AWS_ENDPOINT_URL: '' }).port).toBe(4000);
});

test('without authentication an address that other machines can reach is refused', () => {
  expect(faultsOf({ HOST: '0.0.0.0' })).toMatchInlineSnapshot(`
    [
      "HOST: expected a loopback address while WAYBILL_AUTH is none, received "0.0.0.0"",
    ]
  `);
  for (const host of ['127.0.0.1', '127.8.0.1', '::1', 'localhost']) expect(faultsOf({ HOST: host })).toEqual([]);
  for (const host of ['::', '127.0.0.1.example.com', '192.0.2.1']) expect(faultsOf({ HOST: host })).toHaveLength(1);
});

test('the endpoint of one service takes precedence over that of both', () => {
  const { endpoints } = configFrom({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_IMPORTEXPORT: 'http://127.0.0.1:4567',
  });
  expect(endpoints).toEqual({ dataExchange: 'http://127.0.0.1:4566', importExport: 'http://127.0.0.1:4567' });
});

test('the shortest interval cannot be longer than the longest', () => {
  expect(faultsOf({ WAYBILL_POLL_MIN_MS: '60000' })).toMatchInlineSnapshot(`
    [
      "WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more",
    ]
  `);
});

test('a Redis needs AWS behind it, and a number of its replicas needs a Redis', () => {
  const redis = { WAYBILL_REDIS_URL: 'redis://127.0.0.1:6379' };
  const replicas = { WAYBILL_REDIS_REPLICAS: '1' };
  expect(faultsOf(redis)).toEqual(['WAYBILL_BACKEND: expected aws where WAYBILL_REDIS_URL is set, received emulator']);
  expect(faultsOf({ ...replicas, WAYBILL_BACKEND: 'aws' })).toEqual([
    'WAYBILL_REDIS_URL: expected a value, as WAYBILL_REDIS_REPLICAS is set, received none',
  ]);
  expect(configFrom({ ...redis, ...replicas, WAYBILL_BACKEND: 'aws' }).redisReplicas).toBe(1);
});

test('the board is on where only this machine is served, unless a file says which documents may run', () => {
  const guarded = { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: 'tokens.json' };
  const beyond = { ...guarded, HOST: '0.0.0.0' };
  const trusted = { WAYBILL_TRUSTED_DOCUMENTS: 'documents.json' };
  const board = (env: Readonly<Record<string, string>>) => configFrom(env).board;
  expect([{}, guarded, { HOST: '::1' }, beyond, trusted].map(board)).toEqual([true, true, true, false, false]);
  expect([beyond, trusted].map((env) => board({ ...env, WAYBILL_BOARD: 'on' }))).toEqual([true, true]);
  expect(board({ WAYBILL_BOARD: 'off' })).toBe(false);
});

test('WAYBILL_METRICS_HOST without a port is a fault, since nobody would be served there', () => {
  expect(faultsOf({ WAYBILL_METRICS_HOST: '0.0.0.0' })).toEqual([
    'WAYBILL_METRICS_PORT: expected a port where WAYBILL_METRICS_HOST is set, received none',
  ]);
});
