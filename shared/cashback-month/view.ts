// Projections write these, queries read them, nobody decides by them.

/** One row per reseller and month. */
export const resellerMonthsTable = 'reseller_months_view';
export const resellerMonthsView = 'reseller-months';

export type ResellerMonthRow = {
  /** `<reseller>/<month>` */
  readonly reseller_month: string;
  readonly reseller_id: string;
  readonly month: string;
  /** How many purchases count, and how much they come to. Amounts are bigints, in decimal. */
  readonly purchases: number;
  readonly purchased_in_cents: string;
  /** What the month would give under each percentage there is: every purchase rounded for itself. */
  readonly cashback_by_percent: Readonly<Record<string, number>>;
  readonly percent: string;
  readonly rule_set: string;
  readonly cashback_in_cents: string;
  /** What is booked in this month for earlier ones. */
  readonly adjustments_in_cents: string;
  /** From then on its sum, its percentage and its cashback stay as they are. */
  readonly granted_at: Date | null;
};

/** One row for everything that was put right after a month was closed. */
export const cashbackAdjustmentsTable = 'cashback_adjustments_view';
export const cashbackAdjustmentsView = 'cashback-adjustments';

export type CashbackAdjustmentRow = {
  /** The event's. */
  readonly adjustment_id: string;
  readonly reseller_id: string;
  /** The month in which it is booked, and the one that it is about. */
  readonly month: string;
  readonly about_month: string;
  readonly purchase_id: string;
  readonly adjustment_in_cents: string;
  readonly adjusted_at: Date;
  /** The order of lists. A bigint, in decimal. */
  readonly position: string;
};
