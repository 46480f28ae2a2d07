/** Whose books a statement is from. */
export const SOURCES = ['cashback-api', 'erp'] as const;
export type Source = (typeof SOURCES)[number];

/** Every row of either side is in exactly one of its source's categories; in this order. */
export const CATEGORIES = {
  'cashback-api': [
    'MATCHED',
    'AMOUNT_MISMATCH',
    'DOCUMENT_MISMATCH',
    'MISSING_AT_PARTNER',
    'MISSING_IN_LOG',
    'DUPLICATE_AT_PARTNER',
    'CONFIRMS_UNCERTAIN',
    'UNCONFIRMED',
    'PENDING',
    'REFUSED',
    'OUTSIDE_PERIOD',
    'UNREADABLE',
  ],
  erp: [
    'MATCHED',
    'MISSING_AT_ERP',
    'MISSING_IN_LOG',
    'DUPLICATE_AT_ERP',
    'REFUSED',
    'OUTSIDE_PERIOD',
    'UNREADABLE',
  ],
} as const satisfies Record<Source, readonly string[]>;
export type Category = (typeof CATEGORIES)[Source][number];

export const ALL_CATEGORIES: readonly Category[] = [
  ...new Set<Category>([...CATEGORIES['cashback-api'], ...CATEGORIES.erp]),
];

/** Where both sides say the same: a cashback that we refused is one that the partner never had. */
const AGREED = {
  'cashback-api': new Set<string>(['MATCHED', 'REFUSED']),
  erp: new Set<string>(['MATCHED']),
} as const satisfies Record<Source, ReadonlySet<string>>;

/** Whether somebody has to look at what is in this category. */
export const isFinding = (source: Source, category: string): boolean =>
  !AGREED[source].has(category);

/** The categories of a source in which somebody has to look. */
export const findingsOf = (source: Source): readonly Category[] =>
  CATEGORIES[source].filter((category) => isFinding(source, category));

/** What has become of a finding since the report before of the same books and days. */
export const CHANGES = ['NEW', 'RECURRING', 'CLEARED'] as const;
export type Change = (typeof CHANGES)[number];
