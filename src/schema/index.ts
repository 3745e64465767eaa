/** Assembles the schema: each file below adds its part to the builder. */
import { builder } from './builder.ts';
import { leaveOutEmptyOptionals } from './empty-optionals.ts';
import { withGuardedFields } from './guarded-fields.ts';
import { introduction } from './introduction.ts';
import './scalars.ts';
import './gateway.ts';
import './node.ts';
import './job.ts';
import './job-page.ts';
import './import-export-job.ts';
import './create-import-export-job.ts';
import './update-import-export-job.ts';
import './shipping-label.ts';
import './data-exchange-job.ts';
import './create-data-exchange-job.ts';
import './start-data-exchange-job.ts';
import './create-data-set.ts';
import './create-revision.ts';
import './finalize-revision.ts';
import './cancel-job.ts';
import './catalog/data-set.ts';
import './catalog/revision.ts';
import './catalog/asset.ts';
import './job-event.ts';

/** Sorted, so that the printed schema changes only where its content does. */
export const schema = withGuardedFields(leaveOutEmptyOptionals(builder.toSchema({ sortSchema: true })));
schema.description = introduction;
