/** AWS Data Exchange as it may answer, within what its documents allow, instead of always alike and at once. */
import type { Answer } from '../answer.ts';
import type { Service } from '../service.ts';
import type { Choices } from './choices.ts';
import { type AssetName, idOf, isMembers, type Members, variedJob } from './job-members.ts';
import { respelled } from './json-forms.ts';
import { ListedForms } from './listed-forms.ts';
import { PageShifts } from './page-shifts.ts';
import { SeenJobs } from './seen-jobs.ts';
import { type AnsweredCall, variedService } from './varied-service.ts';

export interface DataExchangeVarietyOptions {
  readonly choices: Choices;
  readonly now: () => number;
  readonly assetName: AssetName;
}

export class DataExchangeVariety {
  readonly #options: DataExchangeVarietyOptions;
  readonly #seen: SeenJobs;
  readonly #forms: ListedForms;
  readonly #shifts: PageShifts;

  constructor(options: DataExchangeVarietyOptions) {
    const { choices, now } = options;
    this.#options = options;
    this.#seen = new SeenJobs(choices, now);
    this.#forms = new ListedForms({ choices, now, seen: this.#seen });
    this.#shifts = new PageShifts(choices, this.#seen);
  }

  /** Whether the page after the one that ended with the job `lastId` begins with it. */
  isRepeated(lastId: string): boolean {
    return this.#shifts.isRepeated(lastId);
  }

  around(service: Service): Service {
    return variedService(service, (answer, answered) => this.#varied(answer, answered, service));
  }

  #varied(answer: Answer, { operation, call }: AnsweredCall, service: Service): Answer {
    const value = answer.status < 300 ? jsonOf(answer) : undefined;
    if (!isMembers(value)) return answer;
    if (operation.endsWith('.CreateJob')) this.#noteCreated(value);
    if (operation.endsWith('.GetJob') && this.#seen.hidesRead(idOf(value))) {
      return service.errorAnswer(404, 'ResourceNotFoundException');
    }
    const seen = operation.endsWith('Job') ? this.#job(value) : this.#page(value);
    return { ...answer, body: respelled(seen, this.#options.choices, operation, call) };
  }

  #noteCreated(job: Members): void {
    this.#seen.noteCreated(idOf(job));
    this.#forms.note(job);
  }

  #job(job: Members): Members {
    const { choices, assetName } = this.#options;
    return variedJob(job, { choices, assetName, number: this.#seen.numberOf(idOf(job)) });
  }

  /** A page without the entries that are not listed yet is a short one, and its token leads on all the same. */
  #page(value: Members): Members {
    const entries = value['Jobs'];
    if (!Array.isArray(entries)) return value;
    const jobs = entries.filter(isMembers);
    const last = jobs.at(-1);
    if (last !== undefined && 'NextToken' in value) this.#shifts.notePageEnd(idOf(last));
    const listed = jobs.filter((job) => this.#seen.isListed(idOf(job)));
    return { ...value, Jobs: listed.map((job) => this.#job(this.#forms.listed(job))) };
  }
}

function jsonOf({ body }: Answer): unknown {
  return body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString());
}
