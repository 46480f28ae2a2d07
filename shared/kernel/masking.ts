/** `maria@example.com` as those see it who may not know: `m***@example.com`. */
export const maskedEmail = (email: string): string =>
  email.replace(
    /^(.)[^@]*(@.*)$/su,
    (_all, first: string, domain: string) => `${first}***${domain}`,
  );
