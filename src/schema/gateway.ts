/** The query `gateway`: what a page says of whom it shows the jobs of, and to whom. */
import { type Gateway, gateway, region } from '../resolvers/gateway.ts';
import { builder } from './builder.ts';
import { readingEither } from './rights.ts';

const Backend = builder.enumType('Backend', {
  description: 'Whose jobs a gateway shows.',
  values: {
    AWS: { description: 'Those of an account, or of what is set in place of the endpoints of AWS.' },
    EMULATOR: { description: 'Those of the emulator of both services in the gateway, which are gone when it ends.' },
  } as const,
});

const GatewayType = builder.objectRef<Gateway>('Gateway').implement({
  description: 'The gateway that answers.',
  extensions: readingEither,
  fields: (t) => ({
    backend: t.expose('backend', { type: Backend, description: 'Whose jobs these are.' }),
    region: t.string({
      nullable: true,
      description:
        'The region in which AWS Data Exchange is called. Null if none is set. AWS Import/Export has one endpoint for all.',
      resolve: region,
    }),
    version: t.exposeString('version', { description: 'The version of the program.' }),
    scopes: t.exposeStringList('scopes', {
      description:
        'What the caller may do, such as `jobs:write`: a page offers nothing that would be refused. All of them on a gateway without authentication.',
    }),
  }),
});

builder.queryFields((t) => ({
  gateway: t.field({
    extensions: readingEither,
    type: GatewayType,
    description: 'The gateway that answers, and what the caller may do there. Costs no call.',
    resolve: gateway,
  }),
}));
