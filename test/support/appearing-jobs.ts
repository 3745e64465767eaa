/** Creates jobs, so that streams of activity have events. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dataExchangeDetails } from './examples.ts';
import type { TestGateway } from './gateway.ts';

const create = `mutation ($details: DataExchangeJobDetailsInput!) {
  createDataExchangeJob(input: { details: $details }) { job { id } }
}`;

/** Creates jobs of the demo's data set until `outcome` is settled. */
export async function whileJobsAppear({ ask }: Pick<TestGateway, 'ask'>, outcome: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  outcome.then(settle, settle);
  for (let waits = 0; !isSettled && waits < 100; waits += 1) {
    await sleep(50);
    if (!isSettled) await ask(create, { details: dataExchangeDetails.EXPORT_ASSET_TO_SIGNED_URL });
  }
}
