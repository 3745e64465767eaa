/** Checks ids of jobs that a mutation receives. */
import { type Check, faultsIn, object } from '../backends/input/checks.ts';
import type { InputFault } from '../model/input-fault.ts';
import { type JobService, serviceNames } from '../model/job-state.ts';
import { jobRefFrom, jobTypeNames } from './global-id.ts';
import { Refusal } from './payload.ts';

/** The id of a job of `service`, or of any job. */
export function jobIdOf(service?: JobService): Check {
  const expected = service === undefined ? 'Job' : jobTypeNames[service];
  const says = `must be that of ${service === undefined ? 'a' : `an ${serviceNames[service]}`} job`;
  return (id, path, findings) => {
    const ref = typeof id === 'string' ? jobRefFrom(id) : undefined;
    const isRight = ref !== undefined && (service === undefined || ref.service === service);
    if (!isRight) findings.add(path, { code: 'INVALID_ID', parameters: { expected }, says });
  };
}

/** The fault of the argument `id` unless it is the id of a job of `service`, or of any job. */
export function faultsInId(id: string, service?: JobService): readonly InputFault[] {
  return faultsIn(object({ id: jobIdOf(service) }), { id });
}

/**
 * The service's own id of the job `id`, an argument of the mutation. Throws `Refusal` unless it is a job of `service`.
 */
export function awsJobIdFrom(id: string, service: JobService): string {
  const ref = jobRefFrom(id);
  if (ref?.service === service) return ref.awsJobId;
  throw new Refusal(...faultsInId(id, service));
}
