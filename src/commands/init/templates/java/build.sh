#!/bin/sh
# Builds build/processor.tar.gz: processor.jar, and in lib/ the jars it needs.
#   ./build.sh        with javac alone; jars that it needs are those you put into lib/
#   ./build.sh maven  with Maven, which fetches what pom.xml names
set -eu
cd "$(dirname "$0")"
rm -rf build
mkdir -p build/classes build/lib
if [ "${1:-}" = maven ]; then
  mvn -q package
else
  for jar in lib/*.jar; do [ ! -e "$jar" ] || cp "$jar" build/lib/; done
  # For Java 8, so that it runs on every release; raise it together with the Java that runs it.
  find src -name '*.java' >build/sources
  javac -source 8 -target 8 -Xlint:-options -encoding UTF-8 -cp 'lib/*' -d build/classes @build/sources
  [ ! -d src/main/resources ] || cp -R src/main/resources/. build/classes/
  jar cf build/processor.jar -C build/classes .
fi
mkdir -p build/lib
tar czf build/processor.tar.gz -C build processor.jar lib
