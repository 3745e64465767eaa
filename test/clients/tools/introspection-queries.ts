/** The introspection queries of tools, with what each leaves out. */
import { getIntrospectionQuery } from 'graphql';

export interface ToolRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: object;
}

export interface ToolIntrospection {
  readonly tool: string;
  readonly accept: string;
  readonly request: ToolRequest;
  /** What the query does not ask for. */
  readonly without: readonly ('oneOf' | 'schemaDescription' | 'specifiedBy')[];
}

const json = 'application/json';
const all = ['oneOf', 'schemaDescription', 'specifiedBy'] as const;
const operationName = 'IntrospectionQuery';

/** Types may be wrapped as often as by graphql-js 15, seven times; by graphql-js 16.15 nine times. */
const typeReference = (depth: number): string =>
  depth === 0 ? 'kind name' : `kind name ofType { ${typeReference(depth - 1)} }`;

/** Of Rover 0.41: the types, but not the description of the schema, `isRepeatable`, `isOneOf` and `specifiedByURL`. */
function roverQuery(isLegacy: boolean): string {
  const withDeprecated = isLegacy ? '' : '(includeDeprecated: true)';
  return `query GraphIntrospectQuery {
    __schema {
      queryType { name }
      mutationType { name }
      subscriptionType { name }
      types { ...FullType }
      directives { name description locations args { ...InputValue } }
    }
  }
  fragment FullType on __Type {
    kind
    name
    description
    fields(includeDeprecated: true) {
      name
      description
      args${withDeprecated} { ...InputValue }
      type { ...TypeRef }
      isDeprecated
      deprecationReason
    }
    inputFields${withDeprecated} { ...InputValue }
    interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { ...TypeRef }
  }
  fragment InputValue on __InputValue {
    name
    description
    type { ...TypeRef }
    defaultValue
    ${isLegacy ? '' : 'isDeprecated deprecationReason'}
  }
  fragment TypeRef on __Type { ${typeReference(7)} }`;
}

export const toolIntrospections: readonly ToolIntrospection[] = [
  {
    tool: 'GraphiQL',
    accept: `${json}, multipart/mixed`,
    request: { query: getIntrospectionQuery({ inputValueDeprecation: true }), operationName },
    without: all,
  },
  {
    tool: 'GraphiQL as this gateway serves it',
    accept: `application/graphql-response+json, ${json}, multipart/mixed`,
    request: { query: getIntrospectionQuery({ inputValueDeprecation: true }), operationName },
    without: all,
  },
  {
    tool: 'Altair',
    accept: `${json}, text/plain, */*`,
    request: { query: getIntrospectionQuery({ descriptions: true }), variables: {}, operationName },
    without: all,
  },
  {
    tool: 'Altair with all its options',
    accept: `${json}, text/plain, */*`,
    request: {
      query: getIntrospectionQuery({
        descriptions: true,
        inputValueDeprecation: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        specifiedByUrl: true,
      }),
      variables: {},
      operationName,
    },
    without: ['oneOf'],
  },
  {
    tool: 'Insomnia',
    accept: '*/*',
    request: { query: getIntrospectionQuery(), operationName },
    without: all,
  },
  { tool: 'Voyager', accept: json, request: { query: getIntrospectionQuery() }, without: all },
  { tool: 'Rover', accept: '*/*', request: { query: roverQuery(false), variables: {} }, without: all },
  { tool: 'Rover for old servers', accept: '*/*', request: { query: roverQuery(true), variables: {} }, without: all },
  {
    tool: 'graphql-js with everything',
    accept: json,
    request: {
      query: getIntrospectionQuery({
        inputValueDeprecation: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        specifiedByUrl: true,
        oneOf: true,
      }),
    },
    without: [],
  },
];
