/** Why an item is in its category, in words. A reason is a code, and is stored with the item. */
const WORDS: Readonly<Record<string, string>> = {
  'same-id': 'Both sides have it under the same id',
  'same-pair': 'Document and amount agree; one side has no id for it',
  'same-sale': 'Document, time and total agree',
  'not-here': 'The statement has it, the log does not',
  'not-there': 'The log has it, the statement does not',
  'open-here': 'The statement has it; a sale of this document and amount is not accepted here',
  'open-there': 'Not accepted here, and the statement has this document and amount: do not resend',
  'id-again': 'The statement has this id more than once',
  'pair-again': 'The statement has this document and amount more often than the log',
  'sale-again': 'The statement has this document, time and total more often than the log',
  'other-day': 'It is a sale of another day than those asked for',
  'refused-here': 'We refused this sale; the statement has it',
  accepted: 'The partner had accepted it, and does not have it',
  uncertain: 'Nobody knows what became of it, and the statement does not have it',
  calculated: 'It is still to be forwarded, and the statement does not have it',
  failed: 'Forwarding was given up, and the statement does not have it',
  refused: 'We refused this sale',
  malformed: 'The line is no row: a quote that is not closed, or no object',
  columns: 'The row has more or fewer fields than the header',
  id: 'The id is too long, or has characters that no id has',
  document: 'The document is no valid CPF',
  amount: 'The amount is no decimal number with two places',
  'sold-at': 'The time of sale is no time',
};

const BY_CATEGORY: Readonly<Record<string, string>> = {
  AMOUNT_MISMATCH: 'Both sides have it under the same id, with different amounts',
  DOCUMENT_MISMATCH: 'Both sides have it under the same id, for different people',
  CONFIRMS_UNCERTAIN: 'Nobody knew what became of it; the statement has it',
};

export const reasonInWords = (category: string, reason: string): string =>
  BY_CATEGORY[category] ?? WORDS[reason] ?? reason;
