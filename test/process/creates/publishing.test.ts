/** Creates of data sets and revisions whose gateway process is killed, or that come to two gateways. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { type Answer, ask, field, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { createDataSet, createRevision, newDataSet, Publisher } from '../../support/publisher.ts';
import { hasRedis, startRedis } from '../../support/redis.ts';

const idempotencyKey = 'order-4711-attempt-1';

interface Payload {
  readonly dataSet?: { readonly awsDataSetId: string } | null;
  readonly revision?: { readonly awsRevisionId: string } | null;
}

const creates = [
  {
    ...{ name: 'createDataSet', operation: 'DataExchange.CreateDataSet', query: createDataSet, input: newDataSet },
    idOf: ({ data }: Answer) => field<Payload>(data, 'createDataSet').dataSet?.awsDataSetId,
    made: (publisher: Publisher) => publisher.dataSetIds(),
  },
  {
    ...{ name: 'createRevision', operation: 'DataExchange.CreateRevision', query: createRevision },
    input: { dataSetId: demo.dataSetId, comment: 'May' },
    idOf: ({ data }: Answer) => field<Payload>(data, 'createRevision').revision?.awsRevisionId,
    made: (publisher: Publisher) => publisher.revisionIds(),
  },
];

function startOver({ url }: EmulatorControl, more: Readonly<Record<string, string>>): Promise<ChildGateway> {
  return startChildGateway({ ...settingsOver(url), WAYBILL_LOG_LEVEL: 'error', ...more });
}

function sent(emulator: EmulatorControl, operation: string): Promise<number> {
  return emulator.requests().then((counts) => counts[operation] ?? 0);
}

for (const { name, operation, query, input, idOf, made } of creates) {
  const keyed = { input: { ...input, idempotencyKey } };

  test(`a gateway that is killed between sending a ${name} and its reply leaves one, which a repeat finds by its tag`, async () => {
    const emulator = await startLastingEmulator();
    const WAYBILL_DATA_DIR = temporaryFolder();
    await emulator.fail(operation, { never: true, afterCommit: true });
    const first = await startOver(emulator, { WAYBILL_DATA_DIR });
    const attempt = ask(first.url, query, keyed).catch(() => undefined);
    await expect.poll(() => sent(emulator, operation)).toBe(1);
    await first.die();
    expect(await attempt).toBeUndefined();

    const second = await startOver(emulator, { WAYBILL_DATA_DIR });
    const answer = await ask(second.url, query, keyed);
    expect(answer).toMatchObject({ extensions: { replayed: true } });
    expect(await made(new Publisher(emulator))).toEqual([idOf(answer)]);
    expect(await sent(emulator, operation)).toBe(1);
    // Two process starts, of which the first also builds the program.
  }, 60_000);

  // Without redis-server 7 on the machine: apt-get install redis-server && npx vitest run test/process/creates
  describe.skipIf(!hasRedis)('two gateways', { timeout: 60_000 }, () => {
    async function twoGateways() {
      const [redis, emulator] = await Promise.all([startRedis(), startLastingEmulator()]);
      const start = () => startOver(emulator, { WAYBILL_REDIS_URL: redis.url });
      const [first, second] = await Promise.all([start(), start()]);
      return { emulator, first, second, publisher: new Publisher(emulator) };
    }

    test(`each of the same keys of ${name} to both at once makes one`, async () => {
      const { emulator, first, second, publisher } = await twoGateways();
      const keys = Array.from({ length: 10 }, (_, at) => `${idempotencyKey}-${at}`);
      const pairs = await Promise.all(
        keys.map((key) =>
          Promise.all([first, second].map(({ url }) => ask(url, query, { input: { ...input, idempotencyKey: key } }))),
        ),
      );
      for (const pair of pairs) {
        expect(new Set(pair.map(idOf)).size).toBe(1);
        expect(pair.filter((answer) => 'extensions' in answer)).toHaveLength(1);
      }
      expect((await made(publisher)).toSorted()).toEqual(pairs.map(([answer = {}]) => idOf(answer)).toSorted());
      expect(await sent(emulator, operation)).toBe(keys.length);
    });

    test(`after one was killed between sending a ${name} and its reply, the other answers with the result`, async () => {
      const { emulator, first, second, publisher } = await twoGateways();
      await emulator.fail(operation, { never: true, afterCommit: true });
      const attempt = ask(first.url, query, keyed).catch(() => undefined);
      await expect.poll(() => sent(emulator, operation)).toBe(1);
      first.kill('SIGKILL');
      expect(await attempt).toBeUndefined();
      const answer = await ask(second.url, query, keyed);
      expect(answer).toMatchObject({ extensions: { replayed: true } });
      expect(await made(publisher)).toEqual([idOf(answer)]);
      expect(await sent(emulator, operation)).toBe(1);
    });
  });
}
