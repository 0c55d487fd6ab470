#!/bin/sh
# A commit with a hook, and what git starts for it.
set -e
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a
export GIT_COMMITTER_EMAIL=a@example.org GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git init -q .
printf '#!/bin/sh\ngit diff --cached --name-only | sort\n' >.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
echo text >file
git add file
git commit -q -m first
echo more >>file
# shellcheck disable=SC2016 # git's shell expands it
GIT_EDITOR='sh -c "echo second >\"$1\"" editor' git commit -q -a
git log --oneline --stat | cat >/dev/null
git gc -q
