#!/bin/sh
# Reads a bundle and makes its HEAD the branch $1, whatever that was before; tells the commit that the branch is now.
set -eu
branch=refs/heads/$1
bundle=$(mktemp "$REPOSITORY.XXXXXX")
trap 'rm -f "$bundle"' EXIT
cat >"$bundle"
cd "$REPOSITORY"
git fetch --quiet --no-tags --no-write-fetch-head "$bundle" "+HEAD:$branch"
git symbolic-ref HEAD "$branch"
git rev-parse "$branch"
