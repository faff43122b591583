import { EasError } from '../../core/errors.ts';

/** What each status of the gateway means (serving.md a.7), and what to do next. */
const meanings: Record<number, { means: string; hint: string }> = {
  400: { means: 'the processor refused the data', hint: 'eascmd logs <service> shows what it said' },
  401: { means: 'the token is wrong or missing', hint: 'eascmd desc <service> shows the token' },
  404: { means: 'no service is reached at this address', hint: 'eascmd ls shows what there is' },
  408: {
    means: 'the request took longer than rpc.keepalive',
    hint: 'raise metadata.rpc.keepalive with eascmd modify',
  },
  429: { means: 'the rate limit is reached', hint: 'send more slowly, or raise metadata.rpc.rate_limit' },
  450: {
    means: 'the queue of the instance is full',
    hint: 'send fewer at once, or scale: eascmd modify <service> -Dmetadata.instance=<n>',
  },
  503: { means: 'no instance is ready', hint: 'eascmd w <service> shows the instances' },
};

/** The other body of 503: an instance had the request. */
const broken = {
  means: 'its instance ended, or broke the connection, before it answered',
  hint: 'eascmd w <service> shows restarts and their reasons, eascmd logs <service> what it printed',
};
const SHOWN_BODY_LINES = 20;

/** An answer that is not 200: status and body for stderr. `where` is e.g. `line 3 of the input`. */
export function predictionFailure(name: string, status: number, body: string, where?: string): EasError {
  const isBroken = status === 503 && body.startsWith('upstream connect error');
  const known = isBroken ? broken : meanings[status];
  const means = known?.means ?? (status >= 500 ? 'the service failed' : 'the service refused the request');
  const place = where ? ` for ${where}` : '';
  return new EasError({
    code: 'PredictionFailed',
    message: `Service [${name}] answered ${status}${place}: ${means}`,
    detail: body.trim() === '' ? [] : body.trimEnd().split('\n').slice(0, SHOWN_BODY_LINES),
    hint: (known?.hint ?? `eascmd logs <service> shows what it said`).replaceAll('<service>', name),
    status,
  });
}
