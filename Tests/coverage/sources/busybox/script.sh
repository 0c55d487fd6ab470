# Run by a static busybox: its own applets, itself, and programs of the system.
echo "built in"
/bin/echo dynamic
/bin/sh -c '/bin/echo below dynamic; exit 3'
bin/busybox sh -c '/bin/true; exit 4'
bin/busybox env -i /usr/bin/env
bin/busybox seq 3 | bin/busybox sort | /usr/bin/tr 1 2
bin/busybox find . -maxdepth 1 -name 'script*' -exec /bin/echo {} \;
(exec bin/busybox sh -c 'exec /bin/sh -c "exec /bin/echo replaced twice"')
/bin/sh -c 'kill -9 $$'
bin/busybox timeout 60 /bin/sh -c 'exit 7'
exit 9
