/** Each exception of Import/Export has one code of the gateway, and keeps its own name beside it. */
import { expect, test } from 'vitest';
import { globalId, manifests } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

const exceptions: readonly [awsCode: string, status: number, code: string][] = [
  ['BucketPermissionException', 400, 'ACCESS_DENIED'],
  ['CanceledJobIdException', 400, 'CONFLICT'],
  ['CreateJobQuotaExceededException', 400, 'QUOTA_EXCEEDED'],
  ['ExpiredJobIdException', 400, 'CONFLICT'],
  ['InvalidAccessKeyIdException', 400, 'INVALID_MANIFEST'],
  ['InvalidAddressException', 400, 'INVALID_MANIFEST'],
  ['InvalidClientTokenIdException', 403, 'CREDENTIALS_UNAVAILABLE'],
  ['InvalidCustomsException', 400, 'INVALID_MANIFEST'],
  ['InvalidFileSystemException', 400, 'INVALID_MANIFEST'],
  ['InvalidJobIdException', 400, 'NOT_FOUND'],
  ['InvalidManifestFieldException', 400, 'INVALID_MANIFEST'],
  ['InvalidParameterException', 400, 'INVALID_INPUT'],
  ['InvalidVersionException', 400, 'UPSTREAM_REJECTED'],
  ['MalformedManifestException', 400, 'INVALID_MANIFEST'],
  ['MissingCustomsException', 400, 'INVALID_MANIFEST'],
  ['MissingManifestFieldException', 400, 'INVALID_MANIFEST'],
  ['MissingParameterException', 400, 'INVALID_INPUT'],
  ['MultipleRegionsException', 400, 'INVALID_MANIFEST'],
  ['NoSuchBucketException', 400, 'NOT_FOUND'],
  ['UnableToCancelJobIdException', 400, 'CONFLICT'],
  ['UnableToUpdateJobIdException', 400, 'CONFLICT'],
];

const update = `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
  updateImportExportJob(id: $id, input: $input) { job { id } userErrors { code message awsCode } }
}`;

/** The code and the name in the response, as a user error or as an error of the field. */
async function outcomeOf(awsCode: string, status: number) {
  const { ask, emulator, complaints } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  await emulator.fail('ImportExport.UpdateJob', { status, awsCode }, 10);
  await emulator.forgetRequests();
  const variables = {
    id: globalId('ImportExportJob', importExport[0] ?? ''),
    input: { manifest: manifests.importToS3 },
  };
  const answer = await ask(update, variables);
  expect(await emulator.requests()).toEqual({ 'ImportExport.UpdateJob': 1 });
  expect(complaints).toEqual([]);
  // The message of every scripted error of the emulator.
  expect(JSON.stringify(answer)).not.toContain('Scripted');
  const [error] = answer.errors ?? [];
  if (error) return { code: error.extensions?.['code'], awsCode: error.extensions?.['awsCode'], isUserError: false };
  const { userErrors } = field<{ userErrors: { code: string; awsCode: string }[] }>(
    answer.data,
    'updateImportExportJob',
  );
  return { code: userErrors[0]?.code, awsCode: userErrors[0]?.awsCode, isUserError: true };
}

const codesOfTheGateway = ['CREDENTIALS_UNAVAILABLE', 'UPSTREAM_REJECTED'];

test('The list of exceptions has all 21', () => {
  expect(new Set(exceptions.map(([awsCode]) => awsCode)).size).toBe(21);
});

test.each(exceptions)('%s with %i becomes %s', async (awsCode, status, code) => {
  expect(await outcomeOf(awsCode, status)).toEqual({ code, awsCode, isUserError: !codesOfTheGateway.includes(code) });
});

test('An unknown exception becomes UPSTREAM_REJECTED, with its name', async () => {
  const awsCode = 'JobEatenByDogException';
  expect(await outcomeOf(awsCode, 400)).toEqual({ code: 'UPSTREAM_REJECTED', awsCode, isUserError: false });
});

test('The service’s refusal of a foreign access key gets a message of the gateway', async () => {
  expect(await outcomeOf('InvalidAccessKeyIdException', 400)).toMatchObject({
    code: 'INVALID_MANIFEST',
    isUserError: true,
  });
});
