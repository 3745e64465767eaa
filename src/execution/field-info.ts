/** Says to a resolver for which field of which operation it is called. */
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { ExecutionPlan, FieldPlan, VariableValues } from './execution-plan.ts';

export type Path = GraphQLResolveInfo['path'];

/** One execution of a plan. */
export interface OperationRun {
  readonly plan: ExecutionPlan;
  /** Coerced. */
  readonly variables: VariableValues;
  readonly rootValue: unknown;
}

/** Few resolvers read it, so it computes most of its members on access. One is created for each field of each object. */
export class FieldInfo implements GraphQLResolveInfo {
  readonly run: OperationRun;
  readonly plan: FieldPlan;
  readonly path: Path;

  constructor(run: OperationRun, plan: FieldPlan, path: Path) {
    this.run = run;
    this.plan = plan;
    this.path = path;
  }

  get fieldName(): string {
    return this.plan.definition.name;
  }

  get fieldNodes(): readonly FieldNode[] {
    return this.plan.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.plan.definition.type;
  }

  get parentType(): GraphQLObjectType {
    return this.plan.parentType;
  }

  get schema(): GraphQLSchema {
    return this.run.plan.schema;
  }

  get fragments(): { [key: string]: FragmentDefinitionNode } {
    return this.run.plan.fragments;
  }

  get rootValue(): unknown {
    return this.run.rootValue;
  }

  get operation(): OperationDefinitionNode {
    return this.run.plan.operation;
  }

  get variableValues(): { [variable: string]: unknown } {
    return this.run.variables;
  }
}
