import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { erasures } from './erasures-view.ts';

const { given } = viewSpecFor(erasures);
const at = '2026-01-15T12:00:00.000Z' as Instant;
const about = { receiptId: derivedId('receipt'), subjectId: derivedId('subject') };

describe('The erasures view', () => {
  it('shows that somebody was erased, when and of what, and not who', () => {
    given({ type: 'PersonalDataErased', data: { ...about, what: ['name', 'email'], at } }).shows({
      ...{ erasure_id: about.receiptId, subject_id: about.subjectId, position: '0' },
      ...{ what: ['name', 'email'], erased_at: new Date(at) },
    });
  });
});
