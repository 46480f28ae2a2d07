import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { document, operation, resolved, type Operation } from '#shared/testing/a-thing-document.ts';

describe('The OpenAPI document', () => {
  it('is valid by the meta-schemas of 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).to.equal(undefined);
    expect(valid).to.equal(true);
    const broken = { ...structuredClone(document), paths: { '/a': { get: { responses: 7 } } } };
    expect((await new Validator().validate(broken)).valid).to.equal(false);
  }).timeout(30_000);

  it('says what it is of, and in which version', () => {
    expect(document).to.deep.include({ openapi: '3.1.0' });
    expect(document['info']).to.include({ title: 'Things', version: '1.2.3' });
    expect(document['tags']).to.deep.equal([{ name: 'things' }, { name: 'auth' }]);
  });

  it('has every route, each under a name of its own', () => {
    const all = Object.values(document.paths).flatMap((path) => Object.values(path)) as Operation[];
    expect(all.map(({ operationId }) => operationId)).to.have.members([
      ...['postThings', 'postThingsIdBreak', 'getThings', 'getThingsId'],
      ...['postAuthToken', 'deleteThingsId', 'getThingsNewest'],
    ]);
  });

  it('leads somewhere with every reference', () => {
    const lost: string[] = [];
    JSON.stringify(document, (_name, value: unknown) => {
      if (typeof value === 'object' && value !== null && '$ref' in value)
        if (Object.keys(resolved(value)).length === 0) lost.push(String(value.$ref));
      return value;
    });
    expect(lost).to.deep.equal([]);
  });

  it('shows the schemas that are checked, and nothing that is only ours', () => {
    const { content } = operation('post', '/v1/things').requestBody ?? {};
    expect(content).to.have.nested.property('application/json.schema.additionalProperties', false);
    expect(JSON.stringify(document)).not.to.include('"personal"');
  });

  it('says who may ask', () => {
    expect(operation('get', '/v1/things')).to.deep.include({
      security: [{ bearer: [] }],
      description: 'Roles: partner, auditor, admin.',
    });
    expect(operation('delete', '/v1/things/{id}').description).to.equal('Roles: admin.');
    expect(operation('get', '/v1/things/{id}')).to.deep.include({ security: [] });
  });

  it('shows which parameters there are, and which are needed', () => {
    const { parameters } = operation('get', '/v1/things');
    expect(parameters.slice(0, 3)).to.deep.equal([
      {
        ...{ name: 'limit', in: 'query', required: false },
        schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      },
      {
        ...{ name: 'cursor', in: 'query', required: false },
        schema: { type: 'string', minLength: 1, maxLength: 512 },
      },
      { name: 'size', in: 'query', required: false, schema: { type: 'integer' } },
    ]);
    expect(operation('get', '/v1/things/{id}').parameters[0]).to.deep.include({
      ...{ name: 'id', in: 'path', required: true },
    });
  });
});
