/** What a stand-in server does with what comes next, so that a spec can provoke what it fears. */
export type Behaviours<Behaviour> = {
  /** For the next `times` requests, or for all until told otherwise. */
  readonly tell: (behaviour: Behaviour, times?: number) => void;
  /** What to do with this request. Uses up one time, unless what was told is not for this one. */
  readonly next: (isFor?: (behaviour: Behaviour) => boolean) => Behaviour;
  readonly current: () => { readonly behaviour: Behaviour; readonly timesLeft?: number };
};

export const behaviours = <Behaviour>(usual: Behaviour): Behaviours<Behaviour> => {
  let told = { behaviour: usual, timesLeft: Infinity };

  return {
    tell: (behaviour, times = Infinity) => {
      told = { behaviour, timesLeft: times };
    },
    next: (isFor = () => true) => {
      const { behaviour, timesLeft } = told;
      if (!isFor(behaviour)) return usual;
      told =
        timesLeft <= 1
          ? { behaviour: usual, timesLeft: Infinity }
          : { behaviour, timesLeft: timesLeft - 1 };
      return behaviour;
    },
    current: () => ({
      behaviour: told.behaviour,
      ...(told.timesLeft !== Infinity && { timesLeft: told.timesLeft }),
    }),
  };
};
