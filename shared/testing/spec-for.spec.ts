import { AssertionError, expect } from 'chai';
import { accept, type Decider } from '#shared/kernel/decider.ts';
import { breaking, broken, given as handed, made, make, thing } from './a-thing.ts';
import { specFor, viewSpecFor } from './spec-for.ts';

describe('The grammar of specs', () => {
  const { given } = specFor(thing);

  it('holds a decider to the facts it adds, and to its refusals', () => {
    given().when(make()).then(made());
    given(made()).when(breaking()).then(broken());
    given().when(breaking()).thenRefused('thing-unknown');
    expect(() => {
      given(made()).when(breaking()).then(made());
    }).to.throw(AssertionError);
    expect(() => {
      given(made()).when(breaking()).thenRefused('thing-unknown');
    }).to.throw(AssertionError);
  });

  it('notices a decider that adds something when it is asked twice', () => {
    const forgetful: Decider<null, 'go', string, never> = {
      initialState: null,
      decide: () => accept('gone'),
      evolve: () => null,
    };
    expect(() => {
      specFor(forgetful).given().when('go').then('gone');
    }).to.throw(AssertionError, 'when repeated');
  });

  it('shows the row that events make', () => {
    const sizes = viewSpecFor<{ size: number; revision: bigint }, ReturnType<typeof made>>({
      evolve: (row, { type, data, revision }) => {
        if (type === 'ThingBroken') return undefined;
        return type === 'ThingMade' ? { size: data.size, revision } : row;
      },
    });
    sizes.given(made({ size: 3 }), handed()).shows({ size: 3, revision: 0n });
    sizes.given(made(), broken()).showsNothing();
    expect(() => sizes.given(made()).showsNothing()).to.throw(AssertionError);
  });
});
