// What a command costs at the very least: a route that appends one event and answers.
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import express from 'express';

const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');

express()
  .use(express.json())
  .post('/', async (request, response) => {
    const body = request.body as { readonly customerMid: string };
    const event = jsonEvent({ type: 'BareSubmitted', data: body });
    const stream = `bare-${body.customerMid}`;
    const { nextExpectedRevision } = await client.appendToStream(stream, [event], {
      expectedRevision: NO_STREAM,
    });
    response.status(201).json({ revision: String(nextExpectedRevision) });
  })
  .listen(Number(process.env['PORT']), '127.0.0.1');

process.once('SIGTERM', () => {
  // Appends that nobody waits for any more are cut off, and need not be told of.
  process.exit();
});
