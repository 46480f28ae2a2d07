/** A process of ours: how it is started, and what it takes for itself. */
export type Program = {
  readonly name: string;
  /** Below the root of the checkout. */
  readonly main: string;
  /** The ports it listens on, by the variables that move them. */
  readonly ports: Readonly<Record<string, number>>;
  /** With all of these set, somebody else's server does its work, and it is not started. */
  readonly replacedBy?: readonly string[];
  /** Keeps what there is: everything else waits for it. */
  readonly first?: boolean;
  /** With this set it is wanted all the same. */
  readonly askedForBy?: string;
  /**
   * Gives way to the others when there is not enough of the machine for all: whoever asks for
   * something waits for an answer, and nobody waits for a mail in the same way.
   */
  readonly niceness?: number;
};

/** What a laptop has in place of real servers. */
export const embedded: readonly Program[] = [
  {
    name: 'eventstore',
    first: true,
    main: 'embedded/eventstore/main.ts',
    ports: { EMBEDDED_EVENTSTORE_PORT: 2113 },
    replacedBy: ['EVENTSTORE_URL'],
  },
  {
    name: 'postgres',
    first: true,
    main: 'embedded/postgres/main.ts',
    ports: { EMBEDDED_POSTGRES_PORT: 5455 },
    replacedBy: ['DATABASE_URL'],
  },
  {
    name: 'mqtt',
    main: 'embedded/mqtt/main.ts',
    ports: { EMBEDDED_MQTT_PORT: 1883 },
    replacedBy: ['MQTT_URL'],
  },
  {
    name: 'mail',
    niceness: 10,
    main: 'embedded/mail/main.ts',
    ports: { EMBEDDED_SMTP_PORT: 1025, EMBEDDED_MAIL_PORT: 8025 },
    replacedBy: ['SMTP_URL'],
  },
  {
    name: 'sandbox',
    niceness: 10,
    main: 'embedded/sandbox/main.ts',
    ports: { EMBEDDED_SANDBOX_PORT: 8090 },
    replacedBy: ['CASHBACK_API_URL', 'CASHBACK_BALANCE_URL', 'PRODUCT_API_URL'],
  },
  {
    name: 'equipment',
    niceness: 10,
    main: 'embedded/equipment/main.ts',
    ports: {},
    // Whoever has a broker has equipment.
    replacedBy: ['MQTT_URL'],
    askedForBy: 'EQUIPMENT_SIMULATOR',
  },
];

/** What of Lastro works without being asked. */
export const background: readonly Program[] = [
  {
    name: 'projections',
    niceness: 10,
    main: 'projections/main.ts',
    ports: { PROJECTIONS_PORT: 8082 },
  },
  {
    name: 'adapters',
    niceness: 5,
    main: 'adapters/main.ts',
    ports: { ADAPTERS_PORT: 8083 },
  },
];

/** What of Lastro answers: the last to be started, when there is something to answer from. */
export const apis: readonly Program[] = [
  { name: 'command-api', main: 'command-api/main.ts', ports: { COMMAND_API_PORT: 8080 } },
  { name: 'query-api', main: 'query-api/main.ts', ports: { QUERY_API_PORT: 8081 } },
];
