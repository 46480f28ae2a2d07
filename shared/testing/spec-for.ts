import { expect } from 'chai';
import type { Decider } from '#shared/kernel/decider.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Message } from '#shared/kernel/message.ts';
import { recorded } from './recorded.ts';

/**
 * Given the facts so far, when a command is handled, then these facts are added.
 * An accepted command is then handled a second time, and must add nothing: delivery is
 * at least once, so every command has to survive being repeated.
 */
export const specFor = <State, Command, Event, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
) => {
  const fold = (events: readonly Event[]) => events.reduce(decider.evolve, decider.initialState);

  return {
    given: (...history: Event[]) => ({
      when: (command: Command) => {
        const decision = decider.decide(command, fold(history));

        return {
          then: (...expected: Event[]) => {
            expect(decision).to.deep.equal({ outcome: 'accepted', events: expected });
            expect(
              decider.decide(command, fold([...history, ...expected])),
              'when repeated',
            ).to.deep.equal({ outcome: 'accepted', events: [] });
          },
          /** For what makes a thing: whoever asks for it anew is refused, and told why. */
          thenOnce: (...expected: Event[]) => {
            expect(decision).to.deep.equal({ outcome: 'accepted', events: expected });
            const again = decider.decide(command, fold([...history, ...expected]));
            return {
              thenRefused: (reason: Refusal) => {
                expect(again, 'when repeated').to.deep.equal({ outcome: 'refused', reason });
              },
            };
          },
          thenRefused: (reason: Refusal) => {
            expect(decision).to.deep.equal({ outcome: 'refused', reason });
          },
        };
      },
    }),
  };
};

/** Given these events, this is the row; no database needed, because a view is a fold. */
export const viewSpecFor = <Row, Event extends Message>(
  view: { evolve(row: Row | undefined, event: Recorded<Event>, key: string): Row | undefined },
  key = '',
) => ({
  given: (...events: Event[]) => {
    const row = recorded(events).reduce<Row | undefined>(
      (before, event) => view.evolve(before, event, key),
      undefined,
    );
    return {
      shows: (expected: Partial<Row>) => expect(row).to.deep.include(expected),
      showsNothing: () => expect(row).to.equal(undefined),
    };
  },
});
