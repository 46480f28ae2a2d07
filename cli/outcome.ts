import { StoreAway } from '#shared/kernel/event-store.ts';
import { BadConfig, EXIT_BAD_CONFIG } from '#shared/platform/config.ts';

/** The command was understood, and could not be carried out. */
export const EXIT_FAILED = 1;
/** Carried out, and what should be the same is not. */
export const EXIT_DIFFERENCES = 3;

/** What whoever started the command has to hear, in one line and without a stack. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

export type Output = { readonly json?: boolean };

/** One answer, for people or for programs. */
export const answer = ({ json }: Output, words: string, facts: object): void => {
  process.stdout.write(`${json ? JSON.stringify(facts) : words}\n`);
};

/** What is no fault of ours, and said in full by its message. */
const UNDERSTOOD = [BadConfig, Failed, StoreAway];

/** Carries a command out, and says in one line why if that was not possible. */
export const carryOut = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUnderstood = UNDERSTOOD.some((kind) => error instanceof kind);
    const said = isUnderstood ? error.message : (error.stack ?? error.message);
    process.stderr.write(`lastro: ${said}\n`);
    process.exitCode = error instanceof BadConfig ? EXIT_BAD_CONFIG : EXIT_FAILED;
  }
};
