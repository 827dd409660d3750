# A thousand steps of arithmetic and string expansion.
collatz() {
	typeset -i n=$1 steps=0
	while (( n != 1 )); do
		(( n = n % 2 ? 3 * n + 1 : n / 2 ))
		(( ++steps ))
	done
	echo $steps
}
typeset -i i=0 sum=0 h=5381
text=
while (( i < 1000 )); do
	(( sum += i * i ^ (i << 3) ))
	(( h = (h * 33 ^ i) & 0x7FFFFFFF ))
	text=${text}${i#${i%?}}
	if (( ${#text} > 40 )); then
		text=${text:20}
	fi
	case $i in
	(*00) print -r -- "$i: $sum $h $text" ;;
	(*7[0-4]) : ${text%%3*} ${text##*5} ;;
	esac
	(( ++i ))
done
print "sum=$sum hash=$h text=$text length=${#text}"
set -A squares 0 1 4 9 16 25
print "${squares[@]}" "${#squares[*]}" "${squares[3]}"
name=machine
print "${name/chi/tri}" "${name:2:3}" "${name:-none}" "${missing:-default}" ${name%%i*}
typeset -u upper=$name
print "$upper $(( 16#ff + 8#17 )) $(( -7 / 2 + -7 % 3 ))"
for n in 6 7 27 97; do
	print "$n takes $(collatz $n) steps"
done
