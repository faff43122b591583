import { connectEngine } from '../../../src/docker/engine/engine.ts';
import { hostOf } from '../scripted-eas.ts';

/** Prints as JSON what the engine has that tests use; run by engine.ts, which needs the answer without waiting. */
try {
  const engine = await connectEngine(
    hostOf([], { env: process.env, homeDir: process.env.HOME ?? '/' }),
    15_000,
  );
  const images = await engine.docker.listImages();
  // Podman calls what is of this machine localhost/….
  const names = images
    .flatMap(({ RepoTags: tags }) => tags ?? [])
    .map((tag) => tag.replace(/^localhost\//, '').replace(/:latest$/, ''));
  process.stdout.write(JSON.stringify({ images: names, runtimes: engine.info.runtimes }));
} catch (error) {
  process.stdout.write(JSON.stringify({ images: [], runtimes: [], missing: (error as Error).message }));
}
