import { expect } from 'chai';
import { reader } from './schema.ts';
import { Type } from './type.ts';

describe('An instant in what is read', () => {
  const read = reader(Type.String({ format: 'date-time' }));

  it('is any that RFC 3339 knows, on any day that there is', () => {
    for (const text of [
      ...['2026-01-15T12:00:00Z', '2026-01-15T12:00:00.123456Z', '2024-02-29T23:59:59Z'],
      ...['2026-01-31T00:00:00-03:00', '2026-12-31t23:59:60z', '0000-01-01T00:00:00Z'],
    ])
      expect(read(text)).to.equal(text);
  });

  it('is nothing else', () => {
    for (const text of [
      ...['2026-02-29T12:00:00Z', '2026-13-01T12:00:00Z', '2026-00-10T12:00:00Z'],
      ...['2026-01-00T12:00:00Z', '2026-04-31T12:00:00Z', '2026-01-15T24:00:00Z'],
      ...['2026-01-15T12:60:00Z', '2026-01-15T12:00:00', '2026-01-15', '2026-01-15T12:00:00.Z'],
      ...['x2026-01-15T12:00:00Z', '2026-01-15T12:00:00Z ', 'yesterday', ''],
    ])
      expect(() => read(text), text).to.throw('date-time');
  });
});
