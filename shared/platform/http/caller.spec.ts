import { expect } from 'chai';
import {
  mayUse,
  NOBODY,
  PERSONAL_DATA,
  ROLES,
  scopesOf,
  type Caller,
  type Role,
} from './caller.ts';

const who = (role: Role): Caller => ({ id: 'somebody', role, scopes: new Set() });
const those = (may: (role: Role) => boolean) => ROLES.filter(may);

describe('A caller', () => {
  it('may use a route that names their role; an admin may use every one', () => {
    expect(those((role) => mayUse(['analyst', 'erp'], who(role)))).to.have.members([
      ...['admin', 'analyst', 'erp'],
    ]);
    expect(those((role) => mayUse([], who(role)))).to.deep.equal(['admin']);
  });

  it('may be anybody where anyone may, and nobody elsewhere', () => {
    expect(mayUse('anyone', NOBODY)).to.equal(true);
    expect(mayUse(ROLES, NOBODY)).to.equal(false);
  });

  it('sees people by their role, or only their own', () => {
    const seeing = those((role) => scopesOf(role).includes(PERSONAL_DATA));
    expect(seeing).to.have.members(['admin', 'analyst', 'operator', 'customer-app']);
  });
});
