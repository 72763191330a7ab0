#!/bin/sh
# Runs a command as a container would: in a root of its own that holds the image, without rights, nothing to write to.
# Called within new mount and pid namespaces, with the capabilities to mount.
#   ROOT: an empty folder   TREE: what becomes /app   NODE: the program   WORKDIR, PRIVILEGES (of setpriv)   then the command
set -eu
root=$1 tree=$2 node=$3 workdir=$4 privileges=$5
shift 5

mount -t tmpfs -o mode=755 tmpfs "$root"
bind() { # what, where below the root: seen and not changed
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")"; : >"$root$2"; fi
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro,nosuid,nodev "$root$2"
}
bind "$tree" /app
bind "$node" /usr/local/bin/node
bind "$(command -v setpriv)" /usr/bin/setpriv
for libraries in /usr/lib /usr/lib64 /lib /lib64; do
  if [ -L "$libraries" ]; then cp -P "$libraries" "$root$libraries"
  elif [ -d "$libraries" ]; then bind "$libraries" "$libraries"; fi
done
for file in /etc/hosts /etc/resolv.conf; do [ ! -e "$file" ] || bind "$(realpath "$file")" "$file"; done
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/run"
for device in null zero random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
# Where a part of /proc is covered up, as in a container, a new one is refused to those who are not root.
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount -o remount,bind,ro "$root"

# shellcheck disable=SC2086 # several words
exec unshare --root="$root" --wd="$workdir" /usr/bin/setpriv $privileges "$@"
