/**
 * Adds to the schema what the router of a federated graph asks a subgraph for. The source of the two fields is the "Apollo
 * Federation Subgraph Specification".
 */
import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isInterfaceType,
} from 'graphql';
import { sizes } from '../model/job-input-sizes.ts';
import { entities } from '../resolvers/entities.ts';
import { nodeTypeName } from '../resolvers/node.ts';
import { schema } from './index.ts';
import { printedSubgraph } from './print-subgraph.ts';
import { sized } from './sized.ts';

/** The schema that answers a router, and clients as before. It shares all types with `schema` except `Query`. */
export function subgraphSchema(): GraphQLSchema {
  const config = schema.toConfig();
  const { fields, ...queryType } = queryConfig();
  const query = new GraphQLObjectType({ ...queryType, fields: { ...routerFields(), ...fields } });
  return new GraphQLSchema({ ...config, query, types: config.types.filter(({ name }) => name !== query.name) });
}

function queryConfig() {
  const query = schema.getQueryType();
  if (!query) throw new Error('expected a schema with queries');
  return query.toConfig();
}

/**
 * Neither field requires a scope by itself: `_entities` checks those of each representation, and `_service` is reading the
 * schema, for which the gateway checks the caller before it executes the operation.
 */
function routerFields() {
  const representation = new GraphQLScalarType({
    name: '_Any',
    description: 'What another subgraph knows of an object of this one: its `__typename` and its `id`.',
  });
  const entity = new GraphQLUnionType({
    name: '_Entity',
    description: 'The objects that other subgraphs can refer to.',
    types: entityTypes(),
    resolveType: nodeTypeName,
  });
  const service = new GraphQLObjectType({
    name: '_Service',
    description: 'This API as a subgraph.',
    fields: {
      sdl: { description: 'The schema with the directives of federation.', type: new GraphQLNonNull(GraphQLString) },
    },
  });
  return {
    _entities: {
      description:
        'For the router of a federated graph: what has these representations, in the same order, under the rules and at the cost of `nodes`. One that could not be read is null, with an error at its path.',
      type: new GraphQLNonNull(new GraphQLList(entity)),
      args: {
        representations: {
          ...sized(sizes.representations, (range) => `Representations, ${range}. Repeats are fine.`),
          type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(representation))),
        },
      },
      resolve: entities,
    },
    _service: {
      description: 'For what composes the federated graph. Takes the right to read the schema.',
      type: new GraphQLNonNull(service),
      resolve: subgraphService,
    },
  };
}

function entityTypes(): readonly GraphQLObjectType[] {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
}

let printed: string | undefined;

function subgraphService(): { readonly sdl: string } {
  printed ??= printedSubgraph();
  return { sdl: printed };
}
