/**
 * Thrown by an effect that knows that no further attempt would come out otherwise: it is parked at
 * once. The message is shown to operators; it names nobody.
 */
export class Permanent extends Error {
  override readonly name = 'Permanent';
}
