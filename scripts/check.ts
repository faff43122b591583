import { runChecks } from './checks/run.ts';
import { end } from './say.ts';

/** `npm run check`: types and lint, nothing else. */
await end(async () => ((await runChecks()).failed > 0 ? 1 : 0));
