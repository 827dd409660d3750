# Subshells, pipelines, substitution, redirection, jobs and traps.
x=outer
( x=inner; print "subshell: $x" )
print "afterwards: $x"
print "status of false: $(false; print $?)"
print one two three | while read a b c; do print "read: $c $b $a"; done
i=0
while (( i < 300 )); do print "line $i"; (( ++i )); done | {
	typeset -i count=0 length=0
	while read -r line; do (( ++count )); (( length += ${#line} )); done
	print "$count lines, $length characters"
}
while read -r line; do print "from a file: $line"; break; done < guests/data/sample.txt
print "to the error stream" >&2
print nowhere >/dev/null
( exit 7 ); print "exit status: $?"
sleepy() { return 3; }
sleepy || print "function status: $?"
( kill -TERM $BASHPID; print not reached )
print "killed: $?"
trap 'print trapped' USR1
kill -USR1 $$
( print in the background ) &
wait $!
print "waited: $?"
trap 'print at the end' EXIT
[[ -f guests/data/sample.txt && ! -e /no/such/file ]] && print "tests work"
print -- "files:" guests/data/*
eval 'print "evaluated $((6*7))"'
set -- a "b c" d
print "$# arguments:" "$@"
shift 2
print "left: $*"
exit 5
