/** Varies the responses of AWS Data Exchange within what its documents allow. */
import type { Answer } from '../answer.ts';
import type { Service } from '../service.ts';
import { CatalogForms } from './catalog-forms.ts';
import type { Choices } from './choices.ts';
import { type AssetName, idOf, isMembers, type Members, variedJob } from './job-members.ts';
import { respelled } from './json-forms.ts';
import { ListedForms } from './listed-forms.ts';
import { ObservedJobs } from './observed-jobs.ts';
import { PageShifts } from './page-shifts.ts';
import { type AnsweredCall, variedService } from './varied-service.ts';

export interface DataExchangeVarietyOptions {
  readonly choices: Choices;
  readonly now: () => number;
  readonly assetName: AssetName;
}

export class DataExchangeVariety {
  readonly #options: DataExchangeVarietyOptions;
  readonly #jobs: ObservedJobs;
  readonly #forms: ListedForms;
  readonly #shifts: PageShifts;
  readonly #catalog: CatalogForms;

  constructor(options: DataExchangeVarietyOptions) {
    const { choices, now } = options;
    this.#options = options;
    this.#jobs = new ObservedJobs(choices, now);
    this.#forms = new ListedForms({ choices, now, jobs: this.#jobs });
    this.#shifts = new PageShifts(choices, this.#jobs);
    this.#catalog = new CatalogForms(choices, now);
  }

  /** Whether the page after the one that ended with the job `lastId` begins with that job. */
  isRepeated(lastId: string): boolean {
    return this.#shifts.isRepeated(lastId);
  }

  wrap(service: Service): Service {
    return variedService(service, (answer, answered) => this.#varied(answer, answered, service));
  }

  #varied(answer: Answer, { operation, call }: AnsweredCall, service: Service): Answer {
    const value = answer.status < 300 ? jsonOf(answer) : undefined;
    if (!isMembers(value)) return answer;
    if (operation.endsWith('.CreateJob')) this.#recordCreated(value);
    if (operation.endsWith('.GetJob') && this.#jobs.hidesRead(idOf(value))) {
      return service.errorAnswer(404, 'ResourceNotFoundException');
    }
    return { ...answer, body: respelled(this.#variedForm(operation, value), this.#options.choices, operation, call) };
  }

  #variedForm(operation: string, value: Members): Members {
    if (operation.endsWith('Job')) return this.#variedJob(value);
    if (operation.endsWith('.ListJobs')) return this.#variedPage(value);
    return this.#catalog.varied(operation.split('.')[1] ?? '', value);
  }

  #recordCreated(job: Members): void {
    this.#jobs.recordCreated(idOf(job));
    this.#forms.record(job);
  }

  #variedJob(job: Members): Members {
    const { choices, assetName } = this.#options;
    return variedJob(job, { choices, assetName, number: this.#jobs.numberOf(idOf(job)) });
  }

  /** Removes the jobs that are not listed yet. The page is then shorter, but its token still leads to the next page. */
  #variedPage(value: Members): Members {
    const entries = value['Jobs'];
    if (!Array.isArray(entries)) return value;
    const jobs = entries.filter(isMembers);
    const last = jobs.at(-1);
    if (last !== undefined && 'NextToken' in value) this.#shifts.recordPageEnd(idOf(last));
    const listed = jobs.filter((job) => this.#jobs.isListed(idOf(job)));
    return { ...value, Jobs: listed.map((job) => this.#variedJob(this.#forms.listed(job))) };
  }
}

function jsonOf({ body }: Answer): unknown {
  return body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString());
}
