import Papa from 'papaparse';

/** How formulae begin. A number with a minus begins none: sums are read by people and programs. */
const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?$))/;

/**
 * Rows as CSV (RFC 4180), the last line ended as well; nothing for none. What a spreadsheet would
 * take for a formula has a quote put before it, so that nothing that others wrote is carried out
 * by whoever opens it.
 */
export const csvText = (rows: readonly (readonly unknown[])[]): string =>
  rows.length === 0
    ? ''
    : `${Papa.unparse([...rows] as unknown[][], { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
