import { cnpjOf } from '#shared/company/cnpj.ts';
import { Change, Opening, type CompanyCommand } from '#shared/company/commands.ts';
import { company, type Company, type CompanyRefusal } from '#shared/company/decider.ts';
import { companyEvents } from '#shared/company/events.ts';
import { CompanyId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { uniqueHandler, type Naming } from '#shared/kernel/handle-unique.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';

const refusals: Refusals<CompanyRefusal> = {
  'company-id-taken': { status: 409, title: 'There is a company with this id' },
  'company-not-found': { status: 404, title: 'No such company' },
};

const Shown = closed({ id: CompanyId, name: Type.String(), cnpj: Type.Optional(Type.String()) });

/** @throws {Rejected} when the check digits are wrong. */
const withDigits = <Body extends { readonly cnpj?: string }>(body: Body): Body => {
  if (body.cnpj === undefined) return body;
  const cnpj = cnpjOf(body.cnpj);
  if (cnpj !== undefined) return { ...body, cnpj };
  const message = 'is not a valid CNPJ';
  throw new Rejected(problems.invalid([{ pointer: '/cnpj', code: 'cnpj', message }]));
};

const shownAs = (id: string, state: Company) => {
  if (state.status === 'none') throw new Error('An accepted command left no company');
  const { name, cnpj } = state;
  return { id, name, ...(cnpj !== undefined && { cnpj }) };
};

/** A company is named by its id, and no id is ever free again. */
const openingOf = ({ id, ...details }: Opening, at: Instant): Naming<Company, CompanyCommand> => ({
  idOf: () => id,
  spent: () => false,
  commandFor: () => ({ type: 'OpenCompany', data: { companyId: id, ...details, at } }),
});

const openRoute = (eventStore: EventStore): Route => {
  const open = uniqueHandler(eventStore, 'company', companyEvents, company);
  return route({
    method: 'post',
    path: '/v1/companies',
    summary: 'Open a partner company under an id of your choice',
    access: ['admin'],
    body: Opening,
    answers: { 201: Shown },
    refusals,
    handle: async ({ body, at, asked }) => {
      const handled = await open(openingOf(withDigits(body), at), asked());
      const { id } = handled;
      const location = `/v1/companies/${encodeURIComponent(id)}`;
      return answer(handled, (state) => ({ status: 201, body: shownAs(id, state), location }));
    },
  });
};

/** Everything an administrator can do about companies. */
export const companyRoutes = ({ eventStore }: { readonly eventStore: EventStore }): Route[] => {
  const handle = commandHandler(eventStore, 'company', companyEvents, company);

  return [
    openRoute(eventStore),
    route({
      method: 'patch',
      path: '/v1/companies/{id}',
      summary: 'Change what a company is called, or its CNPJ',
      thing: 'company',
      access: ['admin'],
      params: { id: CompanyId },
      body: Change,
      answers: { 200: Shown },
      refusals,
      handle: async ({ params: { id }, body, at, asked }) => {
        const data = { companyId: id, ...withDigits(body), at };
        const handled = await handle(id, { type: 'ChangeCompany', data }, asked());
        return answer(handled, (state) => ({ status: 200, body: shownAs(id, state) }));
      },
    }),
  ];
};
