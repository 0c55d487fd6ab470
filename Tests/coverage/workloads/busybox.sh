#!/bin/busybox sh
# shellcheck shell=dash
# A static shell and its own commands: each of them is the same static program once more.
export PATH=/bin:/usr/bin
mkdir -p a/b && echo text >a/b/file
find a -type f -exec busybox cat {} \; -exec sh -c 'exit 3' \; >/dev/null
seq 5 | xargs -n2 echo >/dev/null
for i in 1 2 3; do (busybox expr "$i" + 1; busybox false) | busybox cat >/dev/null; done
busybox tar cf a.tar a && busybox gzip a.tar && busybox gunzip -c a.tar.gz | busybox tar tf - >/dev/null
busybox env -i /bin/busybox sh -c '/bin/busybox true in a clean environment; /bin/true too'
busybox timeout 60 busybox sh -c 'exit 7'
busybox nohup busybox setsid busybox sh -c 'exit 8' >/dev/null 2>&1
busybox sh -c 'kill -9 $$' 2>/dev/null
(busybox sleep 0.3; busybox sh -c '/bin/true of an orphan') & busybox true
printf 'exit 6\n' >no-hash-bang
chmod +x no-hash-bang
./no-hash-bang
printf '#!/bin/busybox sh\nexec busybox sh -c "exec /bin/true replaced twice"\n' >script
chmod +x script
./script
busybox nice busybox sh -c 'busybox true; exec busybox sh -c "exit 9"'
no-such-program 2>/dev/null
./a/b/file 2>/dev/null
wait
exit 4
