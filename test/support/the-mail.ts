/** A mail as the catcher shows it. */
export type CaughtMail = {
  readonly messageId: string;
  readonly to: unknown;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** What was caught, newest first. */
export const theMail = async (catcher: string): Promise<CaughtMail[]> => {
  const answer = await fetch(`${catcher}/messages`);
  const body = (await answer.json()) as CaughtMail[] | { readonly items: CaughtMail[] };
  return Array.isArray(body) ? body : body.items;
};

export const mailTo = async (catcher: string, address: string): Promise<CaughtMail[]> =>
  (await theMail(catcher)).filter(({ to }) => JSON.stringify(to).includes(address));
