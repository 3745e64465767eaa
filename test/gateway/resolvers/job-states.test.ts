/** The changes that a Data Exchange job allows in each of its states. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';

const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { userErrors { code } } }';
const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }';

test.each([
  ['WAITING', [], []],
  ['IN_PROGRESS', [], ['CONFLICT']],
  ['COMPLETED', [], ['CONFLICT']],
  ['ERROR', ['CONFLICT'], ['CONFLICT']],
  ['CANCELLED', ['CONFLICT'], []],
  ['TIMED_OUT', ['CONFLICT'], ['CONFLICT']],
])('A job that is %s is started and cancelled as its state allows', async (state, ofStart, ofCancel) => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 2 });
  for (const [index, [mutation, name, codes]] of [
    [start, 'startDataExchangeJob', ofStart] as const,
    [cancel, 'cancelJob', ofCancel] as const,
  ].entries()) {
    const awsJobId = dataExchange[index] ?? '';
    if (state !== 'WAITING') await emulator.move(awsJobId, { state });
    const { data, errors } = await ask(mutation, { id: globalId('DataExchangeJob', awsJobId) });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ [name]: { userErrors: codes.map((code) => ({ code })) } });
  }
});
