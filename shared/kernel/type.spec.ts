import { expect } from 'chai';
import { Type as TypeBox } from 'typebox';
import { Type } from './type.ts';

/** Every constructor, in each of the ways in which a schema is written here. */
const schemas = (T: typeof Type) => ({
  Array: [T.Array(T.String()), T.Array(T.Null(), { maxItems: 3 })],
  Boolean: [T.Boolean(), T.Boolean({ default: true })],
  Integer: [T.Integer(), T.Integer({ minimum: 1, description: 'cents' })],
  Literal: [T.Literal('a'), T.Literal(1), T.Literal(true), T.Literal('a', { title: 'A' })],
  Null: [T.Null(), T.Null({ title: 'nothing' })],
  Number: [T.Number(), T.Number({ minimum: 0.5 })],
  Object: [
    T.Object({}),
    T.Object({ a: T.String({ minLength: 1 }), b: T.Optional(T.Integer()) }),
    T.Object({ b: T.Optional(T.Integer()) }, { additionalProperties: false }),
    T.Object({ inner: T.Object({ b: T.Optional(T.Unsafe<string>(T.Optional(T.String()))) }) }),
  ],
  Optional: [T.Optional(T.String({ title: 'A' })), T.Optional(T.Optional(T.Null()))],
  Record: [
    T.Record(T.String(), T.Unknown()),
    T.Record(T.String({ pattern: '^[A-Z]$' }), T.Number(), { minProperties: 1 }),
  ],
  String: [T.String(), T.String({ format: 'uuid' })],
  Tuple: [T.Tuple([T.String(), T.Null()]), T.Tuple([T.Integer()], { title: 'one' })],
  Union: [
    T.Union([T.Literal('a'), T.Literal('b')]),
    T.Union([T.String(), T.Null()], { default: null }),
  ],
  Unknown: [T.Unknown(), T.Unknown({ description: 'as it came' })],
  Unsafe: [T.Unsafe<string>({ type: 'string', enum: ['a'] })],
});

describe('A type', () => {
  const theirs: Readonly<Record<string, readonly unknown[]>> = schemas(TypeBox);

  for (const [name, ours] of Object.entries(schemas(Type)))
    it(`of the kind ${name} is the schema that TypeBox makes, to the order of its words`, () => {
      expect(ours.map((schema) => JSON.stringify(schema))).to.eql(
        (theirs[name] ?? []).map((schema) => JSON.stringify(schema)),
      );
    });

  it('is compared in each of its kinds', () => {
    expect(Object.keys(schemas(Type))).to.have.members(Object.keys(Type));
  });

  it('stays as it was where it is made optional elsewhere', () => {
    const name = Type.String();
    Type.Optional(name);
    expect(Type.Object({ name })).to.have.deep.property('required', ['name']);
  });
});
