import type { Acknowledgement } from '../../core/service/model.ts';
import type { ApiCaller, Call } from './caller.ts';
import { ApiError } from './errors.ts';

/** Deletes, also when an answer was lost: what the second attempt does not find any more, the first one deleted. */
export async function deleteOnce(
  caller: ApiCaller,
  call: Pick<Call, 'action' | 'path'>,
  gone: { isGone: (error: ApiError) => boolean; message: string },
): Promise<Acknowledgement> {
  let attempts = 0;
  try {
    const onAttempt = () => attempts++;
    const reply = await caller.call({ ...call, method: 'DELETE', isRepeatable: true, onAttempt });
    return reply as unknown as Acknowledgement;
  } catch (error) {
    if (!(error instanceof ApiError) || !gone.isGone(error) || attempts < 2) throw error;
    return { RequestId: error.requestId ?? '', Message: gone.message };
  }
}
