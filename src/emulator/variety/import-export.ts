/** Varies the responses of AWS Import/Export within what its documents allow. */
import type { Answer } from '../answer.ts';
import type { Service } from '../service.ts';
import type { Choices } from './choices.ts';
import { ObservedJobs } from './observed-jobs.ts';
import { type AnsweredCall, variedService } from './varied-service.ts';
import { respelledXml } from './xml-forms.ts';
import { childOf, withChildren, type XmlNode, xmlTree } from './xml-tree.ts';

export class ImportExportVariety {
  readonly #choices: Choices;
  readonly #jobs: ObservedJobs;

  constructor(choices: Choices, now: () => number) {
    this.#choices = choices;
    this.#jobs = new ObservedJobs(choices, now);
  }

  /** Whether the list shows the job yet. It is unknown how long lists lag behind CreateJob. */
  isListed(jobId: string): boolean {
    return this.#jobs.isListed(jobId);
  }

  wrap(service: Service): Service {
    return variedService(service, (answer, answered) => this.#varied(answer, answered, service));
  }

  #varied(answer: Answer, { operation: name, call }: AnsweredCall, service: Service): Answer {
    const [, operation = ''] = name.split('.');
    const root = xmlTree(Buffer.from(answer.body).toString());
    const result = childOf(root, `${operation}Result`);
    if (result === undefined) return this.#respelled(answer, root, [operation, call]);
    const jobId = childOf(result, 'JobId')?.text;
    if (operation === 'CreateJob' && jobId !== undefined) this.#jobs.recordCreated(jobId);
    if (this.#isRefusedAsCancelled(result, jobId)) return service.errorAnswer(400, 'CanceledJobIdException');
    const varied = operation === 'ListJobs' ? this.#variedPage(result, call) : this.#variedResult(result, jobId);
    const whole = withChildren(root, (child) => (child === result ? varied : child));
    return this.#respelled(answer, whole, [operation, call]);
  }

  #respelled(answer: Answer, root: XmlNode, facts: readonly (string | number)[]): Answer {
    return { ...answer, body: respelledXml(root, this.#choices, ...facts) };
  }

  /**
   * By its list of errors GetStatus refuses cancelled jobs, but AWS's own live test reads their status. The variety
   * does either, except for a new job, which GetStatus never refuses.
   */
  #isRefusedAsCancelled(result: XmlNode, jobId: string | undefined): boolean {
    if (jobId === undefined || childOf(result, 'ProgressCode')?.text !== 'Canceled' || this.#jobs.isNew(jobId))
      return false;
    return this.#choices.isChosen(0.5, 'gone', this.#jobs.numberOf(jobId));
  }

  /** A page may be shorter than requested, and then says that there is more. */
  #variedPage(result: XmlNode, call: number): XmlNode {
    const members = childOf(result, 'Jobs')?.children ?? [];
    const isCut = members.length > 1 && this.#choices.isChosen(0.3, 'short', call);
    const kept = isCut ? members.slice(0, Math.ceil(members.length / 2)) : members;
    return withChildren(result, (child) => {
      if (child.name === 'Jobs') {
        if (kept.length === 0 && this.#choices.isChosen(0.5, 'Jobs', call)) return undefined;
        return { ...child, children: kept.map((member) => this.#dated(member, childOf(member, 'JobId')?.text ?? '')) };
      }
      if (child.name !== 'IsTruncated') return child;
      if (isCut) return { ...child, text: 'true' };
      return child.text === 'false' && this.#choices.isChosen(0.5, 'IsTruncated', call) ? undefined : child;
    });
  }

  #variedResult(result: XmlNode, jobId: string | undefined): XmlNode {
    const number = jobId === undefined ? -1 : this.#jobs.numberOf(jobId);
    const isLeftOut = ({ name, text, children }: XmlNode): boolean =>
      (isOptional(result.name, name) || (name === 'ArtifactList' && children.length + text.length === 0)) &&
      this.#choices.isChosen(0.5, name, number);
    return withChildren(this.#dated(result, jobId ?? ''), (child) => (isLeftOut(child) ? undefined : child));
  }

  /** The date of a job has the same form in all responses; aws-sdk-js reads both. */
  #dated(node: XmlNode, jobId: string): XmlNode {
    return withChildren(node, (child) =>
      child.name === 'CreationDate' && this.#choices.isChosen(0.5, 'date', this.#jobs.numberOf(jobId))
        ? { ...child, text: child.text.replace('Z', '.000Z') }
        : child,
    );
  }
}

/** Replies to CreateJob from before 2015 have no `JobType`. A reply has a warning only if there is a reason. */
const optionalMembers: Readonly<Record<string, readonly string[]>> = {
  CreateJobResult: ['JobType', 'WarningMessage'],
  UpdateJobResult: ['WarningMessage'],
  GetStatusResult: ['LocationMessage', 'ProgressMessage'],
};

function isOptional(result: string, member: string): boolean {
  return optionalMembers[result]?.includes(member) ?? false;
}
