/** Gateways over one Redis, of which one after the other is stopped or killed and replaced. */
import { test } from 'vitest';
import { hasRedis } from '../../support/redis.ts';
import { assertResuming, resumingTimeoutMs } from './resuming.ts';
import { twoGateways } from './worlds.ts';

test.skipIf(!hasRedis)(
  `Readers by every library see each change that replaced gateways log, once, in order${hasRedis ? '' : ' (skipped: apt-get install redis-server)'}`,
  { timeout: resumingTimeoutMs },
  async () => assertResuming(await twoGateways()),
);
