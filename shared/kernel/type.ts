import type { Type as TypeBox } from 'typebox';

/**
 * What we use of TypeBox. Its types say what a schema reads; the schemas themselves are plain JSON,
 * and made here: the package comes as hundreds of modules, and every process of ours took longer to
 * load those than all else that it needs. The spec holds each of these against TypeBox's own.
 */
type Used = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Tuple'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>;

type Schema = Readonly<Record<string, unknown>>;

/** A word about a property, not about what stands in it: it is no part of the JSON. */
const OPTIONAL = Symbol('optional');

const optional = (schema: Schema): Schema => {
  const marked = { ...schema };
  Object.defineProperty(marked, OPTIONAL, { value: true });
  return marked;
};

const object = (properties: Readonly<Record<string, Schema>>, options: Schema = {}): Schema => {
  const required = Object.keys(properties).filter(
    (name) => !(OPTIONAL in (properties[name] ?? {})),
  );
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
};

/** Any key: a key is a string of at most these. */
const ANY_KEY = '^.*$';

const record = ({ pattern = ANY_KEY }: Schema, values: Schema, options: Schema = {}): Schema => ({
  type: 'object',
  patternProperties: { [String(pattern)]: values },
  ...options,
});

const tuple = (items: readonly Schema[], options: Schema = {}): Schema => ({
  type: 'array',
  additionalItems: false,
  items,
  minItems: items.length,
  ...options,
});

const of =
  (type: string) =>
  (options: Schema = {}): Schema => ({ type, ...options });

/** As TypeBox has it, in name, type and JSON. */
export const Type = {
  Array: (items: Schema, options: Schema = {}): Schema => ({ type: 'array', items, ...options }),
  Boolean: of('boolean'),
  Integer: of('integer'),
  Literal: (value: unknown, options: Schema = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Null: of('null'),
  Number: of('number'),
  Object: object,
  Optional: optional,
  Record: record,
  String: of('string'),
  Tuple: tuple,
  Union: (anyOf: readonly Schema[], options: Schema = {}): Schema => ({ anyOf, ...options }),
  Unknown: (options: Schema = {}): Schema => ({ ...options }),
  Unsafe: (schema: Schema): Schema => schema,
} as unknown as Used;
