import { specFor } from '#shared/testing/spec-for.ts';
import {
  accountLocked,
  admit,
  aQuarterPast,
  revoke,
  sessionRevoked,
  signedIn,
  signInFailed,
  turnAway,
} from './examples.ts';
import { signIn } from './sign-in.ts';

const { given } = specFor(signIn);

describe('A sign-in', () => {
  it('is admitted', () => {
    given().when(admit()).thenOnce(signedIn()).thenRefused('sign-in-decided');
  });

  it('fails', () => {
    given().when(turnAway()).thenOnce(signInFailed()).thenRefused('sign-in-decided');
  });

  it('locks the account when it is one failure too many', () => {
    given()
      .when(turnAway(aQuarterPast))
      .thenOnce(signInFailed(), accountLocked())
      .thenRefused('sign-in-decided');
  });

  it('is decided once', () => {
    given(signedIn()).when(turnAway()).thenRefused('sign-in-decided');
    given(signInFailed()).when(admit()).thenRefused('sign-in-decided');
    given(signedIn(), sessionRevoked()).when(admit()).thenRefused('sign-in-decided');
  });

  it('that led to a session ends with it', () => {
    given(signedIn()).when(revoke()).then(sessionRevoked());
  });

  it('whose session was ended is not ended again for another reason', () => {
    given(signedIn(), sessionRevoked()).when(revoke('token-reused')).then();
  });

  it('that led to no session has none to end', () => {
    given().when(revoke()).thenRefused('session-not-found');
    given(signInFailed()).when(revoke()).thenRefused('session-not-found');
    given(signInFailed(), accountLocked()).when(revoke()).thenRefused('session-not-found');
  });
});
