#!/usr/bin/env bash
# Makes the base images of the docker tests in the engine that `docker` talks to: eascmd-test-cpp (Debian and nothing
# else), eascmd-test-python and eascmd-test-java. None is pulled; as root, with debootstrap and the Debian mirror of this
# machine. Archives are kept in a cache folder, so that the next engine gets them at once. EASCMD_ENGINE=podman fills podman.
set -euo pipefail

cache=${EASCMD_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/eascmd-test-images}
languages=${*:-cpp python java}
engine=${EASCMD_ENGINE:-docker}
suite=bookworm
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  sed -nE 's#^(URIs: *|deb (\[[^]]*\] )?)(https?://[^ ]*/debian/?)( .*)?$#\3#p' | sed -n 1p) || true
[ -n "$mirror" ] || { echo 'no Debian mirror is configured on this machine' >&2; exit 1; }
mkdir -p "$cache"
work=
trap '[ -z "$work" ] || { umount "$work/root/proc" 2>/dev/null || true; rm -rf "$work"; }' EXIT

packages() {
  case $1 in
    cpp) echo libstdc++6 ;;
    python) echo libstdc++6 python3-minimal libpython3-stdlib ;;
    java) echo default-jre-headless ;;
  esac
}

# root: a Debian to add packages to, made once.
root() {
  [ -z "$work" ] || return 0
  work=$(mktemp -d)
  if [ -f "$cache/base.tar" ]; then
    mkdir "$work/root" && tar -xpf "$cache/base.tar" -C "$work/root"
  else
    debootstrap --variant=minbase "$suite" "$work/root" "$mirror" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; return 1; }
    tar -cpf "$cache/base.tar.$$" -C "$work/root" . && mv "$cache/base.tar.$$" "$cache/base.tar"
  fi
}

archive() {
  local file=$cache/$1.tar
  [ ! -f "$file" ] || return 0
  root
  cp -a "$work/root" "$work/$1"
  mount -t proc proc "$work/$1/proc"
  # shellcheck disable=SC2046
  DEBIAN_FRONTEND=noninteractive chroot "$work/$1" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" && apt-get clean' \
    sh $(packages "$1") >"$work/log" 2>&1 || { umount "$work/$1/proc"; tail -n 5 "$work/log" >&2; return 1; }
  umount "$work/$1/proc"
  rm -rf "$work/$1/var/lib/apt/lists" "$work/$1/usr/share/doc" "$work/$1/usr/share/man"
  tar -cpf "$file.$$" -C "$work/$1" . && mv "$file.$$" "$file"
  rm -rf "${work:?}/$1"
}

for language in $languages; do
  $engine image inspect "eascmd-test-$language" >/dev/null 2>&1 && continue
  archive "$language"
  $engine import "$cache/$language.tar" "eascmd-test-$language" >/dev/null
  echo "made the image eascmd-test-$language" >&2
done
