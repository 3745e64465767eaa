/** Creates of data sets and revisions whose answers are lost: they are found by the tag that each carries. */
import { expect, test } from 'vitest';
import { tagKey } from '../../../src/creates/idempotency-tag.ts';
import { demo } from '../../../src/emulator/demo.ts';
import { CreatesHarness, newDataSet } from '../../support/creates/creates-harness.ts';

const key = 'order-4711-attempt-1';
const lost = { reset: true, afterCommit: true };
const call = { signal: new AbortController().signal };

const targets = [
  {
    target: 'DATA_SET',
    create: 'DataExchange.CreateDataSet',
    list: 'DataExchange.ListDataSets',
    get: 'DataExchange.GetDataSet',
    seed: 'dataSets',
  },
  {
    target: 'REVISION',
    create: 'DataExchange.CreateRevision',
    list: 'DataExchange.ListDataSetRevisions',
    get: 'DataExchange.GetRevision',
    seed: 'revisions',
  },
] as const;

type Target = (typeof targets)[number]['target'];

/** Loses the answer so that the result cannot be found at once. */
async function lose(harness: CreatesHarness, { target, create, list }: (typeof targets)[number]): Promise<void> {
  await harness.fail(create, lost);
  await harness.fail(list, { status: 500 }, 3);
  await expect(harness.finish(harness.create(target, { key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.heal();
}

function tagsOf(harness: CreatesHarness, target: Target, id: string) {
  const { catalog } = harness.backends;
  const read =
    target === 'DATA_SET'
      ? catalog.getDataSetTags({ awsDataSetId: id }, call)
      : catalog.getRevisionTags({ awsDataSetId: demo.dataSetId, awsRevisionId: id }, call);
  return harness.finish(read);
}

/** Creates an equal one as others do, with these tags. */
async function strangers(harness: CreatesHarness, target: Target, tags: Readonly<Record<string, string>>) {
  const { catalog } = harness.backends;
  if (target === 'DATA_SET') await harness.finish(catalog.createDataSet({ ...newDataSet, tags }, call));
  else await harness.finish(catalog.createRevision({ dataSetId: demo.dataSetId, comment: 'May', tags }, call));
}

for (const each of targets) {
  const { target, create, list, get, seed } = each;

  test(`a ${target} carries a hash of its key and tenant, and none without a key`, async () => {
    const harness = new CreatesHarness();
    const made = await harness.finish(harness.create(target, { key }));
    const of = await tagsOf(harness, target, made.awsJobId);
    expect(of).toEqual({ [tagKey]: expect.stringMatching(/^[\w-]{32}$/) });
    const other = await harness.finish(harness.create(target, { key, tenant: 'b' }));
    expect((await tagsOf(harness, target, other.awsJobId))[tagKey]).not.toBe(of[tagKey]);
    const without = await harness.finish(harness.create(target, {}));
    expect(await tagsOf(harness, target, without.awsJobId)).toEqual({});
  });

  test(`a lost ${target} is found among equal ones of others, each of which costs a read`, async () => {
    const harness = new CreatesHarness();
    await strangers(harness, target, {});
    await harness.fail(create, lost);
    const result = await harness.finish(harness.create(target, { key }));
    expect(result.isReplay).toBe(false);
    await strangers(harness, target, { [tagKey]: 'another' });
    expect(await harness.finish(harness.create(target, { key }))).toEqual({ ...result, isReplay: true });
    // The stranger's create is counted too. The last read is that of the replay.
    expect(await harness.calls()).toEqual({ [create]: 3, [list]: 1, [get]: 2 + 1 + 1 });
  });

  test(`a lost ${target} is found if thousands of older ones exist, without reading these`, async () => {
    const harness = new CreatesHarness();
    await harness.control('POST', 'seed', { [seed]: 2_500 });
    await harness.clock.advance(3_600_000);
    await harness.fail(create, lost);
    await harness.finish(harness.create(target, { key }));
    // The second page shows that the rest is older.
    expect(await harness.calls()).toMatchObject({ [list]: 2, [get]: 2 });
  });

  test(`if more than fifty of ${target} were made around then, a lost one that is not among the nearest stays unknown, and the error says so`, async () => {
    const harness = new CreatesHarness();
    await harness.control('POST', 'seed', { [seed]: 60 });
    await harness.fail(create, { reset: true });
    const attempt = () => harness.finish(harness.create(target, { key }));
    const unknown = {
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
      message: expect.stringMatching(/than the gateway looks/),
    };
    await expect(attempt()).rejects.toMatchObject(unknown);
    await harness.clock.advance(60_000);
    await expect(attempt()).rejects.toMatchObject(unknown);
    expect(await harness.calls()).toMatchObject({ [create]: 1, [get]: 100 });
  });

  test(`a ${target} whose tag others have copied is ambiguous for good`, async () => {
    const harness = new CreatesHarness();
    await lose(harness, each);
    const [id = ''] = await harness.madeIds(target);
    await strangers(harness, target, await tagsOf(harness, target, id));
    const unknown = { code: 'OUTCOME_UNKNOWN', retryable: false };
    for (const _ of [1, 2]) {
      await expect(harness.finish(harness.create(target, { key }))).rejects.toMatchObject(unknown);
      await harness.clock.advance(60_000);
      await harness.finish(harness.creates.reconciliation.sweep());
    }
    expect(await harness.madeIds(target)).toHaveLength(2);
  });

  test(`a lost ${target} that the service does not let be read yet is not sent again`, async () => {
    const harness = new CreatesHarness();
    await lose(harness, each);
    await harness.clock.advance(60_000);
    await harness.fail(get, { status: 404 });
    const attempt = () => harness.finish(harness.create(target, { key }));
    await expect(attempt()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
    expect((await attempt()).isReplay).toBe(true);
    expect(await harness.madeIds(target)).toHaveLength(1);
  });

  test(`a sweep settles a ${target} that a crash left open`, async () => {
    const harness = new CreatesHarness();
    await lose(harness, each);
    harness.crash();
    await harness.clock.advance(30_000);
    await harness.finish(harness.creates.reconciliation.sweep());
    expect(await harness.creates.records.list('unsettled', '', 10)).toEqual([]);
    const [awsJobId] = await harness.madeIds(target);
    expect(await harness.finish(harness.create(target, { key }))).toEqual({ awsJobId, isReplay: true });
  });

  const refusals = [{ status: 403 }, { status: 400 }, { status: 400, awsCode: 'TagPolicyException' }];

  test.each(refusals)(`an account that refuses the tag of a ${target} by %j gets it without, once`, async (fault) => {
    const harness = new CreatesHarness();
    await harness.fail(create, { ...fault, onlyTagged: true }, 10);
    const result = await harness.finish(harness.create(target, { key }));
    expect(result).toMatchObject({ isReplay: false, isUnmarked: true });
    expect(await tagsOf(harness, target, result.awsJobId)).toEqual({});
    const { awsJobId } = result;
    expect(await harness.finish(harness.create(target, { key }))).toEqual({ awsJobId, isReplay: true });
    expect(await harness.madeIds(target)).toEqual([awsJobId]);
    expect((await harness.calls())[create]).toBe(2);
  });

  test(`without its tag a lost ${target} stays unknown, is not sent again, and the error says why`, async () => {
    const harness = new CreatesHarness();
    await harness.fail(create, { status: 403, onlyTagged: true }, 10);
    await harness.fail(create, lost);
    const attempt = () => harness.finish(harness.create(target, { key }));
    for (const ms of [60_000, 3_600_000]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        retryable: false,
        message: expect.stringMatching(/account refuses the tag/),
      });
      await harness.clock.advance(ms);
      harness.crash();
      await harness.finish(harness.creates.reconciliation.sweep());
    }
    expect(await harness.madeIds(target)).toHaveLength(1);
  });

  test(`a ${target} that is refused with and without a tag is refused for good`, async () => {
    const harness = new CreatesHarness();
    await harness.fail(create, { status: 403 }, 2);
    const attempt = () => harness.finish(harness.create(target, { key }));
    for (const _ of [1, 2]) await expect(attempt()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect((await harness.calls())[create]).toBe(2);
    expect(await harness.creates.records.list('unsettled', '', 10)).toEqual([]);
  });

  test(`a gateway that crashes after the tag of a ${target} was refused has not made it, and a repeat makes one`, async () => {
    const harness = new CreatesHarness(2);
    await harness.fail(create, { status: 403, onlyTagged: true }, 10);
    harness.link(0).holds = 'nothing';
    const { records } = harness.gateway(0);
    records.untrace = () => {
      harness.link(0).isCut = true;
      return Promise.reject(new Error('cut'));
    };
    await harness.finish(harness.create(target, { key }).catch(() => {}));
    await harness.clock.advance(31_000);
    const result = await harness.finish(harness.create(target, { key, at: 1 }));
    expect(result).toMatchObject({ isReplay: false, isUnmarked: true });
    expect(await harness.madeIds(target)).toEqual([result.awsJobId]);
  });

  test(`a gateway that crashes after it sent a ${target} without a tag leaves it unknown, and the other does not send it again`, async () => {
    const harness = new CreatesHarness(2);
    await harness.fail(create, { status: 403, onlyTagged: true }, 10);
    await harness.fail(create, { never: true, afterCommit: true });
    const first = harness.create(target, { key }).catch(() => {});
    for (let round = 0; ((await harness.calls())[create] ?? 0) < 2; round += 1) {
      if (round > 1_000) throw new Error('expected a second create');
      await new Promise((resolve) => setImmediate(resolve));
    }
    harness.link(0).isCut = true;
    await harness.clock.advance(31_000);
    const second = harness.finish(harness.create(target, { key, at: 1 }));
    await expect(second).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
    await harness.finish(first);
    expect(await harness.madeIds(target)).toHaveLength(1);
  });
}

test('the same key makes a job, a data set and a revision', async () => {
  const harness = new CreatesHarness();
  for (const target of ['DATA_EXCHANGE', 'DATA_SET', 'REVISION'] as const)
    expect((await harness.finish(harness.create(target, { key }))).isReplay).toBe(false);
});
