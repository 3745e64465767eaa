/** AWS Data Exchange as it may answer, within what its documents allow, instead of always alike and at once. */
import type { Answer } from '../answer.ts';
import type { Incoming } from '../incoming.ts';
import type { Service } from '../service.ts';
import type { Choices } from './choices.ts';
import { isMembers, type Members, variedJob } from './job-members.ts';
import { respelled } from './json-forms.ts';

/** For so long at most is a new job missing from the list, or from GetJob. */
const lagMs = 1_200;

interface NewJob {
  readonly number: number;
  readonly createdAt: number;
  reads: number;
}

export function variedDataExchange(service: Service, choices: Choices, now: () => number): Service {
  const jobs = new NewJobs(choices, now);
  const calls = new Map<string, number>();
  return {
    ...service,
    answer: (incoming) => {
      const operation = service.operationOf(incoming) ?? '';
      const call = (calls.get(operation) ?? 0) + 1;
      calls.set(operation, call);
      const answer = service.answer(incoming);
      const value = answer.status < 300 ? jsonOf(answer) : undefined;
      if (!isMembers(value)) return answer;
      if (operation.endsWith('.CreateJob')) jobs.note(value);
      if (operation.endsWith('.GetJob') && jobs.isNotYetRead(value)) {
        return service.errorAnswer(404, 'ResourceNotFoundException');
      }
      const seen = operation.endsWith('Job') ? jobs.varied(value) : withListed(value, jobs);
      return { ...answer, body: respelled(seen, choices, operation, call) };
    },
    operationOf: (incoming: Incoming) => service.operationOf(incoming),
    errorAnswer: (status, awsCode) => service.errorAnswer(status, awsCode),
  };
}

/** A page without the entries that are not listed yet is a short one, and its token leads on all the same. */
function withListed(value: Members, jobs: NewJobs): Members {
  const entries = value['Jobs'];
  if (!Array.isArray(entries)) return value;
  const listed = entries.filter(isMembers).filter((entry) => !jobs.isNotYetListed(entry));
  return { ...value, Jobs: listed.map((entry) => jobs.varied(entry)) };
}

/** The jobs that were made by CreateJob, numbered in that order: unlike their ids, the numbers are the same in each run. */
class NewJobs {
  readonly #choices: Choices;
  readonly #now: () => number;
  readonly #byId = new Map<unknown, NewJob>();

  constructor(choices: Choices, now: () => number) {
    this.#choices = choices;
    this.#now = now;
  }

  note(job: Members): void {
    this.#byId.set(job['Id'], { number: this.#byId.size, createdAt: this.#now(), reads: 0 });
  }

  varied(job: Members): Members {
    return variedJob(job, this.#choices, this.#byId.get(job['Id'])?.number ?? -1);
  }

  /** GetJob may answer 404 for some seconds after CreateJob: Terraform's provider waits for that. Here twice at most. */
  isNotYetRead(job: Members): boolean {
    const known = this.#byId.get(job['Id']);
    if (known === undefined || this.#now() - known.createdAt >= lagMs) return false;
    known.reads += 1;
    return known.reads <= this.#choices.below(3, 'reads', known.number);
  }

  /** How far lists lag behind is unknown. */
  isNotYetListed(entry: Members): boolean {
    const known = this.#byId.get(entry['Id']);
    if (known === undefined) return false;
    return this.#now() - known.createdAt < this.#choices.below(lagMs, 'listed', known.number);
  }
}

function jsonOf({ body }: Answer): unknown {
  return body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString());
}
