/** Lints the schema and the documents of operations by the rules of GraphQL ESLint. Biome lints everything else. */
import graphqlPlugin from '@graphql-eslint/eslint-plugin';

const schema = 'schema.graphql';
const documents = 'docs/operations/*.graphql';

const withParser = {
  languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema, documents } } },
  plugins: { '@graphql-eslint': graphqlPlugin },
};

export default [
  {
    ...withParser,
    files: [schema],
    rules: {
      ...graphqlPlugin.configs['flat/schema-recommended'].rules,
      // What has an identity is a `Node`. All other types are values within one, such as a payload, a page or an address.
      '@graphql-eslint/strict-id-in-types': 'off',
      // `Asset.assetType` is the same as `DataSet.assetType`, and the service's own name.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
  { ...withParser, files: [documents], rules: graphqlPlugin.configs['flat/operations-recommended'].rules },
];
