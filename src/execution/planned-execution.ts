/**
 * Executes a planned query, or one event of a planned subscription. Results and errors are those of graphql-js (16.15),
 * also in their order, so promises are chained as there. Only errors that a fault of our own schema would cause have
 * other texts.
 */
import {
  defaultTypeResolver,
  type ExecutionResult,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  getArgumentValues,
  isObjectType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import type { ExecutionPlan, FieldPlan, OutputShape, SelectedFields, VariableValues } from './execution-plan.ts';
import { FieldInfo, type OperationRun, type Path } from './field-info.ts';

type MaybePromise = unknown;
type Fields = Record<string, unknown>;

export interface PlannedExecutionArgs {
  readonly plan: ExecutionPlan;
  /** Coerced. */
  readonly variables: VariableValues;
  readonly contextValue: unknown;
  readonly rootValue?: unknown;
}

/** As `execute` of graphql-js: never throws or rejects. */
export function executePlanned(args: PlannedExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  return new PlannedExecution(args).execute();
}

class PlannedExecution implements OperationRun {
  readonly plan: ExecutionPlan;
  readonly variables: VariableValues;
  readonly rootValue: unknown;
  readonly #contextValue: unknown;
  readonly #errors = new CollectedErrors();
  /** The arguments of a field are the same for each object. */
  readonly #arguments = new Map<FieldPlan, Fields>();

  constructor({ plan, variables, contextValue, rootValue }: PlannedExecutionArgs) {
    this.plan = plan;
    this.variables = variables;
    this.rootValue = rootValue;
    this.#contextValue = contextValue;
  }

  execute(): ExecutionResult | Promise<ExecutionResult> {
    try {
      const data = this.#fields(this.plan.rootFields(), this.rootValue, undefined);
      if (!isPromise(data)) return this.#result(data as Fields);
      return data.then(
        (resolved) => this.#result(resolved as Fields),
        (error: GraphQLError) => this.#failed(error),
      );
    } catch (error) {
      return this.#failed(error as GraphQLError);
    }
  }

  #result(data: Fields | null): ExecutionResult {
    const { errors } = this.#errors;
    return errors.length === 0 ? { data } : { errors, data };
  }

  #failed(error: GraphQLError): ExecutionResult {
    this.#errors.add(error, undefined);
    return this.#result(null);
  }

  #fields(selected: SelectedFields, source: unknown, parent: Path | undefined): MaybePromise {
    const results = emptyResults(selected);
    let hasPromise = false;
    try {
      for (const plan of selected.fields) {
        const { responseName } = plan;
        const path = { prev: parent, key: responseName, typename: plan.parentType.name };
        const result = this.#field(plan, source, path);
        results[responseName] = result;
        if (isPromise(result)) hasPromise = true;
      }
    } catch (error) {
      if (!hasPromise) throw error;
      // The other fields may also reject.
      return allOf(results, selected).finally(() => {
        throw error;
      });
    }
    return hasPromise ? allOf(results, selected) : results;
  }

  #field(plan: FieldPlan, source: unknown, path: Path): MaybePromise {
    const info = new FieldInfo(this, plan, path);
    try {
      const value = plan.resolve(source, this.#argumentsOf(plan), this.#contextValue, info);
      const completed = isPromise(value)
        ? value.then((resolved) => this.#complete(plan.shape, info, path, resolved))
        : this.#complete(plan.shape, info, path, value);
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#nullFor(plan.shape, plan, path, error))
        : completed;
    } catch (error) {
      return this.#nullFor(plan.shape, plan, path, error);
    }
  }

  #argumentsOf(plan: FieldPlan): Fields {
    if (plan.definition.args.length === 0) return noArguments;
    const known = this.#arguments.get(plan);
    if (known !== undefined) return known;
    const values = getArgumentValues(plan.definition, plan.nodes[0], this.variables);
    this.#arguments.set(plan, values);
    return values;
  }

  /** Null for a position that may be null; otherwise the error propagates to the parent position. */
  #nullFor({ isNullable }: OutputShape, { nodes }: FieldPlan, path: Path, raw: unknown): null {
    const error = locatedError(raw, nodes, responsePathAsArray(path));
    if (!isNullable) throw error;
    this.#errors.add(error, path);
    return null;
  }

  #complete(shape: OutputShape, info: FieldInfo, path: Path, value: unknown): MaybePromise {
    if (value instanceof Error) throw value;
    const completed = value == null ? null : this.#completeKind(shape, info, path, value);
    // A promise is of a list or an object, which is not null.
    if (completed === null && !shape.isNullable) throw nullError(info);
    return completed;
  }

  #completeKind(shape: OutputShape, info: FieldInfo, path: Path, value: unknown): MaybePromise {
    switch (shape.kind) {
      case 'leaf':
        return serialized(shape.type, value);
      case 'object':
        return this.#completeObject(shape.type, info, path, value);
      case 'abstract':
        return this.#completeAbstract(shape.type, info, path, value);
      case 'list':
        return this.#completeList(shape.items, info, path, value);
    }
  }

  #completeList(shape: OutputShape, info: FieldInfo, path: Path, value: unknown): MaybePromise {
    if (!isIterable(value)) throw notIterable(info);
    const items: MaybePromise[] = [];
    let hasPromise = false;
    try {
      for (const item of value) {
        const completed = this.#completeItem(shape, info, { prev: path, key: items.length, typename: undefined }, item);
        items.push(completed);
        if (isPromise(completed)) hasPromise = true;
      }
    } catch (error) {
      // Nothing waits for the other items any more, and an unhandled rejection of one would end the process.
      for (const item of items) if (isPromise(item)) item.catch(() => {});
      throw error;
    }
    return hasPromise ? Promise.all(items) : items;
  }

  #completeItem(shape: OutputShape, info: FieldInfo, path: Path, item: unknown): MaybePromise {
    try {
      const completed = isPromise(item)
        ? item.then((resolved) => this.#complete(shape, info, path, resolved))
        : this.#complete(shape, info, path, item);
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#nullFor(shape, info.plan, path, error))
        : completed;
    } catch (error) {
      return this.#nullFor(shape, info.plan, path, error);
    }
  }

  #completeAbstract(type: GraphQLAbstractType, info: FieldInfo, path: Path, value: unknown): MaybePromise {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const name = resolveType(value, this.#contextValue, info, type);
    const complete = (resolved: string | undefined) =>
      this.#completeObject(this.#runtimeType(resolved, type, info), info, path, value);
    return isPromise(name)
      ? name.then((resolved) => complete(resolved as string | undefined))
      : complete(name as string);
  }

  #runtimeType(name: string | undefined, type: GraphQLAbstractType, { plan }: FieldInfo): GraphQLObjectType {
    const { schema } = this.plan;
    const runtimeType = name === undefined ? undefined : schema.getType(name);
    if (isObjectType(runtimeType) && schema.isSubType(type, runtimeType)) return runtimeType;
    throw new GraphQLError(`Expected an object type of "${type.name}", received "${name}".`, { nodes: plan.nodes });
  }

  #completeObject(type: GraphQLObjectType, info: FieldInfo, path: Path, value: unknown): MaybePromise {
    const fields = () => this.#fields(info.plan.fieldsOf(type), value, path);
    const isOfType = type.isTypeOf?.(value, this.#contextValue, info) ?? true;
    if (isPromise(isOfType)) return isOfType.then((isIt) => (isIt === true ? fields() : refuse(type, info)));
    return isOfType ? fields() : refuse(type, info);
  }
}

