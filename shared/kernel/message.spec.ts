import { expect } from 'chai';
import {
  aPerson,
  firstRelicEvents,
  given,
  made,
  otherEvents,
  relicEvents,
  thingEvents,
} from '#shared/testing/a-thing.ts';
import { contract, together } from './message.ts';
import { personal } from './personal.ts';
import { Unreadable } from './schema.ts';
import { Type } from './type.ts';

const sealedName = 'sealed:1:AAAA';
const sealedData = { thingId: '1', subjectId: aPerson, name: sealedName };

describe('A contract', () => {
  it('reads what it declares', () => {
    expect(thingEvents.read('ThingMade', made().data)).to.deep.equal(made());
  });

  it('keeps what a newer writer added', () => {
    const data = { ...made().data, colour: 'red' };
    expect(thingEvents.read('ThingMade', data)?.data).to.deep.equal(data);
  });

  it('knows nothing of names that are not its own', () => {
    for (const name of ['OtherHappened', 'constructor', 'toString', '__proto__'])
      expect(thingEvents.read(name, {}), name).to.equal(undefined);
  });

  it('says where something is not what it was declared to be, and not what stood there', () => {
    const read = () => thingEvents.read('ThingMade', { thingId: 'secret', size: 'secret' });
    expect(read)
      .to.throw(Unreadable, '/size must be integer')
      .and.not.match(/secret/);
  });

  it('takes personal fields in clear, or sealed, or gone, but not one for the other', () => {
    const { read } = thingEvents;
    expect(read('ThingGiven', given().data)).to.deep.equal(given());
    expect(read('ThingGiven', given({ name: null }).data)).to.deep.equal(given({ name: null }));
    expect(read('ThingGiven', sealedData, { sealed: true })?.data).to.deep.equal(sealedData);
    expect(() => read('ThingGiven', given().data, { sealed: true })).to.throw(Unreadable);
  });

  it('names its personal fields, optional ones too', () => {
    expect(thingEvents.personalFields('ThingGiven')).to.deep.equal(['name', 'nickname']);
    expect(thingEvents.personalFields('ThingMade')).to.deep.equal([]);
    expect(thingEvents.personalFields('Unheard')).to.deep.equal([]);
  });

  it('cannot have personal fields of nobody', () => {
    const nobodys = () => contract('thing', { A: Type.Object({ name: personal(Type.String()) }) });
    expect(nobodys).to.throw('no subjectId');
  });

  it('makes today’s event of one from any version before', () => {
    const read = (data: object, version?: number) =>
      relicEvents.read('RelicFound', data, version === undefined ? {} : { version })?.data;
    expect(relicEvents.versionOf('RelicFound')).to.equal(3);
    expect(read({ relicId: '1', size: '7' })).to.deep.equal({ relicId: '1', sizeInMm: 70 });
    expect(read({ relicId: '1', sizeInCm: 7 }, 2)).to.deep.equal({ relicId: '1', sizeInMm: 70 });
    expect(read({ relicId: '1', sizeInMm: 7 }, 3)).to.deep.equal({ relicId: '1', sizeInMm: 7 });
    expect(() => read({ relicId: '1', size: '7' }, 3)).to.throw(Unreadable);
    expect(firstRelicEvents.versionOf('RelicFound')).to.equal(1);
  });
});

describe('Two contracts together', () => {
  const both = together(thingEvents, otherEvents);

  it('are one that reads what either does', () => {
    expect(both.read('ThingMade', made().data)).to.deep.equal(made());
    expect(both.read('OtherHappened', { otherId: '1' })?.type).to.equal('OtherHappened');
    expect(both.read('ThingUnheard', {})).to.equal(undefined);
    expect([...both.categories]).to.deep.equal(['thing', 'other']);
    expect(both.personalFields('ThingGiven')).to.deep.equal(['name', 'nickname']);
    expect(both.read('ThingGiven', sealedData, { sealed: true })?.data).to.deep.equal(sealedData);
  });

  it('keep their versions', () => {
    const relics = together(otherEvents, relicEvents);
    expect([relics.versionOf('RelicFound'), relics.versionOf('OtherHappened')]).to.deep.equal([
      3, 1,
    ]);
    const older = relics.read('RelicFound', { relicId: '1', sizeInCm: 7 }, { version: 2 });
    expect(older?.data).to.deep.equal({ relicId: '1', sizeInMm: 70 });
  });
});
