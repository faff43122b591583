import type { View } from '../view.ts';

export interface Prediction {
  status: number;
  latencyMs: number;
  body: Uint8Array;
}

/** One answer: its bytes as they are. */
export function predictionView(prediction: Prediction): View {
  return { text: () => prediction.body, json: () => predictionJson(prediction) };
}

/** Answers whose lines were printed as they came. */
export function predictionListView(predictions: Prediction[]): View {
  return { text: () => [], json: () => predictions.map(predictionJson) };
}

/** Bytes that are no text travel as base64. */
function predictionJson({ status, latencyMs, body }: Prediction) {
  try {
    return { status, latencyMs, body: new TextDecoder('utf-8', { fatal: true }).decode(body) };
  } catch {
    return { status, latencyMs, bodyBase64: Buffer.from(body).toString('base64') };
  }
}
