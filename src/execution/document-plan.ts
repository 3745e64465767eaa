/** Caches the plans of documents, which are parsed, validated and measured before their operations run. */
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type ValidationContext,
  type VariableNode,
  validate,
  visit,
} from 'graphql';
import { _createLRUCache as createLRUCache } from 'graphql-yoga';
import { shortDigest } from '../base/short-digest.ts';
import { walkDocument } from '../limits/document-walker.ts';
import { costOf } from '../limits/operation-cost.ts';
import type { OperationLimits } from '../limits/operation-limits.ts';
import { parseWithin } from '../limits/parse-limit.ts';
import { tooComplex } from '../limits/too-complex.ts';
import { capErrors, defaultErrorLimits, shortened } from './error-limits.ts';
import { type ExecutionPlan, planExecution, type VariableValues } from './execution-plan.ts';
import { withHttp } from './http-status.ts';

/** A document of a thousand tokens takes 0.4 MB when parsed. */
const maxPlans = 128;
const maxTextLength = 16_384;

/** The number of execution plans of one operation, for combinations of the variables of its `@skip` and `@include`. */
const maxExecutionPlans = 8;

/**
 * Caches plans by the text of their document: those used last, except for long texts and for documents that cannot run.
 */
export class DocumentPlans {
  readonly #schema: GraphQLSchema;
  readonly #limits: OperationLimits;
  readonly #kept = createLRUCache<DocumentPlan>({ max: maxPlans });

  constructor(schema: GraphQLSchema, limits: OperationLimits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  /** Checks the number of tokens before parsing, and all limits that need no variables before validation. */
  planOf(text: string): DocumentPlan | Faults {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    const parsed = this.#parsed(text);
    if ('faults' in parsed) return parsed;
    const faults = this.#faultsOf(parsed);
    if (faults.length > 0) return { isParsed: true, faults: faults.map(notValid) };
    const plan = new DocumentPlan(this.#schema, this.#limits, text, parsed);
    if (text.length <= maxTextLength) this.#kept.set(text, plan);
    return plan;
  }

  #parsed(text: string): DocumentNode | Faults {
    try {
      return parseWithin(this.#limits, text);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { isParsed: false, faults: [notParsed(shortened(error, defaultErrorLimits))] };
    }
  }

  #faultsOf(document: DocumentNode): readonly GraphQLError[] {
    const walk = walkDocument(document, this.#limits);
    if ('refused' in walk) return [tooComplex(walk.refused, this.#limits[walk.refused])];
    // "Did you mean" would help callers who guess at names.
    return capErrors(validate(this.#schema, document, undefined, { hideSuggestions: true }));
  }
}

/** Why a document cannot run. */
export interface Faults {
  readonly faults: readonly GraphQLError[];
  /** Whether the document was parsed: its faults then name parts of the schema, and not only syntax. */
  readonly isParsed: boolean;
}

const invalid = { status: 400, spec: true };

function notParsed(error: GraphQLError): GraphQLError {
  return withHttp(error, invalid, 'GRAPHQL_PARSE_FAILED');
}

function notValid(error: GraphQLError): GraphQLError {
  return withHttp(error, invalid, 'GRAPHQL_VALIDATION_FAILED');
}

/** A document that can run. */
export class DocumentPlan {
  readonly document: DocumentNode;
  readonly #schema: GraphQLSchema;
  readonly #text: string;
  readonly #operations: ReadonlyMap<string, OperationPlan>;
  #digest: string | undefined;
  #readsSchema: boolean | undefined;

  constructor(schema: GraphQLSchema, limits: OperationLimits, text: string, document: DocumentNode) {
    this.#schema = schema;
    this.#text = text;
    this.document = document;
    const nodes = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    this.#operations = new Map(
      nodes.map((node) => [node.name?.value ?? '', new OperationPlan(schema, limits, document, node)]),
    );
  }

  /** The operation of this name, or without a name the only one; undefined if there is no such operation. */
  operation(name: string | undefined): OperationPlan | undefined {
    if (name !== undefined) return this.#operations.get(name);
    const [first, ...others] = this.#operations.values();
    return others.length === 0 ? first : undefined;
  }

  /** The first 16 digits of the SHA-256 of the text, which identify the document in the log. */
  get digest(): string {
    this.#digest ??= shortDigest(this.#text);
    return this.#digest;
  }

  /** Whether the document selects `__schema`, `__type` or, of a subgraph, `_service`. */
  get readsSchema(): boolean {
    const rules = [NoSchemaIntrospectionCustomRule, noSubgraphRule];
    this.#readsSchema ??= validate(this.#schema, this.document, rules).length > 0;
    return this.#readsSchema;
  }
}

function noSubgraphRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (getNamedType(context.getType())?.name !== '_Service') return;
      context.reportError(new GraphQLError('The document reads the text of the subgraph.', { nodes: node }));
    },
  };
}

/** One operation of a document. */
export class OperationPlan {
  readonly node: OperationDefinitionNode;
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #maxNodes: number;
  #fixedCost: number | undefined;
  #conditions: readonly string[] | undefined;
  readonly #executionPlans = new Map<string, ExecutionPlan>();

  constructor(schema: GraphQLSchema, limits: OperationLimits, document: DocumentNode, node: OperationDefinitionNode) {
    this.#schema = schema;
    this.#document = document;
    this.#maxNodes = limits.nodes + limits.introspectionNodes;
    this.node = node;
  }

  /**
   * How a query, or an event of a subscription, is executed with these variables. Kept by the values of those that
   * `@skip` and `@include` name.
   */
  executionPlan(variables: VariableValues): ExecutionPlan {
    this.#conditions ??= conditionsOf(this.#document);
    const key = this.#conditions.map((name) => String(variables[name])).join();
    const known = this.#executionPlans.get(key);
    if (known !== undefined) return known;
    const plan = planExecution(this.#schema, this.#document, this.node, variables);
    if (this.#executionPlans.size < maxExecutionPlans) this.#executionPlans.set(key, plan);
    return plan;
  }

  /**
   * The cost in points with these variables, as the client sent them. Counted once for an operation without variables.
   */
  cost(variables: Readonly<Record<string, unknown>> | undefined): number {
    if ((this.node.variableDefinitions ?? []).length > 0) return this.#count(variables);
    this.#fixedCost ??= this.#count(undefined);
    return this.#fixedCost;
  }

  #count(variables: Readonly<Record<string, unknown>> | undefined): number {
    const { name } = this.node;
    const operation = { schema: this.#schema, document: this.#document, operationName: name?.value, variables };
    return costOf(operation, this.#maxNodes) ?? 1;
  }
}

/** The variables that decide what is selected. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const ofDirective = { Variable: ({ name }: VariableNode) => void names.add(name.value) };
  visit(document, {
    Directive: (node) => {
      if (node.name.value === 'skip' || node.name.value === 'include') visit(node, ofDirective);
    },
  });
  return [...names];
}
