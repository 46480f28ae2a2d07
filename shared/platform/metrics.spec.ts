import { expect } from 'chai';
import { StoreAway, StreamMoved } from '#shared/kernel/event-store.ts';
import { aThing, made, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { metrics, MOST_LABEL_VALUES } from './metrics.ts';

const started = () => {
  const all = metrics();
  const lines = async () => (await all.exposed()).text.split('\n');
  return {
    ...all,
    lines,
    /** What is counted under a name, by its labels. */
    counted: async (name: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await lines())
          .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
          .map((line) => [
            line.slice(name.length, line.lastIndexOf(' ')),
            Number(line.split(' ').at(-1)),
          ]),
      ),
  };
};

const request = { method: 'GET', route: '/v1/things/{id}', status: 200, seconds: 0.02 };

describe('Requests', () => {
  it('are counted and timed by method, route and status', async () => {
    const { observeRequest, counted } = started();
    observeRequest(request);
    observeRequest(request);
    observeRequest({ ...request, status: 404 });
    const labels = (status: number) => `{method="GET",route="/v1/things/{id}",status="${status}"}`;
    expect(await counted('http_requests_total')).to.deep.equal({
      [labels(200)]: 2,
      [labels(404)]: 1,
    });
    expect(await counted('http_request_duration_seconds_count')).to.include({ [labels(200)]: 2 });
  });

  it('cannot make labels without end', async () => {
    const { observeRequest, counted } = started();
    for (let n = 0; n < MOST_LABEL_VALUES + 50; n++)
      observeRequest({ ...request, method: n === 0 ? 'PROPFIND' : 'GET', route: `/v1/${n}` });
    const all = await counted('http_requests_total');
    expect(Object.keys(all)).to.have.lengthOf(MOST_LABEL_VALUES + 1);
    expect(all).to.include({
      '{method="other",route="/v1/0",status="200"}': 1,
      '{method="GET",route="other",status="200"}': 50,
    });
  });
});

describe('Appends', () => {
  const expected = 'no-stream';

  it('are counted and timed by what became of them, and go on as they are', async () => {
    const { measured, counted } = started();
    const eventStore = measured(inMemoryEventStore());
    const append = () =>
      eventStore.append(aThing, thingEvents, [made(), made()], { expected, meta });
    expect((await append()).revision).to.equal(1n);
    const { events } = await eventStore.read(aThing, thingEvents);
    expect(events).to.have.lengthOf(2);
    expect(await counted('eventstore_appends_total')).to.deep.equal({ '{outcome="written"}': 1 });
    expect(await counted('eventstore_events_appended_total')).to.deep.equal({ '': 2 });
    expect(await counted('eventstore_append_duration_seconds_count')).to.deep.equal({
      '{outcome="written"}': 1,
    });
  });

  it('are counted though they failed, and fail as they did', async () => {
    const { measured, counted } = started();
    for (const error of [new StreamMoved(aThing), new StoreAway('away'), new Error('bug')]) {
      const append = () => Promise.reject(error);
      const eventStore = measured({ ...inMemoryEventStore(), append });
      const options = { expected, meta } as const;
      const failed = eventStore.append(aThing, thingEvents, [made()], options);
      expect(await failed.catch((thrown: unknown) => thrown)).to.equal(error);
    }
    expect(await counted('eventstore_appends_total')).to.deep.equal({
      ...{ '{outcome="moved"}': 1, '{outcome="away"}': 1, '{outcome="failed"}': 1 },
    });
    expect(await counted('eventstore_events_appended_total')).to.deep.equal({ '': 0 });
  });
});

describe('Projections and effects', () => {
  it('show how far behind they are, and whether somebody has to see to it', async () => {
    const { showLag, recordEvents, counted } = started();
    showLag('activations', 'view', { positions: 70n, seconds: 1.5, parked: false });
    showLag('activations', 'view', { positions: 7n, seconds: 0.5, parked: true });
    recordEvents('activations', 'view', 3);
    const view = '{projection="activations",kind="view"}';
    expect(await counted('projection_lag_positions')).to.deep.equal({ [view]: 7 });
    expect(await counted('projection_lag_seconds')).to.deep.equal({ [view]: 0.5 });
    expect(await counted('projection_parked')).to.deep.equal({ [view]: 1 });
    expect(await counted('projection_events_total')).to.deep.equal({ [view]: 3 });
  });

  it('count attempts by how they ended', async () => {
    const { recordEffect, counted } = started();
    recordEffect('tell-customer', 'done', 0.2);
    recordEffect('tell-customer', 'parked', 9);
    expect(await counted('effect_attempts_total')).to.deep.equal({
      '{effect="tell-customer",outcome="done"}': 1,
      '{effect="tell-customer",outcome="parked"}': 1,
    });
  });

  it('show the effects there are now, and none that there were', async () => {
    const { showEffects, counted } = started();
    showEffects([
      { effect: 'tell-customer', status: 'PARKED', count: 2 },
      { effect: 'tell-customer', status: 'DONE', count: 5 },
    ]);
    showEffects([{ effect: 'tell-customer', status: 'DONE', count: 7 }]);
    expect(await counted('effects')).to.deep.equal({
      '{effect="tell-customer",status="DONE"}': 7,
    });
  });
});

describe('The exposition', () => {
  it('tells of the process too, and is of the type that Prometheus reads', async () => {
    const { ofTheProcess, exposed } = started();
    ofTheProcess();
    const { type, text } = await exposed();
    expect(type).to.match(/^text\/plain; version=0\.0\.4/);
    for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds'])
      expect(text).to.include(`# TYPE ${name} `);
  });
});
