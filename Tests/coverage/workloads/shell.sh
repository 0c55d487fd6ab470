#!/bin/sh
# Pipelines and subshells: programs at every place where a shell can start one.
printf 'b\na\n' | sort | tr '[:lower:]' '[:upper:]'
(cd / && pwd | cat; /bin/sh -c 'exit 3')
value=$(seq 3 | wc -l; date -u >/dev/null)
for i in 1 2 3; do /bin/echo "$i" "$value" 'zwei ü' '' >/dev/null; done
{ /bin/true && /bin/false; } || /bin/true
sh -c 'kill -9 $$' 2>/dev/null
sh -c 'kill -TERM $$' 2>/dev/null
find . -maxdepth 0 -exec /bin/echo {} \; -exec sh -c 'exit 4' \;
seq 4 | xargs -P2 -n1 /bin/echo >/dev/null
env -i /usr/bin/env /bin/true
(/bin/sh -c 'exit 5') & wait
exec_in_place() { exec /bin/sh -c 'exec /bin/echo replaced twice'; }
(exec_in_place)
# shellcheck disable=SC2016 # the script expands it
printf '#!/bin/sh\nexit "$1"\n' >script
chmod +x script
./script 6
printf '#!/usr/bin/env -S sh -e\nfalse\n' >./split
chmod +x split
./split one
/bin/echo "$(printf '\377\376')" >/dev/null
# shellcheck disable=SC2046 # many words are wanted
/bin/echo $(seq 300) >/dev/null
cat <<END | wc -c
$(/bin/echo in a document)
END
timeout 60 sh -c 'exit 7'
nohup setsid -w sh -c 'exit 8' >/dev/null 2>&1
no-such-program 2>/dev/null
exit 9
