/** The form for one kind of job, made from the input type of the schema. */

import { useMemo, useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import { Link, useLocation } from 'wouter-preact';
import { type Answer, codeOf, request } from '../gateway.ts';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { sentenceOf } from '../words.ts';
import { type Fault, Fields, type Form, FormContext } from './fields.tsx';
import { FileHash } from './file-hash.tsx';
import type { Kind } from './kinds.ts';
import { changed, filledIn, isValues, type Value, type Values } from './values.ts';

const createDataExchangeJob = `mutation Create($input: CreateDataExchangeJobInput!) {
  payload: createDataExchangeJob(input: $input) { job { id } userErrors { field message } }
}`;
const createImportExportJob = `mutation Create($input: CreateImportExportJobInput!) {
  payload: createImportExportJob(input: $input) { job { id } userErrors { field message } }
}`;

interface Created {
  readonly payload: { readonly job: { readonly id: string } | null; readonly userErrors: readonly Fault[] } | null;
}

/** Jobs that begin with an upload are started after it. */
const startsAfterUpload = new Set(['importAssetFromSignedUrl', 'importAssetFromApiGatewayApi']);

export function CreateForm({ kind, viewer }: { readonly kind: Kind; readonly viewer: Viewer }) {
  const [, navigate] = useLocation();
  const [values, setValues] = useState<Values>({});
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [message, setMessage] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const member = kind.service === 'DATA_EXCHANGE' ? 'details' : 'manifest';
  const document = kind.service === 'DATA_EXCHANGE' ? createDataExchangeJob : createImportExportJob;
  const isStarted = kind.service === 'DATA_EXCHANGE' && !startsAfterUpload.has(kind.name);

  const form: Form = useMemo(
    () => ({
      change: (path, value) => setValues((before) => asValues(changed(before, path, value))),
      faultsAt: (path) => {
        const at = [member, kind.name, ...path].join('.');
        return faults.filter(({ field }) => field?.join('.') === at);
      },
      mayPick: viewer.mayReadCatalog,
      mayPublish: viewer.mayPublish,
    }),
    [faults],
  );
  const shownElsewhere = faults.filter(({ field }) => !isOfForm(field, member, kind.name));

  function input(): Readonly<Record<string, unknown>> {
    return { [member]: { [kind.name]: filledIn(values) ?? {} }, ...(isStarted && { start: true }) };
  }

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setMessage('Creating');
    const answer: Answer<Created> = await createOnce(`create-${kind.name}`, async (idempotencyKey) => {
      const sent = await request<Created>(document, { input: { ...input(), idempotencyKey } });
      // It is followed up by the same key until it is known.
      if (codeOf(sent) === 'OUTCOME_UNKNOWN')
        setMessage('The answer was lost. Finding out whether the job was created');
      return sent;
    }).catch((error: unknown) => ({ errors: [{ message: String(error) }] }));
    setIsBusy(false);
    const payload = answer.data?.payload;
    setFaults(payload?.userErrors ?? []);
    if (payload?.job && payload.userErrors.length === 0) navigate(`/jobs/${payload.job.id}`);
    else
      setMessage(
        answer.errors ? sentenceOf(codeOf(answer), answer.errors[0]?.message ?? '') : summaryOf(payload?.userErrors),
      );
  }

  return (
    <FormContext.Provider value={form}>
      <p>
        <Link href="/new">All kinds of jobs</Link>
      </p>
      <Heading title={kind.title} />
      <p>{kind.about}</p>
      <form class="create" noValidate onSubmit={(event) => void create(event)}>
        {kind.name === 'importAssetFromSignedUrl' && (
          <FileHash onRead={(assetName, md5Hash) => setValues((before) => ({ ...before, assetName, md5Hash }))} />
        )}
        <Fields type={kind.inputType} path={[]} values={values} />
        {shownElsewhere.map(({ message: fault }) => (
          <p role="alert" class="fault" key={fault}>
            {fault}
          </p>
        ))}
        <div class="actions">
          <button type="submit" disabled={isBusy}>
            Create{isStarted && ' and start'}
          </button>
          <p role="status">{message}</p>
          <CopyAsGraphQL query={document} variables={{ input: input() }} />
        </div>
      </form>
    </FormContext.Provider>
  );
}

function asValues(value: Value): Values {
  return isValues(value) ? value : {};
}

/** The faults of single fields stand beside them. */
function isOfForm(field: Fault['field'], member: string, name: string): boolean {
  return field !== null && field.length > 2 && field[0] === member && field[1] === name;
}

function summaryOf(faults: readonly Fault[] = []): string {
  return faults.length === 1 ? 'One field needs another look.' : `${faults.length} fields need another look.`;
}
