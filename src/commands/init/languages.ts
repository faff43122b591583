import type { ProcessorType } from '../../core/worker/spec.ts';
import makefile from './templates/cpp/Makefile' with { type: 'text' };
import processorCpp from './templates/cpp/processor.cpp' with { type: 'text' };
import buildSh from './templates/java/build.sh' with { type: 'text' };
import lineProcessor from './templates/java/LineProcessor.java' with { type: 'text' };
import pom from './templates/java/pom.xml' with { type: 'text' };
import app from './templates/python/app.py' with { type: 'text' };

// Bun's types take every import of .xml for a document.
const POM = pom as unknown as string;

export interface ProjectFile {
  /** Relative to the project, with `/`. */
  path: string;
  text: string;
  meaning: string;
  isExecutable?: boolean;
}

/** What a project of one language has besides what all have. */
export interface Language {
  title: string;
  files: ProjectFile[];
  /** The package as the project's build leaves it. */
  package: string;
  /** Fields of service.json that name the processor. */
  processor: Record<string, string>;
  /** Command that builds the package; none is needed for Python. */
  buildCommand: string | undefined;
  buildText: string;
}

export const languages: Record<ProcessorType, Language> = {
  cpp: {
    title: 'C++',
    files: [
      { path: 'processor.cpp', text: processorCpp, meaning: 'the processor' },
      { path: 'Makefile', text: makefile, meaning: 'builds the package' },
    ],
    package: 'build/processor.tar.gz',
    processor: { processor_entry: 'libprocessor.so' },
    buildCommand: 'make',
    buildText: `    make

makes \`build/processor.tar.gz\`, for this machine. The cloud runs Linux on x86-64, with an older C library than a recent
Linux has: build there, or in a container of an older one.`,
  },
  java: {
    title: 'Java',
    files: [
      {
        path: 'src/main/java/com/example/LineProcessor.java',
        text: lineProcessor,
        meaning: 'the processor',
      },
      {
        path: 'build.sh',
        text: buildSh,
        meaning: 'builds the package, with javac alone or with Maven',
        isExecutable: true,
      },
      { path: 'pom.xml', text: POM, meaning: 'for Maven and for editors; dependencies stand here' },
    ],
    package: 'build/processor.tar.gz',
    processor: { processor_entry: 'processor.jar', processor_mainclass: 'com.example.LineProcessor' },
    buildCommand: './build.sh',
    buildText: `    ./build.sh

makes \`build/processor.tar.gz\` with the JDK alone. Jars that the processor needs go into \`lib/\`; or name them in \`pom.xml\`
and run \`./build.sh maven\`. It is compiled for Java 8, so that it runs on any release.`,
  },
  python: {
    title: 'Python',
    files: [{ path: 'app.py', text: app, meaning: 'the processor' }],
    package: 'app.py',
    processor: { processor_entry: './app.py' },
    buildCommand: undefined,
    buildText: `There is nothing to build: \`app.py\` is the package. When it needs packages besides the standard library, make an
environment with \`eascmd pysdk init\` and pack it with \`eascmd pysdk pack\`.`,
  },
};
