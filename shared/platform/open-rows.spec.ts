import { expect } from 'chai';
import { seal } from '#shared/kernel/personal.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { openRows, type SealedColumns } from './open-rows.ts';

type Row = { readonly person: string; readonly email: string | null; readonly size: number };

const columns: SealedColumns<Row> = { subject: 'person', fields: [['email', 'customerEmail']] };

describe('Rows with personal columns', () => {
  const sealedFor = async (keys: ReturnType<typeof inMemoryKeys>, person: string, text: string) => {
    const key = (await keys.obtain([person])).get(person);
    if (!key) throw new Error('No key');
    return seal(text, key, { subjectId: person, field: 'customerEmail' });
  };

  it('are opened for those who are still on record, the rest of them as it was', async () => {
    const keys = inMemoryKeys();
    const rows = [
      { person: 'ana', email: await sealedFor(keys, 'ana', 'ana@example.com'), size: 1 },
      { person: 'bruno', email: await sealedFor(keys, 'bruno', 'bruno@example.com'), size: 2 },
    ];
    await keys.destroy('bruno');
    expect(await openRows(keys, columns, rows)).to.deep.equal([
      { person: 'ana', email: 'ana@example.com', size: 1 },
      { person: 'bruno', email: null, size: 2 },
    ]);
  });

  it('have nothing where nothing was kept', async () => {
    const keys = inMemoryKeys();
    await keys.obtain(['ana']);
    const rows = [{ person: 'ana', email: null, size: 1 }];
    expect(await openRows(keys, columns, rows)).to.deep.equal(rows);
  });
});
