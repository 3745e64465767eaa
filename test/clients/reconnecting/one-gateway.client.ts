/** A gateway that is stopped or killed, and started again on its data. */
import { test } from 'vitest';
import { assertResuming, resumingTimeoutMs } from './resuming.ts';
import { oneGateway } from './worlds.ts';

test(
  'Readers by every library see each change that one restarted gateway logs, once, in order',
  {
    timeout: resumingTimeoutMs,
  },
  async () => assertResuming(await oneGateway()),
);
