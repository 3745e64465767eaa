/** What the service may leave out of a job's details, or fill in (Data Exchange API reference and User Guide). */
import type { Choices } from './choices.ts';

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `number` tells the job from others: one job is told alike in all answers. */
export function variedJob(job: Members, choices: Choices, number: number): Members {
  const isChosen = (share: number, what: string) => choices.isChosen(share, what, number);
  return {
    ...job,
    // Whether a healthy job has no `Errors` or an empty list is unknown.
    ...(!('Errors' in job) && isChosen(0.5, 'errors') && { Errors: [] }),
    Details: isMembers(job['Details']) ? variedDetails(job['Details'], isChosen) : job['Details'],
  };
}

type IsChosen = (share: number, what: string) => boolean;

function variedDetails(details: Members, isChosen: IsChosen): Members {
  return Object.fromEntries(
    Object.entries(details).map(([type, members]) => [
      type,
      isMembers(members) ? variedMembers(type, members, isChosen) : members,
    ]),
  );
}

/** `Md5Hash` is optional in the replies of the model; of an API the User Guide prints these members only. */
function variedMembers(type: string, members: Members, isChosen: IsChosen): Members {
  if (type === 'ImportAssetFromSignedUrl' && isChosen(0.5, 'Md5Hash')) return without(members, ['Md5Hash']);
  if (type === 'ImportAssetFromApiGatewayApi' && isChosen(0.5, 'api')) return without(members, absentFromSample);
  return members;
}

const absentFromSample = [
  'ApiName',
  'ApiDescription',
  'ApiKey',
  'ApiSpecificationMd5Hash',
  'ApiSpecificationUploadUrl',
  'ApiSpecificationUploadUrlExpiresAt',
];

function without(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
