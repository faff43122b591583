#!/bin/sh
# A container runtime for tests, registered under the name nvidia: does what runc does, and notes the environment that
# each container was given in the file `nvidia-record` beside this script.
bundle=
previous=
for word; do
  [ "$previous" != --bundle ] || bundle=$word
  previous=$word
done
if [ -n "$bundle" ]; then
  tr ',' '\n' <"$bundle/config.json" | sed -n 's/^.*"\(NVIDIA_[A-Z_]*=[^"]*\).*$/\1/p' >>"$(dirname "$0")/nvidia-record"
fi
exec runc "$@"
