import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { KeptRows } from '#shared/conciliation/ports.ts';
import { BadHeader } from '#shared/conciliation/records.ts';
import type { StatementId } from '#shared/ids.ts';
import { takingBeside } from './taking-beside.ts';
import { takingHere, type Sent, type TakeStatement } from './taking.ts';

const hashKey = Buffer.alloc(32, 3);
const HEADER = 'id,document,cashback,createdAt\n';
const ROW = '77,52998224725,14.00,2026-01-02T12:00:00Z\n';
/** Of 64 KiB: as many as are ahead, what waits to be as large as those, and what is read. */
const MOST_ASKED = 28;
const OTHERS = '78,"529.982.247-25",1,2026\nx\n\n,15350946056,2.50,\n';

const inPieces = async function* (text: string, size = 1_000) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
};
const sentAs = (bytes: Sent['bytes']): Sent => ({
  ...{ bytes, source: 'cashback-api', format: 'text/csv', key: Buffer.alloc(32, 4) },
  statementId: '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as StatementId,
});

/** All but what is sealed, which is never twice the same, as one list; however each row was read. */
const rowsOf = ({ rows, plain }: KeptRows) => [
  ...rows.map(({ line, id = '', amountInCents, at, subjectId, again, unreadable }) => ({
    ...{ line, id, at, unreadable, cents: amountInCents, again: again === true ? 1 : 0 },
    subject: subjectId?.replaceAll('-', ''),
  })),
  ...plain.flatMap((some) =>
    Array.from({ length: some.count }, (_, nth) => ({
      line: some.line[nth],
      unreadable: undefined,
      cents: some.cents[nth],
      again: some.again[nth],
      id: Buffer.from(some.bytes.subarray(some.idFrom[nth], some.idTo[nth])).toString(),
      at: Buffer.from(some.bytes.subarray(some.atFrom[nth], some.atTo[nth])).toString(),
      subject: Buffer.from(some.subjectIds)
        .subarray((some.person[nth] ?? 0) * 16, ((some.person[nth] ?? 0) + 1) * 16)
        .toString('hex'),
    })),
  ),
];
const takenBy = async (take: TakeStatement, bytes: Sent['bytes']) => {
  const { rows, read } = take(sentAs(bytes));
  const all: ReturnType<typeof rowsOf> = [];
  const people: string[] = [];
  for await (const some of rows) {
    all.push(...rowsOf(some));
    people.push(...some.documents.flatMap(({ subjectIds }) => subjectIds));
  }
  // How they are cut makes no difference but to their order.
  all.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  return { all, people: people.toSorted(), read: read() };
};
const failureOf = (taken: Promise<unknown>): Promise<unknown> =>
  taken.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Statements that are read in a thread of their own', function () {
  this.timeout(60_000);
  const beside = takingBeside(hashKey);

  it('come out as they would here, one after the other', async () => {
    for (const text of [`${HEADER}${ROW.repeat(500)}${OTHERS}`, `${HEADER}${OTHERS}`, HEADER]) {
      const here = await takenBy(takingHere(hashKey), inPieces(text));
      expect(await takenBy(beside, inPieces(text))).to.deep.equal(here);
    }
  });

  it('are refused as they would be here, and the next is read', async () => {
    const error = await failureOf(takenBy(beside, inPieces(`id,document\n${ROW.repeat(1_000)}`)));
    expect(error).to.be.instanceOf(BadHeader);
    expect(String(error)).to.match(/The header has no cashback/);
    const { read } = await takenBy(beside, inPieces(HEADER + ROW));
    expect(read.rows).to.equal(1);
  });

  it('end with their sender, who says why', async () => {
    const breakingOff = async function* () {
      yield await Promise.resolve(Buffer.from(HEADER + ROW));
      throw new RangeError('The sender went away');
    };
    expect(await failureOf(takenBy(beside, breakingOff()))).to.be.instanceOf(RangeError);
    expect((await takenBy(beside, inPieces(HEADER + ROW))).read.rows).to.equal(1);
  });

  it('are asked of their sender no faster than somebody takes them, and no longer', async () => {
    let asked = 0;
    let isOver = false;
    const endless = async function* () {
      try {
        yield await Promise.resolve(Buffer.from(HEADER));
        for (;;) {
          asked += 1;
          yield await Promise.resolve(Buffer.from(ROW.repeat(1_500)));
        }
      } finally {
        isOver = true;
      }
    };
    const { rows, read } = beside(sentAs(endless()));
    for await (const some of rows) {
      if (rowsOf(some).length === 0) continue;
      await wait(200);
      break;
    }
    expect(asked).to.be.within(1, MOST_ASKED);
    await wait(20);
    expect({ isOver, isMore: asked > MOST_ASKED }).to.deep.equal({ isOver: true, isMore: false });
    expect(read).to.throw(/not read to its end/);
  });
});
