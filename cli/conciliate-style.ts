/** Of the page of a conciliation; it has to print well, too. */
export const STYLE = `
:root { --ink: #1d2733; --soft: #5d6b7a; --line: #e3e8ee; --paper: #fff; --agreed: #2f8f6b; --open: #d9822b; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f8; color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 32px auto; padding: 40px 48px; background: var(--paper); border-radius: 12px; box-shadow: 0 1px 4px rgb(20 30 40 / 12%); }
header { border-bottom: 3px solid var(--agreed); margin-bottom: 28px; }
.brand { margin: 0; letter-spacing: .18em; text-transform: uppercase; font-size: 12px; color: var(--soft); }
h1 { margin: 4px 0 0; font-size: 30px; } .lead { margin: 0 0 16px; color: var(--soft); font-size: 17px; }
h2 { margin: 36px 0 12px; font-size: 19px; } h3 { margin: 24px 0 8px; font-size: 14px; letter-spacing: .04em; }
h3 small { margin-left: 6px; padding: 1px 8px; border-radius: 9px; background: var(--open); color: #fff; }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; }
.tiles div { padding: 16px 20px; border: 1px solid var(--line); border-radius: 10px; color: var(--soft); }
.tiles b { display: block; font-size: 26px; color: var(--ink); }
figure { margin: 0 0 20px; } svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .name { text-anchor: end; fill: var(--soft); }
rect.agreed { fill: var(--agreed); } rect.open { fill: var(--open); }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th { white-space: nowrap; text-align: left; color: var(--soft); font-weight: 600; } th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.numbers th:not(:first-child), .numbers td:not(:first-child) { text-align: right; }
tfoot td { font-weight: 700; border-top: 2px solid var(--ink); }
dl { display: grid; grid-template-columns: 180px 1fr; gap: 4px 16px; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.more { color: var(--soft); }
@media print { body { background: none; } main { margin: 0; padding: 0; box-shadow: none; } tr { break-inside: avoid; } }
`;
