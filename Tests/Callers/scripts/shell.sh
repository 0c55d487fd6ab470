# What shells do with processes. Runs under bash and under dash; leaves with status 7.
echo "arguments: $# [$1] [$2] [$3]"
trap 'echo "exit trap, $?"' EXIT

echo '-- pipelines'
printf 'b\na\nb\n' | sort | uniq -c | sed 's/^ *//'
false | true; echo "last of the pipeline: $?"
seq 100000 | head -n 1
{ echo one; echo two >&2; } 2>&1 | cat

echo '-- subshells'
(cd / && pwd; exit 3); echo "subshell: $?"
value=$(echo inner; exit 4); echo "substitution: $? [$value]"
(/bin/true; exec /bin/sh -c 'exit 5'); echo "exec in a subshell: $?"
: "$(/bin/echo unused)" `/bin/true`

echo '-- failures'
no-such-program-anywhere 2>/dev/null; echo "not found: $?"
./missing/program 2>/dev/null; echo "not found by path: $?"
echo 'exit 6' >plain; ./plain 2>/dev/null; echo "not executable: $?"
/etc 2>/dev/null; echo "a folder: $?"
chmod +x plain; ./plain; echo "without a first line: $?"
printf '#!/nonexistent/interpreter\n' >bad; chmod +x bad
./bad 2>/dev/null; echo "bad interpreter: $?"

echo '-- signals'
{ sh -c 'kill -9 $$'; } 2>/dev/null; echo "killed: $?"
{ sh -c 'kill -TERM $$'; } 2>/dev/null; echo "terminated: $?"
(trap 'echo caught; exit 9' USR1; sh -c 'kill -USR1 $PPID'; echo unreachable); echo "trapped: $?"
trap '' INT; sh -c 'kill -INT $$; echo survived'; trap - INT

echo '-- documents'
cat <<END
a here-document with $((6 * 7))
END
cat <<'END' | tr a-z A-Z
$untouched
END

echo '-- background'
(exit 8) & wait $!; echo "waited: $?"
/bin/sh -c 'exit 9' & wait $!; echo "waited for a program: $?"
{ sh -c 'kill -TERM $$' & wait $!; } 2>/dev/null; echo "killed in the background: $?"
wait; echo "waited for all: $?"

echo '-- redirections'
exec 3>three; echo to three >&3; exec 3>&-; cat three
/bin/echo to nowhere >&- 2>/dev/null; echo "closed output: $?"
cat <&- 2>/dev/null; echo "closed input: $?"
/bin/echo into a file >file; cat file

echo '-- environment'
LETTER=x sh -c 'echo "letter $LETTER"'
env -i /bin/sh -c 'echo "inherited: [$HOME]"'
env -i env
unset PATH; /bin/true; echo "without PATH: $?"
exit 7
