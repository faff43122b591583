import { EasError } from '../core/errors.ts';
import type { EasApi } from '../core/service/api.ts';
import { maskSecrets } from '../ui/masking.ts';

/** `--debug`: each call of the API with its arguments, time and RequestId, secrets masked. */
export function traced(api: EasApi, note: (line: string) => void, now: () => number = Date.now): EasApi {
  return new Proxy(api, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'close') return member;
      return async (...args: unknown[]) => {
        const given = args.filter((arg) => arg !== undefined).map((arg) => JSON.stringify(maskSecrets(arg)));
        note(`[DEBUG] > ${String(name)} ${given.join(' ')}`);
        const startedAt = now();
        try {
          const reply = await Reflect.apply(member, target, args);
          note(`[DEBUG] < ${String(name)} ok, ${now() - startedAt} ms, RequestId: ${reply.RequestId ?? '-'}`);
          return reply;
        } catch (error) {
          const facts =
            error instanceof EasError ? `${error.code} ${error.status ?? ''}`.trim() : String(error);
          note(`[DEBUG] < ${String(name)} ${facts}, ${now() - startedAt} ms`);
          throw error;
        }
      };
    },
  });
}
