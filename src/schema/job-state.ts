/** The enum of the states of a job. */
import { builder } from './builder.ts';

export const JobState = builder.enumType('JobState', {
  description: 'The life of a job, in one vocabulary for both services.',
  values: {
    CANCELLED: { description: 'Cancelled before it finished.' },
    COMPLETED: { description: 'Finished, and everything was transferred.' },
    COMPLETED_WITH_ERRORS: {
      description: 'Finished, and some items were not transferred. AWS Import/Export only.',
    },
    FAILED: { description: 'Stopped by an error.' },
    IN_PROGRESS: { description: 'Data is being transferred.' },
    TIMED_OUT: { description: 'Given up by the service because it was not started or finished in time.' },
    UNKNOWN: {
      description:
        'The service reported a state newer than this gateway: see `stateCode` of an AWS Data Exchange job, `progress.code` of an AWS Import/Export job.',
    },
    WAITING: { description: 'Created, and not started.' },
  } as const,
});