/** Errors in the order of their appearance, except those below a position that is already null. */
class CollectedErrors {
  readonly errors: GraphQLError[] = [];
  readonly #positions = new Set<Path | undefined>();

  add(error: GraphQLError, path: Path | undefined): void {
    if (this.#isBelowNull(path)) return;
    this.#positions.add(path);
    this.errors.push(error);
  }

  #isBelowNull(start: Path | undefined): boolean {
    for (let path = start; path !== undefined; path = path.prev) if (this.#positions.has(path)) return true;
    return this.#positions.has(undefined);
  }
}

const noArguments: Fields = Object.freeze({});

/** An ordinary object is faster to fill and to print than one without a prototype, but cannot hold `__proto__`. */
function emptyResults({ hasProto }: SelectedFields): Fields {
  return hasProto ? Object.create(null) : {};
}

function allOf(results: Fields, selected: SelectedFields): Promise<Fields> {
  return Promise.all(Object.values(results)).then((values) => {
    const resolved = emptyResults(selected);
    for (const [index, name] of Object.keys(results).entries()) resolved[name] = values[index];
    return resolved;
  });
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Partial<Promise<unknown>> | null | undefined)?.then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function' && typeof value === 'object';
}

function nullError({ parentType, fieldName }: FieldInfo): Error {
  return new Error(`Cannot return null for non-nullable field ${parentType.name}.${fieldName}.`);
}

function serialized(type: GraphQLLeafType, value: unknown): unknown {
  const output: unknown = type.serialize(value);
  if (output == null) throw new Error(`Expected a value that ${type.name} can print, received another.`);
  return output;
}

function notIterable({ parentType, fieldName }: FieldInfo): GraphQLError {
  return new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${fieldName}".`);
}

function refuse({ name }: GraphQLObjectType, { plan }: FieldInfo): never {
  throw new GraphQLError(`Expected an object of the type "${name}", received another.`, { nodes: plan.nodes });
}
