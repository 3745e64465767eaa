/** Goes to the job that AWS names so. The form of the id says whose it is. */
import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { type Answer, codeOf, request } from '../gateway.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import { type JobService, sentenceOf } from '../words.ts';

const byAwsId = graphql(`query ByAwsId($service: JobService!, $awsJobId: String!) {
  jobByAwsId(service: $service, awsJobId: $awsJobId) { id }
}`);

type Found = Answer<ResultOf<typeof byAwsId>>;

export function Jump() {
  const [, navigate] = useLocation();
  const [failure, setFailure] = useState('');
  async function jump(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const awsJobId = idIn(String(new FormData(event.currentTarget as HTMLFormElement).get('awsJobId')));
    if (awsJobId === '') return;
    const service: JobService = /^[0-9a-f]{32}$/.test(awsJobId) ? 'DATA_EXCHANGE' : 'IMPORT_EXPORT';
    const answer: Found = await request(byAwsId, { service, awsJobId }).catch(() => ({
      errors: [{ message: 'The gateway does not answer.' }],
    }));
    const id = answer.data?.jobByAwsId?.id;
    if (id !== undefined) navigate(`/jobs/${id}`);
    else setFailure(failureOf(answer, awsJobId));
  }
  return (
    <form class="jump" onSubmit={(event) => void jump(event)}>
      <label>
        <span class="visually-hidden">Go to the job with this AWS id</span>
        <input
          name="awsJobId"
          type="search"
          placeholder="Go to an AWS id"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={failure !== ''}
          onInput={() => setFailure('')}
        />
      </label>
      {failure && <p role="alert">{failure}</p>}
    </form>
  );
}

/** An id that no service can have made is as good as one that it does not have. */
function failureOf(answer: Found, awsJobId: string): string {
  const code = codeOf(answer);
  if (answer.errors === undefined || code === 'INVALID_INPUT') return `No job has the id ${shortened(awsJobId)}.`;
  return sentenceOf(code, answer.errors[0]?.message ?? '');
}

/** People paste an id with what is around it, or the ARN that ends with it. */
function idIn(pasted: string): string {
  const id = pasted.replace(/[\s\p{Cf}"'`]/gu, '').replace(/^arn:.*\//, '');
  return /^[0-9A-F]{32}$/.test(id) ? id.toLowerCase() : id;
}

function shortened(id: string): string {
  return id.length > 40 ? `${id.slice(0, 40)}…` : id;
}
