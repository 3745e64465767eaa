/** Varies responses about data sets and revisions: which new ones a list shows, and the members that a reply may omit. */
import type { Choices } from './choices.ts';
import { idOf, isMembers, type Members } from './job-members.ts';
import { ObservedJobs } from './observed-jobs.ts';

export class CatalogForms {
  readonly #choices: Choices;
  readonly #observed: ObservedJobs;

  constructor(choices: Choices, now: () => number) {
    this.#choices = choices;
    this.#observed = new ObservedJobs(choices, now);
  }

  /** `operation` without the name of the service. */
  varied(operation: string, value: Members): Members {
    if (operation === 'CreateDataSet' || operation === 'CreateRevision') this.#observed.recordCreated(idOf(value));
    for (const list of ['DataSets', 'Revisions']) {
      const entries = value[list];
      if (Array.isArray(entries)) return { ...value, [list]: this.#listed(entries.filter(isMembers)) };
    }
    return 'Finalized' in value || 'Origin' in value ? this.#form(value) : value;
  }

  /** Lists may lag behind, as those of jobs; nothing says by how much. */
  #listed(entries: readonly Members[]): readonly Members[] {
    return entries.filter((entry) => this.#observed.isListed(idOf(entry))).map((entry) => this.#form(entry));
  }

  /** The model requires neither: no tags may be absent or empty, and a revision that is not revoked may say so. */
  #form(entry: Members): Members {
    const number = this.#observed.numberOf(idOf(entry));
    const { Tags, ...rest } = entry;
    const hasNoTags = isMembers(Tags) && Object.keys(Tags).length === 0;
    return {
      ...(hasNoTags && this.#choices.isChosen(0.5, 'Tags', number) ? rest : entry),
      ...('Finalized' in entry && this.#choices.isChosen(0.5, 'Revoked', number) && { Revoked: false }),
    };
  }
}
