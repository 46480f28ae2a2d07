/** Leaves with the given Message-ID, or throws and is tried again. */
export type SendMail = (mail: {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}) => Promise<void>;
